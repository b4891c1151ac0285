import type { Lineage, LineageNode } from "./lineage.ts";

/** `m0 (base)`, `m9 = SFT on common, 80 steps`. */
function title(node: LineageNode): string {
  if (node.method === null) return node.name === null ? node.id : `${node.id} (${node.name})`;
  return `${node.id} = ${node.method}`;
}

/**
 * A lineage as an indented tree for terminals and chat, the model first and its parents below it. A model that is
 * needed twice is drawn once; later places point to it.
 */
export function formatLineage(lineage: Lineage): string {
  const nodes = new Map(lineage.nodes.map((node) => [node.id, node]));
  const drawn = new Set<string>();
  const lines: string[] = [];
  const draw = (id: string, weight: number | null, lead: string, branch: string, below: string) => {
    const node = nodes.get(id);
    const parents = lineage.edges.filter((edge) => edge.to === id);
    const share = weight === null ? "" : ` × ${weight}`;
    const again = drawn.has(id) && parents.length > 0;
    lines.push(`${lead}${branch}${node === undefined ? id : title(node)}${share}${again ? " (as above)" : ""}`);
    if (again) return;
    drawn.add(id);
    parents.forEach((edge, index) => {
      const last = index === parents.length - 1;
      draw(edge.from, edge.weight, lead + below, last ? "└ " : "├ ", last ? "  " : "│ ");
    });
  };
  draw(lineage.model, null, "", "", "");
  return lines.join("\n");
}
