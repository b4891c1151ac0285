import { z } from "zod";
import { evaluateReplySchema, evaluateRequestSchema } from "./evaluate.ts";
import { claimSchema, exitSchema, jobRequestSchema, progressLineSchema } from "./job.ts";
import { mergeReplySchema, mergeRequestSchema } from "./merge.ts";
import { preferenceReplySchema, preferenceRequestSchema } from "./preference.ts";
import { prepareReplySchema, prepareRequestSchema } from "./prepare.ts";
import { sftReplySchema, sftRequestSchema } from "./sft.ts";

/** Everything that crosses the border to Python, by file name under `gpu-scripts/temper_gpu/schemas`. */
export const contractSchemas = {
  "prepare.request": prepareRequestSchema,
  "prepare.reply": prepareReplySchema,
  "sft.request": sftRequestSchema,
  "sft.reply": sftReplySchema,
  "preference.request": preferenceRequestSchema,
  "preference.reply": preferenceReplySchema,
  "merge.request": mergeRequestSchema,
  "merge.reply": mergeReplySchema,
  "evaluate.request": evaluateRequestSchema,
  "evaluate.reply": evaluateReplySchema,
  "job.request": jobRequestSchema,
  "job.claim": claimSchema,
  "job.exit": exitSchema,
  "job.progress": progressLineSchema,
} as const;

/** The JSON Schema of each contract as text, ready to be written. Defaults are resolved before a request is written, so every key is required. */
export function renderContractSchemas(): Map<string, string> {
  return new Map(
    Object.entries(contractSchemas).map(([name, schema]) => [
      name,
      `${JSON.stringify(z.toJSONSchema(schema, { io: "output" }), null, 2)}\n`,
    ]),
  );
}
