import { actionTypeNames, isMerge } from "#src/action/action.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";

/** What a person may not expect: base models that no merge can join, though the config asks for merges. Null when all can. */
export function mergeNote({ actions }: RunConfig, { models }: PreparedObjects): string | null {
  if (!actionTypeNames.some((type) => isMerge(type) && actions[type] !== undefined)) return null;
  const families = [...Map.groupBy(models, (model) => model.compatibility).values()].map((family) => family.map(({ id }) => id).join(", "));
  if (families.length < 2) return null;
  return `models ${families.join(" | ")} cannot be merged across the bars: their architecture, shapes or tokenizers differ. Each side is merged within itself.`;
}
