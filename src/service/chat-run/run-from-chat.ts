import { checkConfig } from "../../config/check-config.ts";
import type { ConfigPath, ConfigSource } from "../../config/config-source.ts";
import { didYouMean } from "../../config/did-you-mean.ts";
import { refuseIfAny } from "../../config/parse-yaml.ts";
import { type RunConfig, runConfigSchema } from "../../config/run-config.ts";
import { ConfigError } from "../../errors.ts";
import type { ServerConfig } from "../../server/server-config.ts";
import type { ChatRun } from "./chat-run-config.ts";
import { tighten } from "./tighten.ts";

/** What a run is made from. */
export interface ChatRunInput {
  ask: ChatRun;
  server: ServerConfig;
  /** The config of the catalogue's run that is asked for; null when none is. */
  template: RunConfig | null;
  /** Where the words came from, for lines; null when they were typed. */
  source: ConfigSource | null;
}

interface Problem {
  path: ConfigPath;
  message: string;
}

/** Sections that a run of the catalogue has already. */
const ofTemplate = ["models", "datasets", "tasks", "actions", "baselines", "merge_parents", "mixture_datasets", "max_depth"] as const;

/**
 * The config of a run that was asked for by chat: names of the owner's catalogue only, the owner's machines, endpoints
 * and prices, and limits that are at least as tight as the owner's.
 * @throws ConfigError with every problem and, where the words came from a file, its line.
 */
export function runFromChat(input: ChatRunInput): RunConfig {
  const { ask, template, source } = input;
  const problems: Problem[] = [];
  const objects = template === null ? fromCatalogue(input, problems) : fromTemplate(ask, template, problems);
  const limits = tighten(input, problems);
  refuse(problems, source);
  const merged = {
    ...objects,
    name: ask.name ?? template?.name ?? "run",
    goal: ask.goal ?? template?.goal ?? "",
    policy: ask.policy ?? template?.policy,
    seed: ask.seed ?? template?.seed,
    ...limits,
  };
  const config = runConfigSchema.parse(defined(merged));
  refuse(checkConfig(config), source);
  return config;
}

function refuse(problems: readonly Problem[], source: ConfigSource | null): void {
  if (problems.length === 0) return;
  if (source !== null) refuseIfAny(problems.map(({ path, message }) => source.issue(path, message)));
  throw new ConfigError(problems.map(({ path, message }) => ({ file: "your words", path: path.join("."), message })));
}

/** Sections of a config, checked when they are put together. */
type Objects = Record<string, unknown>;

function fromTemplate(ask: ChatRun, template: RunConfig, problems: Problem[]): Objects {
  for (const section of ofTemplate) {
    if (ask[section] === undefined) continue;
    problems.push({ path: [section], message: `cannot be said beside run: ${ask.run ?? ""} starts with what the owner wrote` });
  }
  const { executor, llm } = template;
  return {
    ...Object.fromEntries(ofTemplate.map((section) => [section, template[section]])),
    executor,
    ...(llm === undefined ? {} : { llm }),
  };
}

function fromCatalogue({ ask, server }: ChatRunInput, problems: Problem[]): Objects {
  const { catalogue, executor, llm } = server;
  const pick = <Entry>(section: "models" | "datasets" | "tasks", names: readonly string[], entries: Record<string, Entry>) =>
    Object.fromEntries(
      names.flatMap((name, index): [string, Entry][] => {
        const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
        if (entry !== undefined) return [[name, entry]];
        const known = Object.keys(entries);
        const has = known.length === 0 ? "It has none." : `It has ${known.join(", ")}.`;
        const path = Array.isArray(ask[section]) ? [section, index] : [section, name];
        problems.push({
          path,
          message: `the owner's catalogue has no ${section.slice(0, -1)} "${name}". ${didYouMean(name, known).trim() || has}`,
        });
        return [];
      }),
    );
  const wishes = ask.tasks === undefined || Array.isArray(ask.tasks) ? {} : ask.tasks;
  const tasks = pick("tasks", Array.isArray(ask.tasks) ? ask.tasks : Object.keys(wishes), catalogue.tasks);
  return {
    models: pick("models", ask.models ?? [], catalogue.models),
    datasets: pick("datasets", ask.datasets ?? [], catalogue.datasets),
    tasks: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, { ...task, ...defined(wishes[name] ?? {}) }])),
    actions: ask.actions ?? {},
    ...defined({
      merge_parents: ask.merge_parents,
      mixture_datasets: ask.mixture_datasets,
      max_depth: ask.max_depth,
      baselines: ask.baselines,
    }),
    executor,
    ...(llm === undefined ? {} : { llm }),
  };
}

/** Without what was not said. */
function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
