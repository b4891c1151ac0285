import { z } from "zod";
import { ConfigSource } from "../../config/config-source.ts";
import { parseYaml, refuseIfAny } from "../../config/parse-yaml.ts";
import { ConfigError } from "../../errors.ts";
import { type ChatRun, chatRunSchema } from "./chat-run-config.ts";

/** A config that a person would write is far shorter. */
const mostCharacters = 64 * 1024;

/** Settings of a run that are the owner's alone, and what to say to somebody who sends them. */
const ownersSections: Readonly<Record<string, string>> = {
  executor: "where and how jobs run is the owner's: server.yaml says it",
  llm: "language models, their endpoints and keys are the owner's: server.yaml says them",
};

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a config that came by chat.
 * @throws ConfigError with every problem, its line and, for what is the owner's, why it is refused.
 */
export function parseChatRun(text: string, file: string): { ask: ChatRun; source: ConfigSource } {
  if (text.length > mostCharacters)
    throw new ConfigError([{ file, path: "", message: `is longer than ${mostCharacters / 1024} KiB: a run's config is a page at most` }]);
  const source = new ConfigSource(text, file);
  refuseIfAny(source.syntaxIssues());
  const content = source.value();
  if (isMap(content)) refuseIfAny(foreign(content).map(({ path, message }) => source.issue(path, message)));
  const { value } = parseYaml({
    text,
    file,
    what: "a config",
    schema: chatRunSchema,
    jsonSchema: () => ({ ...z.toJSONSchema(chatRunSchema, { io: "input" }) }),
  });
  return { ask: value, source };
}

/** What only the owner may say. */
function foreign(content: Record<string, unknown>): { path: string[]; message: string }[] {
  const found = Object.entries(ownersSections)
    .filter(([section]) => content[section] !== undefined)
    .map(([section, why]) => ({ path: [section], message: `cannot come by chat: ${why}` }));
  for (const section of ["models", "datasets", "tasks"]) {
    const entries = content[section];
    if (!isMap(entries)) continue;
    for (const [name, entry] of Object.entries(entries)) {
      if (section === "tasks" && (!isMap(entry) || Object.keys(entry).every((key) => key === "weight" || key === "floor"))) continue;
      const message =
        "cannot come by chat: name what the owner's catalogue has, as a list; paths, hub ids and how they are read stand in server.yaml";
      found.push({ path: [section, name], message });
    }
  }
  const { budget } = content;
  if (isMap(budget) && budget["usd_per_device_hour"] !== undefined)
    found.push({ path: ["budget", "usd_per_device_hour"], message: "cannot come by chat: what a device-hour costs is the owner's to say" });
  const { approval } = content;
  if (isMap(approval) && approval["requester_may_approve_alone"] !== undefined)
    found.push({
      path: ["approval", "requester_may_approve_alone"],
      message: "cannot come by chat: who may approve is the owner's to say",
    });
  return found;
}
