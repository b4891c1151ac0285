/** Machine-readable codes of every exception that Temper throws on purpose. */
export type ErrorCode =
  | "bad_config"
  | "bad_input"
  | "contract"
  | "not_found"
  | "conflict"
  | "not_allowed"
  | "engine"
  | "store"
  | "newer_database"
  | "environment";

/**
 * Base of Temper's exceptions: a broken promise, not an experiment's outcome (outcomes are data).
 * `message` says what happened, to which object, and what to do.
 */
export class TemperError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, fields: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.fields = fields;
  }
}

/** One thing wrong in a config file, with where it stands. Lines and columns count from 1. */
export interface ConfigIssue {
  file: string;
  line?: number;
  column?: number;
  path: string;
  message: string;
}

/** A config that cannot be used. The caller prints the issues and exits with 2. */
export class ConfigError extends TemperError {
  readonly issues: ConfigIssue[];

  constructor(issues: ConfigIssue[]) {
    super("bad_config", issues.map(formatConfigIssue).join("\n"), { issues });
    this.issues = issues;
  }
}

/** `temper.yaml:14:3  tasks.math.verifer — unknown key. Did you mean "verifier"?` */
export function formatConfigIssue(issue: ConfigIssue): string {
  const place = [issue.file, issue.line, issue.column].filter((part) => part !== undefined).join(":");
  return issue.path === "" ? `${place}  ${issue.message}` : `${place}  ${issue.path} — ${issue.message}`;
}

/** A person asked for something that cannot be done as asked: an unknown id, a wrong state. */
export class UserInputError extends TemperError {
  constructor(message: string, fields: Record<string, unknown> = {}, code: ErrorCode = "bad_input") {
    super(code, message, fields);
  }
}

/** Something that crossed a process border does not have the form that both sides agreed on. */
export class ContractError extends TemperError {
  constructor(message: string, fields: Record<string, unknown> = {}, options?: ErrorOptions) {
    super("contract", message, fields, options);
  }
}

/** The machine lacks something: a program, a package, a permission, space. Carries the remedy in its message. */
export class EnvironmentError extends TemperError {
  constructor(message: string, fields: Record<string, unknown> = {}, options?: ErrorOptions) {
    super("environment", message, fields, options);
  }
}
