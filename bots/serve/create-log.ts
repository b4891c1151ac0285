import { pino, type DestinationStream, type Logger } from "pino";
import { createRedactor } from "#src/create-redactor.ts";

interface LogOptions {
  /** Secrets in it never reach a line. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where lines go; default: standard error. */
  destination?: DestinationStream;
  level?: string;
}

/**
 * The log of a long-lived process: one JSON object a line, with `run`, `trial` and `attempt` where a line is about
 * one. Secrets are blanked out of the finished line, wherever they came from.
 */
export function createLog({ env, destination = process.stderr, level = "info" }: LogOptions): Logger {
  const redact = createRedactor(env);
  return pino(
    {
      level,
      base: null,
      messageKey: "text",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    { write: (line) => destination.write(redact(line)) },
  );
}
