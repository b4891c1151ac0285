import { createHash } from "node:crypto";
import { join } from "node:path";
import { atMost } from "#src/at-most.ts";
import { canonicalJson } from "#src/action/canonical-json.ts";
import type { Action } from "#src/action/action.ts";
import { inWorld } from "#src/config/in-world.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { Basis } from "#src/paper/results.ts";
import { RecordFile } from "#src/search/record-file.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { runSearch } from "#src/search/run-search.ts";
import { taskWeights } from "#src/score/aggregate.ts";
import type { Store } from "#src/store/store.ts";
import { Lab } from "#tools/lab/lab.ts";
import { type LabWorld, openLabWorld } from "#tools/lab/lab-world.ts";
import { openRoles, type ArmPolicy } from "./open-roles.ts";

/** A config, and whether it is one that ships: then its runs are shared with the benchmarks by its name alone. */
export interface PaperConfig {
  config: RunConfig;
  isShipped: boolean;
}

export interface PaperLabOptions {
  python: string;
  /** Where models, results and finished runs are kept. */
  cache: string;
  seeds: readonly number[];
  /** Chosen trials of each search. */
  trials: number;
  lanes: number;
  device: "cpu" | "cuda";
  /** Whether objects may be fetched from a model hub. */
  network: boolean;
  /** Opened when an arm asks a language model. */
  openStore(): Promise<Store>;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  print(line: string): void;
}

/** A search of every seed. */
export interface SearchSpec {
  of: PaperConfig;
  policy: ArmPolicy;
  /** What may be done; left out, all that the config allows. */
  only?: {
    name: string;
    types(type: string): boolean;
    /** Fixed trials before the search, in a world where everything may be done. */
    start?(world: LabWorld): Action[];
  };
  /** Share of each dataset's rows, in (0, 1]. */
  dataShare?: number;
}

/** What the benchmarks' records call an arm. */
const recordNames: Partial<Record<ArmPolicy, string>> = { lookahead: "default" };
/** Trials that the benchmarks' runs have. */
const usualTrials = 40;

/** Scripts, worlds and finished runs that all parts of the paper share. The caller closes it. */
export class PaperLab {
  readonly options: PaperLabOptions;
  readonly #lab: Lab;
  readonly #turn: ReturnType<typeof atMost>;
  readonly #records: RecordFile;
  readonly #worlds = new Map<string, Promise<LabWorld>>();
  #registrar: Lab | null = null;

  constructor(options: PaperLabOptions) {
    const { python, cache, lanes, device } = options;
    this.options = options;
    this.#lab = new Lab({ python, home: cache, lanes, device });
    this.#turn = atMost(lanes);
    this.#records = new RecordFile(join(cache, "runs.jsonl"));
  }

  /** The world of a seed, opened once. */
  world(
    of: PaperConfig,
    seed: number,
    { base, dataShare, types }: { base?: string; dataShare?: number; types?: string } = {},
  ): Promise<LabWorld> {
    const name = canonicalJson({ config: of.config.name, seed, base: base ?? null, dataShare: dataShare ?? 1, types: types ?? null });
    const known = this.#worlds.get(name);
    if (known !== undefined) return known;
    const { cache } = this.options;
    const config = inWorld(of.config, seed);
    const shared = { cache, config, base, seed, lab: this.#lab, registrar: this.#registrarOf() };
    const opened = openLabWorld({ ...shared, ...(dataShare === undefined ? {} : { dataShare }) });
    this.#worlds.set(name, opened);
    return opened;
  }

  /** Does something for every seed, a few at a time, in the order of the seeds. */
  ofSeeds<T>(work: (seed: number) => Promise<T>, seeds = this.options.seeds): Promise<T[]> {
    return Promise.all(seeds.map((seed) => this.#turn(() => work(seed))));
  }

  /** The searches of all seeds, each run once: what is in the cache is not run again. */
  search(spec: SearchSpec): Promise<RunRecord[]> {
    return this.ofSeeds((seed) => this.#searchOne(spec, seed));
  }

  async #searchOne({ of, policy, only, dataShare }: SearchSpec, seed: number): Promise<RunRecord> {
    const { trials, print } = this.options;
    const arm = recordNames[policy] ?? policy;
    const llm = policy === "llm" || policy === "hybrid" ? `, ${of.config.llm?.default.model ?? ""}` : "";
    const experiment = `${this.#experimentOf(of)}${only === undefined ? "" : `, ${only.name}`}${dataShare === undefined ? "" : `, ${dataShare} of the data`}${llm}`;
    const known = this.#records.find(experiment, arm, seed);
    if (known !== null) return known;
    const kept = Object.fromEntries(Object.entries(of.config.actions).filter(([type]) => only?.types(type) ?? true));
    const within: PaperConfig = { ...of, config: { ...of.config, actions: kept } };
    const world = await this.world(within, seed, {
      ...(dataShare === undefined ? {} : { dataShare }),
      ...(only === undefined ? {} : { types: only.name }),
    });
    const started = performance.now();
    const roles = await openRoles(policy, { ...this.options, config: world.config, runId: `${experiment} ${arm} ${seed}` });
    const points = { trials: trials === usualTrials ? [10, trials] : [trials], steps: trials === usualTrials ? [400, 800, 1600] : [] };
    const start = only?.start?.(await this.world(of, seed)) ?? [];
    const record = await runSearch({ experiment, arm, worldNumber: seed, world, roles, trials, points, start });
    this.#records.add(record);
    const final = record.readings.find(({ at }) => at === `${trials} trials`)?.final;
    print(`${experiment}, ${arm}, seed ${seed}: final ${final?.toFixed(3)} (${Math.round((performance.now() - started) / 1000)} s)`);
    return record;
  }

  /** Runs of another budget, or of another config of the same name, are other runs. */
  #experimentOf({ config, isShipped }: PaperConfig): string {
    const budget = this.options.trials === usualTrials ? "" : `, ${this.options.trials} trials`;
    if (isShipped) return `${config.name}${budget}`;
    const { models, datasets, tasks, actions, merge_parents, mixture_datasets, max_depth } = config;
    const what = canonicalJson({ models, datasets, tasks, actions, merge_parents, mixture_datasets, max_depth });
    return `${config.name} ${createHash("sha256").update(what).digest("hex").slice(0, 8)}${budget}`;
  }

  /** What a result of this config was measured on. */
  basis({ config }: PaperConfig, world: LabWorld, seeds = this.options.seeds): Basis {
    const weights = taskWeights(config, []);
    const all = [...Object.values(config.datasets), ...Object.values(config.tasks)];
    return {
      config: config.name,
      isTiny: all.every((each) => "path" in each && each.path.startsWith("tiny-world:")),
      base: Object.values(world.config.models)[0]?.path ?? "",
      seeds: [...seeds],
      trials: this.options.trials,
      tasks: weights.map(({ task, weight }) => {
        const items = world.items[task] ?? { search: 0, final: 0 };
        return { id: task, weight, items: { search: items.search, final: items.final } };
      }),
    };
  }

  #registrarOf(): Lab {
    const { network, python, cache } = this.options;
    if (!network) return this.#lab;
    this.#registrar ??= new Lab({ python, home: cache, lanes: 1, network: true });
    return this.#registrar;
  }

  async close(): Promise<void> {
    await this.#lab.close();
    await this.#registrar?.close();
  }
}
