import type { Garbage } from "#tools/artefacts/collect-garbage.ts";

const gb = (bytes: number) => (bytes >= 1e8 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** What was removed, or would be, and what stays why. */
export function renderGarbage({ removed, kept, homeBytes, freedBytes, isOver }: Garbage, dryRun: boolean): string {
  const models = removed.filter(({ kind }) => kind === "model");
  const scratch = removed.filter(({ kind }) => kind === "scratch");
  const verb = dryRun ? "Would remove" : "Removed";
  const lines = [`${verb} ${gb(freedBytes)}; the home ${dryRun ? "would then take" : "takes"} ${gb(homeBytes)}.`];
  if (scratch.length > 0) {
    lines.push(`  scratch of ${scratch.length} attempts that are over: ${gb(scratch.reduce((sum, { bytes }) => sum + bytes, 0))}`);
  }
  for (const { model, run, bytes } of models) lines.push(`  ${model} of ${run}: ${gb(bytes)}, remade when it is asked for`);
  for (const [why, count] of countBy(kept.map((entry) => entry.why))) lines.push(`  kept ${count}: ${why}`);
  if (isOver) lines.push("That is still more than it should be: nothing else can go. Unpin a model, or give it more room.");
  return lines.join("\n");
}

function countBy(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
