import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRng, type Rng } from "#src/policy/rng.ts";
import type { Job } from "#src/store/store.ts";
import type { Bench } from "./bench.ts";
import { HomeWatch } from "./kills/check-home.ts";
import { startConductor, type Started } from "./kills/start-conductor.ts";
import { findRunner, findScript, findWorker, victimKinds, type VictimKind } from "./kills/victims.ts";
import { findOrphans, findStuck } from "./soak/check-leftovers.ts";
import { readOrder, replayOrder } from "./soak/replay-order.ts";
import { compareTables, readRunTable, type TableRow } from "./temper/run-table.ts";
import { fewBaselines, writeWorldConfig } from "./temper/world-config.ts";

const name = "soak";
const lanes = 4;
const lookMs = 150;
/** What is killed twice is given up by triage, and rightly so. */
const mostKillsOfOneKey = 1;
/** A victim of the drawn kind is waited for so long. */
const longestWaitMs = 5000;
/** Of 20 kills. A new warm worker imports for 10 s and more, so it is killed less often. */
const shares: Readonly<Record<VictimKind, number>> = { conductor: 9, worker: 1, runner: 5, script: 5 };

interface Fire {
  root: string;
  home: string;
  args: readonly string[];
  kills: number;
  /** Trials that the run has about. */
  trials: number;
  print(line: string): void;
}

/** A run with four lanes in which things are killed at random moments, until enough were; then it may end. */
class Soak {
  readonly count: Record<VictimKind, number> = { conductor: 0, worker: 0, runner: 0, script: 0 };
  readonly watch: HomeWatch;
  readonly #fire: Fire;
  readonly #rng: Rng;
  readonly #hit = new Map<string, number>();
  #conductor: Started;

  constructor(fire: Fire, rng: Rng) {
    this.#fire = fire;
    this.#rng = rng;
    this.watch = new HomeWatch(fire.home, name);
    this.#conductor = startConductor(fire.root, fire.args);
  }

  get done(): number {
    return victimKinds.reduce((sum, kind) => sum + this.count[kind], 0);
  }

  async run(): Promise<void> {
    const { root, args, kills, trials, print } = this.#fire;
    let wanted = this.#pick();
    // Moments all over the run, whatever the machine's speed: after so many finished trials, plus up to two seconds.
    const moments = Array.from({ length: kills }, () => this.#rng.uniform() * trials * 0.8).toSorted((a, b) => a - b);
    let nextAt: number | null = null;
    let since = performance.now();
    for (;;) {
      await sleep(lookMs);
      const { live, finished, isOver } = await this.watch.look();
      if (isOver) break;
      if (this.#conductor.hasEnded) this.#conductor = startConductor(root, args);
      if (this.done >= kills || finished < Math.floor(moments[this.done] ?? 0)) continue;
      nextAt ??= performance.now() + this.#rng.uniform() * 2000;
      if (performance.now() < nextAt) continue;
      const pid = await this.#kill(wanted, live);
      if (pid === null) {
        // It is not there just now; when it does not come, something else is killed.
        if (performance.now() - since > longestWaitMs) wanted = this.#pick();
        continue;
      }
      this.count[wanted] += 1;
      print(`kill ${this.done} of ${kills}: ${wanted} (pid ${pid}) with ${finished} trials finished`);
      wanted = this.#pick();
      nextAt = null;
      since = performance.now();
    }
    await this.#conductor.gone;
  }

  #pick(): VictimKind {
    const open = victimKinds.filter((kind) => this.count[kind] < Math.ceil((this.#fire.kills * shares[kind]) / 20));
    return this.#rng.pick(open.length > 0 ? open : victimKinds);
  }

  async #kill(kind: VictimKind, live: readonly Job[]): Promise<number | null> {
    const fresh = live.filter(({ key }) => (this.#hit.get(key) ?? 0) < mostKillsOfOneKey);
    const job = fresh.length === 0 ? undefined : this.#rng.pick(fresh);
    const pid = await this.#find(kind, job);
    if (pid === null) return null;
    process.kill(pid, "SIGKILL");
    if (kind === "conductor") await this.#conductor.gone;
    if (job !== undefined && (kind === "runner" || kind === "script")) this.#hit.set(job.key, (this.#hit.get(job.key) ?? 0) + 1);
    return pid;
  }

  async #find(kind: VictimKind, job: Job | undefined): Promise<number | null> {
    if (kind === "conductor") return this.#conductor.hasEnded ? null : this.#conductor.pid;
    if (kind === "worker") return findWorker(this.#fire.home);
    const runner = job === undefined ? null : await findRunner(job);
    return kind === "runner" || runner === null ? runner : findScript(runner);
  }
}

/** Rows without what depends on the numbers that lanes gave: those of lessons, and of the trials themselves. */
function comparable(rows: readonly TableRow[], order: readonly string[]): TableRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return order.flatMap((key, index) => {
    const row = byKey.get(key);
    return row === undefined ? [] : [{ ...row, number: index + 1, lesson: null }];
  });
}

/** Four lanes under fire against the recorded order in peace. */
export const bench: Bench = {
  name,
  describe: "4 lanes, 200 SIGKILLs at random over conductor, worker, runner and script: the recorded order in peace gives the same table",
  async run({ root, scratch, smoke, print }) {
    const kills = smoke ? 20 : 200;
    const trials = smoke ? 14 : 150;
    const more = { ...(smoke ? { baselines: fewBaselines } : {}), policy: "lookahead" };
    const file = writeWorldConfig(
      { root, example: "three-skills.yaml", directory: scratch },
      { name, world: 0, seed: 6, lanes, trials, more },
    );
    const home = join(scratch, "war");
    const args = ["start", file, "--home", home, "--yes", "--offline"];
    const soak = new Soak({ root, home, args, kills, trials, print }, createRng(6, "soak"));
    await soak.run();
    const { attempts, replies } = await soak.watch.lookAtEnd();
    const leftovers = [...(await findOrphans(home)), ...(await findStuck(home))];
    const order = await readOrder(home, name);
    print(`${soak.done} kills, ${order.length} trials in ${attempts} attempts; now the same order in peace`);
    const peace = join(scratch, "peace");
    await replayOrder({ root, home: peace, file, name }, order);
    const keys = order.map(({ key }) => key);
    const tables = await Promise.all([peace, home].map(async (each) => comparable(await readRunTable(each, name), keys)));
    const differences = [...soak.watch.problems, ...leftovers, ...compareTables(tables[0] ?? [], tables[1] ?? [])];
    for (const difference of differences.slice(0, 10)) print(difference);
    return {
      value: differences.length,
      unit: "differences, violations and leftovers",
      target: `0 after ${kills} kills: same hashes and table; nothing finished lost; no key twice; 0 orphans, 0 stuck leases`,
      pass: differences.length === 0 && soak.done >= kills && order.length > 0,
      details: { kills: soak.done, ...soak.count, trials: order.length, attempts, replies, differences: differences.slice(0, 10) },
    };
  },
};
