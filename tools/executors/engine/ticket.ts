import { join } from "node:path";
import { z } from "zod";
import { parseContract, readIfThere, writeWhole } from "../../jobs/attempt-files.ts";

const ticketSchema = z.strictObject({
  engine: z.enum(["slurm", "ray"]),
  /** The engine's id of the job; null until it accepted it. Ids may be given again after a crash of the engine: never looked up by it. */
  job: z.string().nullable(),
  submitted_at: z.number(),
  /** How often it was given up by the engine before anything of it ran. */
  misfires: z.number().int().nonnegative().default(0),
  /** Why an attempt never starts, once that is certain; the next conductor says the same. (`lost` is from before records said so.) */
  verdict: z.strictObject({ state: z.enum(["lost", "rejected"]), detail: z.string() }).nullable(),
});

/** `engine.json` of an attempt: written before it is submitted, so that no job is forgotten. */
export type Ticket = z.infer<typeof ticketSchema>;

/** An attempt's ticket; null when it was never handed to an engine. */
export async function readTicket(directory: string): Promise<Ticket | null> {
  const file = join(directory, "engine.json");
  const content = await readIfThere(file);
  return content === null ? null : parseContract(content, ticketSchema, file);
}

/** Writes an attempt's ticket. */
export async function writeTicket(directory: string, ticket: Ticket): Promise<void> {
  await writeWhole(join(directory, "engine.json"), ticket);
}
