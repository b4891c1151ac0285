import type { Message } from "discord.js";
import type { Chat, ChatReply, ReplySubject } from "#graphs/chat/chat.ts";
import type { JobLogger } from "#tools/job-context.ts";
import type { Person } from "#src/approval/person.ts";
import type { KeptAnswer, ShownMessage } from "#src/store/messages.ts";
import type { AttachedFile } from "../command.ts";
import type { Desk } from "../desk.ts";
import { requireRole } from "../require-role.ts";
import type { AnswerFile } from "../answer.ts";
import { piecesOf } from "../interactions/send-answer.ts";
import { type Board, platform } from "../keeper/board.ts";
import type { CardShow } from "../keeper/card-show.ts";
import type { People } from "../people.ts";
import type { RunGuilds } from "../run-guilds.ts";
import { escapeLine } from "../render/escape.ts";
import { renderError } from "../render/render-error.ts";
import { words, type MessageContent } from "../wire/message-content.ts";
import { nonceOf } from "../wire/nonce.ts";
import type { Wire } from "../wire/wire.ts";
import { hear, type Heard } from "./hear.ts";
import { subjectOf } from "./subject-of.ts";

interface TalkOptions {
  desk: Desk;
  chat: Chat;
  board: Board;
  cards: CardShow;
  people: People;
  runGuilds: RunGuilds;
  wire: Wire;
  log: JobLogger;
  /** The owner allows talk without a mention in the threads of runs. */
  freeTalk: boolean;
  self: () => string;
}

type Answered = Pick<Heard, "id" | "channel">;

const eyes = "👀";
/** Discord shows "typing…" for ten seconds. */
const typingEveryMs = 8000;
const patienceMs = 5 * 60_000;
/** The later messages of an answer are noted beside the first one, which has the id of what is answered. */
const pieceSubject = (answered: string, index: number) => (index === 0 ? answered : `${answered}:${index}`);
/** True for a message that continues an answer. */
export const isLaterPiece = (subject: string) => subject.includes(":");
const unexpected = "Something unexpected happened; the log of `temper serve` says more. Nothing was changed.";

/** Answers what people say to the bot. Each message is noted before it is answered, so that none is answered twice. */
export class Talk {
  readonly #options: TalkOptions;
  readonly #busy = new Set<string>();

  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /** Answers a message, when it is meant for the bot. */
  async on(message: Message): Promise<void> {
    const { desk, freeTalk, self } = this.#options;
    if (message.author.bot || this.#busy.has(message.id)) return;
    const thread = await desk.store.messages.threadIn(platform, message.channelId);
    const heard = hear(message, { self: self(), isFreeTalk: freeTalk && thread !== null });
    if (heard === null) return;
    this.#busy.add(message.id);
    try {
      await this.#answer(message, heard, thread?.runId ?? null);
    } finally {
      this.#busy.delete(message.id);
    }
  }

  /** Posts what is missing of an answer that another process began to post. */
  async goOn({ subject, channel, runId, answer }: ShownMessage): Promise<void> {
    if (answer === null || this.#busy.has(subject)) return;
    this.#busy.add(subject);
    try {
      await this.#send({ id: subject, channel }, runId, answer);
    } finally {
      this.#busy.delete(subject);
    }
  }

  async #answer(message: Message, heard: Heard, runId: string | null): Promise<void> {
    const { store } = this.#options.desk;
    // Before anything is noted: another process may hold the database for a moment. Eyes that are there already stay as they are.
    const stopTyping = this.#showAttention(heard);
    try {
      const nonce = nonceOf("reply", heard.id, heard.channel);
      const row = await store.messages.reserve({ platform, kind: "reply", subject: heard.id, runId, channel: heard.channel, nonce });
      if (row.state !== "open") return;
      await this.#send(heard, runId, row.answer ?? (await this.#keep(row, await this.#replyTo(message, heard, runId))));
    } finally {
      stopTyping();
    }
  }

  /** 👀 and "typing…", at once and until the answer is there. That they fail is no reason not to answer. */
  #showAttention({ channel, id }: Heard): () => void {
    const { wire } = this.#options;
    const type = () => void wire.typing(channel).catch(() => undefined);
    void wire.react(channel, id, eyes).catch(() => undefined);
    type();
    const timer = setInterval(type, typingEveryMs);
    return () => clearInterval(timer);
  }

