import type { TopLevelSpec } from "vega-lite";
import type { Basis } from "./results.ts";

/** A picture of the page: a chart, or a graph in DOT. */
export type Figure = { name: string; alt: string } & ({ chart: TopLevelSpec } | { dot: string });

/** A part of the page, as Markdown blocks; a figure stands where its block is. */
export interface Section {
  title: string;
  blocks: (string | Figure)[];
}

/** `final split, 600 items (math 200, …), 5 seeds`. */
export function basisOf({ tasks, seeds }: Basis, split: "search" | "final"): string {
  const items = tasks.reduce((sum, task) => sum + task.items[split], 0);
  const each = tasks.map((task) => `${task.id} ${task.items[split]}`).join(", ");
  return `${split} split, ${items} items (${each}), ${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"} (${seeds.join(", ")})`;
}

/** What one seed of a part is. */
export function seedMeaning({ isTiny }: Basis): string {
  return isTiny
    ? "A seed draws training data and items anew, and is the seed of every training and of the search's choices"
    : "A seed is that of every training and of the search's choices; data and items stay";
}

export const bullets = (sentences: readonly string[]) => sentences.map((sentence) => `- ${sentence}`).join("\n");
