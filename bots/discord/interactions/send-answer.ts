import { MessageFlags, type ChatInputCommandInteraction, type ButtonInteraction, type ModalSubmitInteraction } from "discord.js";
import type { Answer } from "../answer.ts";
import { splitText } from "../render/split-text.ts";

type Deferred = ChatInputCommandInteraction | ButtonInteraction | ModalSubmitInteraction;

/** More than this is a file. */
const mostMessages = 3;

/** Messages of a long answer; what is longer still comes as a file beside its beginning. */
export function piecesOf({ text, files }: Answer): { content: string; files: { name: string; attachment: Buffer }[] }[] {
  const all = splitText(text);
  const attached = files.map(({ name, content }) => ({ name, attachment: content }));
  if (all.length > mostMessages) {
    const whole = { name: "answer.md", attachment: Buffer.from(text) };
    return [{ content: all[0] ?? "", files: [...attached, whole] }];
  }
  return all.map((content, index) => ({ content, files: index === all.length - 1 ? attached : [] }));
}

/** Answers an interaction that was acknowledged with a deferred reply. */
export async function sendAnswer(interaction: Deferred, answer: Answer): Promise<void> {
  const [first = { content: "Done.", files: [] }, ...others] = piecesOf(answer);
  await interaction.editReply(first);
  const flags = interaction.ephemeral === true ? ({ flags: MessageFlags.Ephemeral } as const) : {};
  for (const piece of others) await interaction.followUp({ ...piece, ...flags });
}
