import { z } from "zod";
import type { TemperEvent } from "../store/store.ts";

const confirmEvent = "confirm-read";
const finalEvent = "final-read";

/** What `finalize` notes of its table. Earlier versions noted no counts. */
const finalReadSchema = z.looseObject({
  rows: z.array(z.looseObject({ model: z.string() })),
  claim: z.looseObject({ text: z.string() }).optional(),
  selected: z.int().optional(),
  retained: z.int().optional(),
});

/** What `finalize` left on record. */
export interface Finalized {
  /** What was read on `confirm`, in words; null until then. */
  confirmed: string | null;
  /** The winner's id on `final`; null until it was read. */
  winner: string | null;
  /** What the run may claim; null until `final` was read. */
  claim: string | null;
  /** Candidates that were confirmed, and those of them ahead of the strongest baseline there; null where that was not noted. */
  counts: { selected: number; retained: number } | null;
}

/** Reads it from a run's events, in their order. */
export function readFinalized(events: readonly TemperEvent[]): Finalized {
  const confirmed = events.findLast(({ kind }) => kind === confirmEvent)?.text ?? null;
  const parsed = finalReadSchema.safeParse(events.findLast(({ kind }) => kind === finalEvent)?.fields);
  if (!parsed.success) return { confirmed, winner: null, claim: null, counts: null };
  const { rows, claim, selected, retained } = parsed.data;
  const counts = selected === undefined || retained === undefined ? null : { selected, retained };
  return { confirmed, winner: rows[0]?.model ?? null, claim: claim?.text ?? null, counts };
}
