import { UserInputError } from "../errors.ts";
import type { Directive } from "../memory/directive.ts";
import type { Run, Store } from "../store/store.ts";
import { knownWords } from "./steering/known-words.ts";
import { parseWish } from "./steering/parse-wish.ts";

const examples =
  '"stop merging m3", "ban gsm8k", "prefer dpo", "math matters twice as much", "cap 2 device-hours per trial", "focus on short answers"';

/**
 * Adds a person's standing wish; the run honours it from the next decision on.
 * @throws UserInputError with examples and what exists, when the words cannot be read.
 */
export async function steer(
  store: Store,
  run: Pick<Run, "id" | "name" | "config">,
  { text, author }: { text: string; author: string },
): Promise<Directive> {
  const known = knownWords(run, await store.objects.models(run.id), await store.objects.datasets(run.id));
  const wish = parseWish(text, known);
  if (!wish.understood) {
    throw new UserInputError(`${wish.problem} Examples: ${examples}. ${run.name} has ${known.describe}.`, { text });
  }
  return store.transaction(async (inside) => {
    const directive = await inside.directives.add(run.id, { author, text: text.trim(), body: wish.body });
    await inside.events.append({
      runId: run.id,
      kind: "directive-add",
      actor: author,
      trial: null,
      text: `${author} asked: "${directive.text}".`,
      fields: { directive: directive.id, body: wish.body },
    });
    return directive;
  });
}
