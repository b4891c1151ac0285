import { actionTypes } from "../action/action-types.ts";
import type { Action } from "../action/action.ts";
import { chartFont } from "./chart-font.ts";
import { quote } from "./lineage-dot.ts";
import { palette } from "./palette.ts";

/** One action as a Graphviz graph: parents and datasets left, what would be made right. */
export function actionDot(action: Action): string {
  const inputs = [...action.models.map((id) => ({ id, shape: "box" })), ...action.datasets.map((id) => ({ id, shape: "note" }))];
  const nodes = inputs.map(({ id, shape }) => `${quote(id)} [shape=${shape}, fillcolor="${shape === "note" ? "white" : palette.faint}"];`);
  const edges = inputs.map(({ id }) => `${quote(id)} -> "made";`);
  return `digraph action {
  rankdir=LR; bgcolor="white"; nodesep=0.25; ranksep=0.45;
  node [shape=box, style="rounded,filled", fontname="${chartFont}", fontsize=11, color="${palette.muted}", margin="0.15,0.08"];
  edge [color="${palette.muted}", arrowsize=0.7];
  ${[...nodes, `"made" [label=${quote(actionTypes[action.type].title)}, fillcolor="${palette.best}", fontcolor="white"];`, ...edges].join("\n  ")}
}
`;
}
