import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const cardSchema = z.object({
  reply: z.object({
    versions: z.record(z.string(), z.string()).default({}),
    metrics: z.object({ model_hash: z.string().optional() }).nullable().default(null),
  }),
});

/** What `temper.json` beside a published model says of how it was made. */
export interface ModelCard {
  versions: Record<string, string>;
  modelHash: string | null;
}

/** Reads the card of a published model; a model without one (a base, an evicted one) has an empty card. */
export async function readModelCard(directory: string): Promise<ModelCard> {
  const none = { versions: {}, modelHash: null };
  const text = await readFile(join(directory, "temper.json"), "utf8").catch(() => null);
  if (text === null) return none;
  const card = z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue("not JSON");
        return z.NEVER;
      }
    })
    .pipe(cardSchema)
    .safeParse(text);
  if (!card.success) return none;
  const { versions, metrics } = card.data.reply;
  return { versions, modelHash: metrics?.model_hash ?? null };
}
