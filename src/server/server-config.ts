import { z } from "zod";
import { roles } from "../approval/role.ts";
import {
  approvalLimitSchema,
  budgetSchema,
  datasetSourceSchema,
  executorSchema,
  llmSchema,
  modelSourceSchema,
  taskSchema,
} from "../config/run-config.ts";

const roleSchema = z.enum(roles);

/** One Discord server: which of its roles and members may do what. */
const guildSchema = z.strictObject({
  /** Discord roles, by name or id. Of several roles the strongest counts. */
  roles: z.record(z.string(), roleSchema).default({}),
  /** Single members, by user id; they count beside the roles. */
  users: z.record(z.string().regex(/^\d{5,20}$/, "a Discord user id is a number"), roleSchema).default({}),
  /** Channel, by name or id, where runs get their threads; left out = where the run was asked for. */
  channel: z.string().optional(),
});

/** What belongs to the owner of a Temper that others talk to: `server.yaml`. */
export const serverConfigSchema = z.strictObject({
  /** What runs that are asked for by chat may name; paths count from this file's directory. */
  catalogue: z
    .strictObject({
      models: z.record(z.string(), modelSourceSchema).default({}),
      datasets: z.record(z.string(), datasetSourceSchema).default({}),
      tasks: z.record(z.string(), taskSchema).default({}),
      /** Whole run configs of the owner's, to start by name. */
      runs: z.record(z.string(), z.strictObject({ path: z.string() })).default({}),
    })
    .prefault({}),
  /** Where the jobs of runs that are asked for by chat run. */
  executor: executorSchema.prefault({ kind: "local" }),
  /** The language models of those runs, and of the chat. */
  llm: llmSchema.optional(),
  /** Most that one run may be given by chat; a budget that is left out is the cap. */
  caps: budgetSchema(100),
  /** Ceilings of every run's approvals: a run that is asked for by chat may only be stricter. */
  approval: z
    .strictObject({
      over: approvalLimitSchema.prefault({}),
      /** Above this two people have to approve. */
      two_approvers_over: approvalLimitSchema.optional(),
      /** Whether who asked for a run may approve its trainings alone. */
      requester_may_approve_alone: z.boolean().default(true),
      expires_hours: z.number().positive().default(12),
    })
    .prefault({}),
  discord: z
    .strictObject({
      /** Environment variable that holds the bot's token. */
      token_env: z.string().default("DISCORD_TOKEN"),
      /** Or a file with rights 0600 that holds it. */
      token_file: z.string().optional(),
      guilds: z.record(z.string().regex(/^\d{5,20}$/, "a Discord server's id is a number"), guildSchema),
      /** Answer in the threads of runs without a mention; needs the message content intent. */
      free_talk: z.boolean().default(false),
    })
    .optional(),
  /** Who speaks at the home's own terminal, in `temper chat`. */
  terminal: z
    .strictObject({
      /** By login name; who is not listed is the owner. Whoever can write the home's files can do anything all the same. */
      users: z.record(z.string(), roleSchema).default({}),
    })
    .prefault({}),
  /** IANA name, such as `Europe/Berlin`: hours in people's wishes and digests. */
  time_zone: z
    .string()
    .default("UTC")
    .refine((zone) => isTimeZone(zone), { message: "is no IANA time zone, such as Europe/Berlin" }),
});
export type ServerConfig = z.infer<typeof serverConfigSchema>;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
