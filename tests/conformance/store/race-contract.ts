import { z } from "zod";

/** What a racing process is told. */
export const racerSchema = z.strictObject({
  place: z.union([z.strictObject({ home: z.string() }), z.strictObject({ databaseUrl: z.string() })]),
  name: z.string(),
  rounds: z.int().positive(),
});

/** What it got. */
export const raceResultSchema = z.strictObject({
  trials: z.array(z.int()),
  jobs: z.array(z.string()),
  approvals: z.array(z.string()),
  leases: z.array(z.string()),
  devices: z.array(z.int()),
  commands: z.array(z.int()),
});
export type RaceResult = z.infer<typeof raceResultSchema>;
