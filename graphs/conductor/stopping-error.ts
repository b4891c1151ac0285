import { EnvironmentError } from "#src/errors.ts";

/** The run cannot go on until a person changes something. Its trials stay open, to be taken up by the next start. */
export class StoppingError extends EnvironmentError {}
