import { isMerge } from "../../action/action.ts";
import { describeMethod } from "../../action/describe-action.ts";
import { lineageDot } from "../../report/lineage-dot.ts";
import { formatScore } from "../../memory/format-score.ts";
import type { PipelineStep } from "../pipelines.ts";
import type { ResultOf } from "../results.ts";
import { basisOf, bullets, type Section } from "../section.ts";
import { formatEstimate, scoreOf } from "../statistics.ts";

type Result = ResultOf<"figure-3">;

function dotOf(steps: readonly PipelineStep[], { base, note }: { base: string; note: string }): string {
  const made = new Map<string, number>();
  const depthOf = (id: string) => made.get(id) ?? 0;
  const nodes = [
    { id: "m0", name: base, method: null, action: null, trial: null, depth: 0 },
    ...steps.map(({ model, action }) => {
      const depth = 1 + Math.max(0, ...action.models.map(depthOf));
      made.set(model, depth);
      return { id: model, name: null, method: describeMethod(action), action, trial: null, depth };
    }),
  ];
  const edges = steps.flatMap(({ model, action }) => action.models.map((from) => ({ from, to: model, weight: null })));
  return lineageDot({ model: steps.at(-1)?.model ?? "m0", nodes, edges }, note);
}

/** Whether a merge stands in it, and training after a merge: the paper's winner merged before the last fine-tuning. */
function formOf(steps: readonly PipelineStep[]): { merges: boolean; endsInTraining: boolean } {
  const last = steps.at(-1);
  return { merges: steps.some(({ action }) => isMerge(action.type)), endsInTraining: last !== undefined && !isMerge(last.action.type) };
}

/** Fig. 3: the best pipelines found, drawn as graphs. */
export function figureThreeSection({ basis, pipelines }: Result): Section {
  const forms = pipelines.map(({ steps }) => formOf(steps));
  const asInPaper = forms.filter(({ merges, endsInTraining }) => merges && endsInTraining).length;
  const merged = forms.filter(({ merges }) => merges).length;
  const sentences = [
    `Merge before the last fine-tuning, the paper's winner, is the form of ${asInPaper} of these ${pipelines.length}; a merge stands in ${merged}.`,
    ...pipelines.map(({ found, again }, index) => {
      const chosen = `Top-${index + 1} was chosen by ${formatScore(found.search)} on search under seed ${found.seed}`;
      const made = formatEstimate(scoreOf(basis, again, { split: "final" }));
      const failed = again.failures.length === 0 ? "" : `; ${again.failures.length} of its re-makings failed`;
      return `${chosen}; made again under seeds that it was not found under it scores ${made} on final${failed}.`;
    }),
  ];
  return {
    title: "Fig. 3: the best pipelines found",
    blocks: [
      `The three best pipelines by search score of the searches of experiment 1, such that none is a part of another. Each was made again under other seeds (${basisOf(basis, "final")}, without its own seed): what it scores there is not what it was chosen by.`,
      ...pipelines.flatMap(({ steps, again }, index) => [
        `**Top-${index + 1}**: ${steps.length} ${steps.length === 1 ? "action" : "actions"}`,
        {
          name: `figure-3-top-${index + 1}`,
          alt: `the graph of Top-${index + 1}`,
          dot: dotOf(steps, { base: basis.base, note: `${formatEstimate(scoreOf(basis, again, { split: "final" }))} on final` }),
        },
      ]),
      bullets(sentences),
    ],
  };
}
