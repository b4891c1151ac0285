import { type Action, isMerge, isPreference } from "#src/action/action.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import { cellWidth } from "./table.ts";

const mergeNames: Record<string, string> = {
  merge_linear: "linear",
  merge_task_arithmetic: "task arithmetic",
  merge_ties: "TIES",
  merge_dare_ties: "DARE",
  merge_slerp: "SLERP",
};

/** Lines that draw one model; the model itself comes out at the end of the last line. */
type Block = string[];

function mergeLabel(action: Action): string {
  const { density, t } = action.setting;
  const number = typeof density === "number" ? density : typeof t === "number" ? t : null;
  const name = mergeNames[action.type] ?? action.type;
  return number === null ? name : `${name} ${String(number).replace(/^0\./, ".")}`;
}

function stepLabel(action: Action): string {
  const data = action.datasets.join(" + ");
  const seed = action.seed === 0 ? "" : ` (seed ${action.seed})`;
  return `${isPreference(action.type) ? `${action.type.toUpperCase()} ` : ""}${data}${seed}`;
}

/** Models that more than one step of the pipeline uses: they are called by their id. */
function usedTwice(modelId: string, actions: ReadonlyMap<string, Action>): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) {
      twice.add(id);
      return;
    }
    seen.add(id);
    for (const parent of actions.get(id)?.models ?? []) visit(parent);
  };
  visit(modelId);
  return twice;
}

/** Puts parents' blocks under each other and joins the ends of their last lines. */
function joinBlocks(blocks: readonly Block[], label: string): Block {
  const width = Math.max(...blocks.flat().map(cellWidth));
  const lines = blocks.flatMap((block, index) =>
    block.map((line, row) => {
      const isEnd = row === block.length - 1;
      const isFirst = index === 0;
      const isLast = index === blocks.length - 1;
      const joint = isEnd ? (isFirst ? "┐" : isLast ? "┴" : "┤") : isFirst ? " " : "│";
      const fill = isEnd ? "─" : " ";
      const gap = width - cellWidth(line);
      const padding = isEnd && gap > 0 ? ` ${fill.repeat(gap)}` : ` ${" ".repeat(gap)}`;
      return `${line}${padding}${joint}`;
    }),
  );
  const last = lines.pop() ?? "";
  return [...lines, `${last} ${label}`];
}

function append(block: Block, label: string): Block {
  const last = block.at(-1) ?? "";
  return [...block.slice(0, -1), last === "" ? label : `${last} → ${label}`];
}

/**
 * Draws how a model came to be, as in
 *
 *     math_noisy → common ┐
 *     trivia ─────────────┴ TIES .8 → math
 *
 * SFT steps are named by their data alone. The base is left out where the run has one. A model that is used twice is
 * drawn once, with its id, and then called by that.
 */
export function renderPipeline(modelId: string, models: ReadonlyMap<string, PoolModel>, actions: ReadonlyMap<string, Action>): string[] {
  const bases = [...models.values()].filter((model) => model.parents.length === 0);
  const drawn = new Set<string>();
  const shared = usedTwice(modelId, actions);
  const draw = (id: string): Block => {
    const model = models.get(id);
    const action = actions.get(id);
    if (model === undefined || action === undefined) return [bases.length > 1 ? (model?.name ?? id) : ""];
    if (drawn.has(id)) return [id];
    drawn.add(id);
    const name = shared.has(id) ? ` = ${id}` : "";
    const parents = action.models.map(draw);
    if (!isMerge(action.type)) return append(parents[0] ?? [""], stepLabel(action) + name);
    return joinBlocks(
      parents.map((block, index) =>
        block.length === 1 && block[0] === "" ? [models.get(action.models[index] ?? "")?.name ?? "base"] : block,
      ),
      mergeLabel(action) + name,
    );
  };
  const block = draw(modelId);
  return block.length === 1 && block[0] === "" ? [models.get(modelId)?.name ?? modelId] : block;
}
