import { z } from "zod";
import { discordErrors } from "./discord-error.ts";

type Issue = z.core.$ZodIssue;

/** Of a union, the branch that got furthest says best what is wrong. */
function deepest(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors.flat().map((each) => deepest(each));
  const furthest = inner.toSorted((a, b) => b.path.length - a.path.length)[0];
  return furthest === undefined ? issue : { ...furthest, path: [...issue.path, ...furthest.path] };
}

const attachmentsSchema = z.looseObject({ attachments: z.array(z.looseObject({ id: z.coerce.string() })) });

/** Discord takes numbers for the ids of attachments, as its own examples show; its schema does not. */
function withTextIds(body: unknown): unknown {
  const parsed = attachmentsSchema.safeParse(body);
  return parsed.success ? parsed.data : body;
}

/** Parses what the bot sent by Discord's published schema; what does not fit is answered as `Invalid Form Body`. */
export function parseBody<T>(schema: z.core.$ZodType<T>, body: unknown): T {
  const parsed = z.safeParse(schema, withTextIds(body ?? {}));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  if (first === undefined) throw discordErrors.badBody([], "BASE_TYPE_BAD", "Invalid body.");
  const issue = deepest(first);
  throw discordErrors.badBody(issue.path, issue.code === "too_big" ? "BASE_TYPE_BAD_LENGTH" : "BASE_TYPE_BAD", issue.message);
}
