import { type AddedWord, saidLimits, type Wish } from "#graphs/chat/grammar/intent.ts";
import type { Proposed } from "#graphs/chat/proposal-desk.ts";
import type { Person } from "#src/approval/person.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import type { ConfigSource } from "#src/config/config-source.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { UserInputError } from "#src/errors.ts";
import { didYouMean } from "#src/config/did-you-mean.ts";
import { propose } from "#src/proposal/propose.ts";
import { proposeExtend } from "#src/proposal/propose-extend.ts";
import type { BudgetChange, Proposal } from "#src/proposal/proposal.ts";
import type { ServerConfig } from "#src/server/server-config.ts";
import { type ChatRun, chatRunSchema } from "#src/service/chat-run/chat-run-config.ts";
import { parseChatRun } from "#src/service/chat-run/parse-chat-run.ts";
import { runFromChat } from "#src/service/chat-run/run-from-chat.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { JobLogger } from "#tools/job-context.ts";
import { addedFromCatalogue } from "#src/service/extension/added-from-catalogue.ts";
import { checkExtension } from "#src/service/extension/check-extension.ts";
import { planExtension } from "./plan-extension.ts";
import { planRun } from "./plan-run.ts";

interface WishOptions {
  store: Store;
  home: string;
  server: ServerConfig;
  offline: boolean;
  log: JobLogger;
  now(): Date;
}

/** Limits that somebody says beside a run's name. */
export interface StartLimits {
  trials?: number | null | undefined;
  steps?: number | null | undefined;
  deviceHours?: number | null | undefined;
  usd?: number | null | undefined;
  name?: string | null | undefined;
}

/** Makes proposals of what people ask for. Nothing changes before somebody with the role confirms them. */
export class Wishes {
  readonly #options: WishOptions;

  constructor(options: WishOptions) {
    this.#options = options;
  }

  /** A run of the catalogue, with tighter limits where some are said. */
  async startByName(run: string, { trials, steps, deviceHours, usd, name }: StartLimits, person: Person): Promise<string> {
    const limits = {
      trials: trials ?? undefined,
      steps: steps ?? undefined,
      device_hours: deviceHours ?? undefined,
      usd: usd ?? undefined,
    };
    const asked = chatRunSchema.safeParse(withoutEmpty({ run, name: name ?? undefined, budget: withoutEmpty(limits) }));
    if (!asked.success) {
      const issues = asked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      throw new UserInputError(issues.join("; "));
    }
    return this.#start(asked.data, null, person);
  }

  /** "Start a run on three-skills with 40 trials". */
  async startBySentence({ template, budget }: Extract<Wish, { kind: "start" }>, person: Person): Promise<Proposed> {
    if (template === null) throw new UserInputError("Say which run of the catalogue to start, such as: start a run on three-skills.");
    const { trials, steps, device_hours: deviceHours, usd } = budget;
    return { id: await this.startByName(template, { trials, steps, deviceHours, usd }, person), text: "Here is the plan." };
  }

  /** A run config that came as a file, under the owner's rules. */
  async startFromText(text: string, file: string, person: Person): Promise<string> {
    const { ask, source } = parseChatRun(text, file);
    return this.#start(ask, source, person);
  }

  /** The plan of a proposal with other limits; never wider than the owner's. */
  async replan(config: RunConfig, change: BudgetChange, person: Person): Promise<string> {
    const { caps } = this.#options.server;
    for (const name of saidLimits) {
      const wish = change[name];
      const most = caps[name] ?? config.budget[name];
      if (wish === undefined || wish === null || most === undefined || wish <= most) continue;
      throw new UserInputError(`budget.${name}: ${wish} is above the limit of ${most}.`, { name });
    }
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null && value !== undefined));
    return this.#plan({ ...config, budget: { ...config.budget, ...given } }, person);
  }

  /** Objects and tasks of the catalogue join a run. */
  async extend(run: Run, objects: readonly AddedWord[], person: Person): Promise<Proposal> {
    const { store, server, now } = this.#options;
    const added = addedFromCatalogue(server.catalogue, objects);
    checkExtension(run, added);
    const plan = await planExtension(this.#options, run, added);
    return proposeExtend(store, run, { added, ...plan, person, now: now() });
  }

  async #start(ask: ChatRun, source: ConfigSource | null, person: Person): Promise<string> {
    const { server } = this.#options;
    return this.#plan(runFromChat({ ask, server, template: await this.#templateOf(ask), source }), person);
  }

  async #templateOf({ run }: ChatRun): Promise<RunConfig | null> {
    if (run === undefined) return null;
    const { runs } = this.#options.server.catalogue;
    const entry = Object.hasOwn(runs, run) ? runs[run] : undefined;
    if (entry !== undefined) return loadRunConfig(entry.path);
    const known = Object.keys(runs);
    const hint = known.length === 0 ? " It has none." : didYouMean(run, known) || ` It has ${known.join(", ")}.`;
    throw new UserInputError(`The owner's catalogue has no run "${run}".${hint}`, { run }, "not_found");
  }

  async #plan(config: RunConfig, person: Person): Promise<string> {
    const { store, now } = this.#options;
    const body = await planRun(this.#options, config);
    return (await propose(store, { runId: null, body, person, now: now() })).id;
  }
}

/** Without what was not said; undefined when nothing was. */
function withoutEmpty(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