  async #replyTo(message: Message, heard: Heard, runId: string | null): Promise<ChatReply> {
    const { chat, people, runGuilds, desk, log } = this.#options;
    try {
      const { person, guilds } = await people.of(message.author, message.guild, message.member);
      const [file] = heard.files;
      if (file !== undefined) return await this.#startFrom(file, person);
      const replyTo: ReplySubject | null = heard.replyTo === null ? null : await subjectOf(desk.store, heard.replyTo);
      const thread = `chat:${platform}:${heard.channel}`;
      const store = runGuilds.within(guilds);
      return await chat.reply({ thread, store, person, text: heard.text, runId, replyTo, signal: AbortSignal.timeout(patienceMs) });
    } catch (error) {
      const known = renderError(error);
      if (known === null) log.warn({ error, channel: heard.channel }, "A message could not be answered.");
      return saying(known ?? unexpected);
    }
  }

  /** A run config that came along is a wish for a run. */
  async #startFrom(file: AttachedFile, person: Person): Promise<ChatReply> {
    requireRole(person, "operator", "start a run");
    const { wishes } = this.#options.desk;
    const proposal = await wishes.start({ config: null, file, trials: null, steps: null, deviceHours: null, name: null }, person);
    return { ...saying("Here is the plan. Nothing starts before somebody presses Start."), proposal, understood: true };
  }

  /** Writes an answer down before any of it is posted: whoever is killed in between need not ask again. */
  async #keep(row: ShownMessage, reply: ChatReply): Promise<KeptAnswer> {
    const answer = { text: textOf(reply), picture: reply.picture, proposal: reply.proposal };
    await this.#options.desk.store.messages.update(row, { answer });
    return answer;
  }

  async #send(heard: Answered, runId: string | null, answer: KeptAnswer): Promise<void> {
    const { cards, desk } = this.#options;
    const files = await this.#filesOf(answer);
    const pieces = piecesOf({ text: answer.text, files, proposal: null });
    for (const [index, { content, files: attached }] of pieces.entries()) {
      const named = attached.map(({ name, attachment }) => ({ name, content: attachment }));
      await this.#post(heard, runId, index, words(content, { files: named }));
    }
    if (answer.proposal !== null) await cards.showProposal(answer.proposal, heard.channel, runId);
    await desk.store.messages.update({ platform, kind: "reply", subject: heard.id }, { answer: null, state: "settled" });
    desk.wake();
  }

  /** Posts one message of an answer, unless that was done. The first stays open until the last is there. */
  async #post({ id, channel }: Answered, runId: string | null, index: number, content: MessageContent): Promise<void> {
    const { board, desk } = this.#options;
    const subject = pieceSubject(id, index);
    const known = await desk.store.messages.find(platform, "reply", subject);
    if (known !== null && known.message !== null) return;
    const place = index === 0 ? { replyTo: id } : { after: id };
    await board.show({ kind: "reply", subject, runId, channel, content, isLast: index > 0, ...place });
  }

  async #filesOf({ picture }: KeptAnswer): Promise<AnswerFile[]> {
    if (picture === null) return [];
    const content = await this.#options.desk.pictures.draw(picture).catch(() => null);
    return content === null ? [] : [{ name: "picture.png", content }];
  }
}

function saying(text: string): ChatReply {
  return { text, picture: null, proposal: null, sources: [], suggestions: [], understood: false };
}

/** The answer, and what may be asked next. */
function textOf({ text, suggestions }: ChatReply): string {
  if (suggestions.length === 0) return text;
  return `${text}\nAsk: ${suggestions.map((each) => `*${escapeLine(each, 80)}*`).join(" · ")}`;
}
