import type { Lineage, LineageNode } from "../pipeline/lineage.ts";
import type { Measured } from "../score/evaluation.ts";
import { chartFont } from "./chart-font.ts";
import { palette } from "./palette.ts";

/** Text inside a DOT string: names come from a config and must not break out of it. */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** What is known of the result: its score, or words of the caller's. */
type Note = Measured | string | null;

function describe(score: Exclude<Note, null>): string {
  return typeof score === "string" ? score : `${score.mean.toFixed(3)} on ${score.split}`;
}

const lineCharacters = 40;

/** Breaks a text between its words: a mixture of seven datasets would stretch the graph. */
function wrap(text: string): string {
  return text.replaceAll(new RegExp(`(.{1,${lineCharacters}})(?: |$)`, "g"), "$1\n").trimEnd();
}

function nodeLine(node: LineageNode, lineage: Lineage, score: Note): string {
  const isBase = node.action === null;
  const isResult = node.id === lineage.model;
  const title = isBase ? `${node.id} · ${node.name ?? "base"}` : node.id;
  const second = node.method ?? "base model";
  const third = isResult && score !== null ? `\n${describe(score)}` : node.trial === null ? "" : `\ntrial ${node.trial}`;
  const fill = isResult ? palette.best : isBase ? palette.faint : "white";
  const ink = isResult ? "white" : palette.ink;
  return `${quote(node.id)} [label=${quote(`${title}\n${wrap(second)}${third}`).replaceAll("\n", "\\n")}, fillcolor="${fill}", fontcolor="${ink}"];`;
}

/** A pipeline as a Graphviz graph, bases left, the result right (paper, Fig. 3). */
export function lineageDot(lineage: Lineage, score: Note): string {
  const nodes = lineage.nodes.map((node) => nodeLine(node, lineage, score));
  const edges = lineage.edges.map(
    ({ from, to, weight }) => `${quote(from)} -> ${quote(to)}${weight === null ? "" : ` [label="${weight}"]`};`,
  );
  return `digraph pipeline {
  rankdir=LR; bgcolor="white"; nodesep=0.3; ranksep=0.45;
  node [shape=box, style="rounded,filled", fontname="${chartFont}", fontsize=11, color="${palette.muted}", margin="0.15,0.08"];
  edge [color="${palette.muted}", arrowsize=0.7, fontname="${chartFont}", fontsize=10];
  ${[...nodes, ...edges].join("\n  ")}
}
`;
}
