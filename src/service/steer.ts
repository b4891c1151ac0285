import { UserInputError } from "../errors.ts";
import type { Directive, DirectiveBody } from "../memory/directive.ts";
import type { Run, Store } from "../store/store.ts";
import { checkWeightLeft } from "./steering/check-weight-left.ts";
import { knownWords } from "./steering/known-words.ts";
import { parseWish } from "./steering/parse-wish.ts";

const examples =
  '"stop merging m3", "ban gsm8k", "prefer dpo", "math matters twice as much", "cap 2 device-hours per trial", "no run over 2 GPU-hours at night", "focus on short answers"';

type SteeredRun = Pick<Run, "id" | "name" | "config">;

/**
 * Reads a person's wish in the words of a run.
 * @throws UserInputError with examples and what exists, when the words cannot be read; and when no task would have a weight left.
 */
export async function readWish(store: Store, run: SteeredRun, text: string, timeZone: string | null = null): Promise<DirectiveBody> {
  const known = knownWords(run, await store.objects.models(run.id), await store.objects.datasets(run.id));
  const wish = parseWish(text, known, timeZone);
  if (!wish.understood) throw new UserInputError(`${wish.problem} Examples: ${examples}. ${run.name} has ${known.describe}.`, { text });
  await checkWeightLeft(store, run, wish.body);
  return wish.body;
}

/**
 * Adds a person's standing wish; the run honours it from the next decision on.
 * @throws UserInputError with examples and what exists, when the words cannot be read.
 */
export async function steer(store: Store, run: SteeredRun, { text, author }: { text: string; author: string }): Promise<Directive> {
  const body = await readWish(store, run, text);
  return store.transaction((inside) => addDirective(inside, run, { text: text.trim(), author, body }));
}

/** Stores a wish that was read before. To be called in a transaction. @throws UserInputError when no task would have a weight left by now. */
export async function addDirective(
  store: Store,
  run: SteeredRun,
  { text, author, body }: { text: string; author: string; body: DirectiveBody },
): Promise<Directive> {
  await checkWeightLeft(store, run, body);
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
