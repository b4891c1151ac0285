import { z } from "zod";

/** What a bot process is told on its command line. */
export const botSettingsSchema = z.strictObject({
  home: z.string(),
  api: z.string(),
  token: z.string(),
  guild: z.string(),
  channel: z.string(),
  /** What it answers to everything; its questioner's own words unless given. */
  answer: z.string().optional(),
});
export type BotSettings = z.infer<typeof botSettingsSchema>;
