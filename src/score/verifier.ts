import { z } from "zod";

/** How an answer is judged. `after`: only what follows the last such marker counts. */
export const verifierSchema = z.discriminatedUnion("kind", [
  /** The same words, whatever the spacing. */
  z.strictObject({ kind: z.literal("exact"), after: z.string().optional() }),
  /** The same number, after `after` or else the last number of the output. */
  z.strictObject({ kind: z.literal("number"), after: z.string().optional() }),
  /** One of the choices' letters. */
  z.strictObject({ kind: z.literal("choice"), choices: z.array(z.string()).optional(), after: z.string().optional() }),
  /** The first group (or the whole match) equals the answer. */
  z.strictObject({ kind: z.literal("regex"), pattern: z.string() }),
  /** A JSON function call, compared as a structure. */
  z.strictObject({ kind: z.literal("function_call") }),
]);
