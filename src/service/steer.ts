import { UserInputError } from "../errors.ts";
import type { Directive, DirectiveBody } from "../memory/directive.ts";
import type { Run, Store } from "../store/store.ts";
import { knownWords } from "./steering/known-words.ts";
import { parseWish } from "./steering/parse-wish.ts";

const examples =
  '"stop merging m3", "ban gsm8k", "prefer dpo", "math matters twice as much", "cap 2 device-hours per trial", "no run over 2 GPU-hours at night", "focus on short answers"';

type SteeredRun = Pick<Run, "id" | "name" | "config">;

/**
 * Reads a person's wish in the words of a run.
 * @throws UserInputError with examples and what exists, when the words cannot be read.
 */
export async function readWish(store: Store, run: SteeredRun, text: string, timeZone: string | null = null): Promise<DirectiveBody> {
  const known = knownWords(run, await store.objects.models(run.id), await store.objects.datasets(run.id));
  const wish = parseWish(text, known, timeZone);
  if (wish.understood) return wish.body;
  throw new UserInputError(`${wish.problem} Examples: ${examples}. ${run.name} has ${known.describe}.`, { text });
}

/**
 * Adds a person's standing wish; the run honours it from the next decision on.
 * @throws UserInputError with examples and what exists, when the words cannot be read.
 */
export async function steer(store: Store, run: SteeredRun, { text, author }: { text: string; author: string }): Promise<Directive> {
  const body = await readWish(store, run, text);
  return store.transaction((inside) => addDirective(inside, run, { text: text.trim(), author, body }));
}

/** Stores a wish that was read before. To be called in a transaction. */
export async function addDirective(
  store: Store,
  run: Pick<Run, "id">,
  { text, author, body }: { text: string; author: string; body: DirectiveBody },
): Promise<Directive> {
  const directive = await store.directives.add(run.id, { author, text, body });
  await store.events.append({
    runId: run.id,
    kind: "directive-add",
    actor: author,
    trial: null,
    text: `${author} asked: "${directive.text}".`,
    fields: { directive: directive.id, body },
  });
  return directive;
}
