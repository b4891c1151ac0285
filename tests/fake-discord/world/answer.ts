import { z } from "zod";

/** What the fake answers must itself be what Discord would answer: throws when it is not. */
export function answer<T>(what: string, schema: z.core.$ZodType, value: T): T {
  const parsed = z.safeParse(schema, value);
  if (!parsed.success) throw new Error(`The fake Discord made a ${what} that Discord would not: ${z.prettifyError(parsed.error)}`);
  return value;
}
