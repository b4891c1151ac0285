import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRng, type Rng } from "#src/policy/rng.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Job } from "#src/store/store.ts";
import type { Bench } from "./bench.ts";
import { HomeWatch } from "./kills/check-home.ts";
import { type Started, startConductor } from "./kills/start-conductor.ts";
import { findRunner, findScript, findWorker, victimKinds, type VictimKind } from "./kills/victims.ts";
import { runTemper } from "./temper/run-temper.ts";
import { compareTables, readRunTable } from "./temper/run-table.ts";
import { fewBaselines, writeWorldConfig } from "./temper/world-config.ts";

const name = "kills";
/** A job is tried again once; what is killed twice counts as failing, and rightly so. */
const mostKillsOfOneKey = 1;
const lookMs = 150;

/** Kills what is asked for if it is there; the key that the blow costs a try, or null for none. */
async function kill(
  kind: VictimKind,
  conductor: Started,
  home: string,
  live: readonly Job[],
): Promise<{ pid: number; key: string | null } | null> {
  const job = live[0];
  const runner = job === undefined ? null : await findRunner(job);
  const pids: Record<VictimKind, number | null> = {
    conductor: conductor.hasEnded ? null : conductor.pid,
    worker: await findWorker(home),
    runner,
    script: runner === null ? null : await findScript(runner),
  };
  const pid = pids[kind];
  if (pid === null) return null;
  process.kill(pid, "SIGKILL");
  return { pid, key: kind === "runner" || kind === "script" ? (job?.key ?? null) : null };
}

interface Blows {
  count: Record<VictimKind, number>;
  perKey: Map<string, number>;
}

/** Kills something at a random moment until enough was killed, starting the conductor again whenever it is gone; then lets the run end. */
async function runUnderFire(
  {
    root,
    home,
    args,
    kills,
    trials,
    watch,
    print,
  }: { root: string; home: string; args: readonly string[]; kills: number; trials: number; watch: HomeWatch; print(line: string): void },
  rng: Rng,
) {
  const blows: Blows = { count: { conductor: 0, worker: 0, runner: 0, script: 0 }, perKey: new Map() };
  let conductor = startConductor(root, args);
  // Moments all over the run, whatever the machine's speed: after so many finished trials, plus up to two seconds.
  const moments = Array.from({ length: kills }, () => rng.uniform() * (trials - 1)).toSorted((a, b) => a - b);
  let nextAt: number | null = null;
  let wanted: VictimKind = "conductor";
  let done = 0;
  for (;;) {
    await sleep(lookMs);
    const { live, finished, isOver } = await watch.look();
    if (isOver) break;
    if (conductor.hasEnded) conductor = startConductor(root, args);
    if (done >= kills || finished < Math.floor(moments[done] ?? 0)) continue;
    nextAt ??= performance.now() + rng.uniform() * 2000;
    if (performance.now() < nextAt) continue;
    const key = live[0]?.key ?? null;
    const isSpent = key !== null && (blows.perKey.get(key) ?? 0) >= mostKillsOfOneKey;
    const blow = isSpent && (wanted === "runner" || wanted === "script") ? null : await kill(wanted, conductor, home, live);
    if (blow === null) continue;
    if (wanted === "conductor") await conductor.gone;
    done += 1;
    blows.count[wanted] += 1;
    if (blow.key !== null) blows.perKey.set(blow.key, (blows.perKey.get(blow.key) ?? 0) + 1);
    print(`kill ${done} of ${kills}: ${wanted} (pid ${blow.pid}) with ${finished} trials finished`);
    // Every kind comes as often; which comes when is drawn.
    wanted = pickVictim(rng, blows, kills);
    nextAt = null;
  }
  await conductor.gone;
  return { blows, done };
}

function pickVictim(rng: Rng, blows: Blows, kills: number): VictimKind {
  const share = Math.ceil(kills / victimKinds.length);
  const open = victimKinds.filter((kind) => blows.count[kind] < share);
  return rng.pick(open.length > 0 ? open : victimKinds);
}

/** One run under fire against the same run in peace. */
export const bench: Bench = {
  name: "kills",
  describe: "conductor, worker, runner and script SIGKILLed at 20 random moments of one run: same final table, nothing lost, nothing twice",
  async run({ root, scratch, smoke, print }) {
    const kills = smoke ? 4 : 20;
    const more = smoke ? { baselines: fewBaselines } : {};
    const file = writeWorldConfig(
      { root, example: "three-skills.yaml", directory: scratch },
      { name, world: 0, seed: 5, lanes: 1, trials: smoke ? 4 : 16, more },
    );
    const args = (home: string) => ["start", file, "--home", home, "--yes", "--offline"];
    const [peace, war] = [join(scratch, "peace"), join(scratch, "war")];
    const calm = await runTemper({ root, args: args(peace), print: null });
    const expected = await readRunTable(peace, name);
    print(`undisturbed: ${expected.length} trials in ${calm.seconds.toFixed(0)} s`);
    const store = await openStore({ home: war });
    const watch = new HomeWatch(store, name);
    const { blows, done } = await runUnderFire(
      { root, home: war, args: args(war), kills, trials: expected.length, watch, print },
      createRng(5, "kills"),
    );
    const { attempts, replies } = await watch.lookAtEnd();
    await store.close();
    const differences = [...watch.problems, ...compareTables(expected, await readRunTable(war, name))];
    for (const difference of differences.slice(0, 10)) print(difference);
    const { count } = blows;
    return {
      value: differences.length,
      unit: "differences and violations",
      target: `0 after ${kills} kills: same final table; nothing finished lost; no key with two live attempts or two valid replies`,
      pass: differences.length === 0 && done === kills && expected.length > 0,
      details: { kills: done, ...count, trials: expected.length, attempts, replies, differences: differences.slice(0, 10) },
    };
  },
};
