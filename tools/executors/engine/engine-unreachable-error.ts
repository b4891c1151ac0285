import { EnvironmentError } from "#src/errors.ts";

/** An engine gives no answer. It may be back in a moment: jobs that it has go on meanwhile. */
export class EngineUnreachableError extends EnvironmentError {}
