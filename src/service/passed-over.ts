import { formatScore } from "../memory/format-score.ts";
import type { Run, Store } from "../store/store.ts";
import { readBarriers } from "./best-model.ts";
import type { ModelScores } from "./model-scores.ts";

/**
 * Says why the model with the best score is not the best model, and where no model may win, what a person can do.
 * @param best the best model that may win; null when none may. @returns null when nothing was passed over, or nothing was evaluated.
 */
export async function describePassedOver(store: Store, run: Run, scores: ModelScores, best: string | null): Promise<string | null> {
  const [top] = await scores.ranking(1);
  const model = top === undefined || top.model === best ? null : await store.objects.find(run.id, top.model);
  if (top === undefined || model?.kind !== "model") return null;
  const barriers = await readBarriers(store, run, scores, model);
  const why = `${top.model} has the best score, ${formatScore(top.score)}, but ${barriers.map(({ text }) => text).join("; ")}.`;
  if (best !== null) return `No model with a higher score may win: ${why}`;
  const floors = barriers.flatMap(({ floor }) => (floor === null ? [] : [`\`tasks.${floor}.floor\``]));
  const remedy =
    floors.length === 0 ? `See more with: temper why ${top.model}` : `Change ${floors.join(" and ")} in the run file and start it again.`;
  return `No model may win: ${why} ${remedy}`;
}
