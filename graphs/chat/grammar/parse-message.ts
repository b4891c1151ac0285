import { questionForms } from "./forms/questions.ts";
import { viewForms } from "./forms/views.ts";
import { firstWishForms, wishForms } from "./forms/wishes.ts";
import type { Intent } from "./intent.ts";
import { tidy } from "./tidy.ts";

/** A command with its argument, `why m24`: the same words as on the command line and in slash commands. */
const commands: Readonly<Record<string, (rest: string) => Intent>> = {
  why: (about) => ({ kind: "why", about }),
  compare: (rest) => {
    const [a = "", b = ""] = rest.split(/\s*(?:,|\s)\s*/);
    return { kind: "compare", a, b };
  },
  recipe: (about) => ({ kind: "recipe", about }),
  lineage: (about) => ({ kind: "plot", figure: "lineage", about }),
  tail: (about) => ({ kind: "tail", about }),
};

/** Longer messages hold more than one wish: a language model may read them, a grammar must not guess. */
const longestMessage = 400;

/** Reads what a person wants from their words; null when it is none of the known sentences. Pure, no language model. */
export function parseMessage(message: string): Intent | null {
  const said = tidy(message);
  if (said === "" || said.length > longestMessage || said.includes("\n")) return null;
  const text = said.toLowerCase();
  const [, name = "", rest = ""] = /^([a-z]+) ((?:m\d+|trial #?\d+|#?\d+|best|this)(?:[ ,]+(?:m\d+|#?\d+|best|base))*)$/.exec(text) ?? [];
  const command = commands[name];
  if (command !== undefined) return command(rest);
  for (const form of [...firstWishForms, ...questionForms, ...viewForms, ...wishForms]) {
    const intent = form(text, said);
    if (intent !== null) return intent;
  }
  return null;
}
