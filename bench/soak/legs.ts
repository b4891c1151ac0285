import { rayExecutorSchema, slurmExecutorSchema } from "#src/config/engine-config.ts";
import { createRng } from "#src/policy/rng.ts";
import { createRayEngine } from "#tools/executors/ray/create-ray-engine.ts";
import { createSlurmEngine } from "#tools/executors/slurm/create-slurm-engine.ts";
import type { Clusters } from "../engines/clusters.ts";
import type { Leg } from "./leg.ts";
import type { OwnPostgres } from "#tests/fixtures/own-postgres.ts";
import { backend, conductor, Head, runner, script, worker } from "./victims.ts";

/** A node that a slurmctld drained when it came back needs somebody who resumes it: see docs/executors.md. */
const tendSlurmMs = 10_000;

/** This machine's slots, with the state on PostgreSQL. */
export function localLeg(smoke: boolean, postgres: OwnPostgres): Leg {
  const times = smoke
    ? { conductor: 4, worker: 1, runner: 2, script: 2, backend: 3 }
    : { conductor: 40, worker: 8, runner: 24, script: 24, backend: 24 };
  return {
    name: "soak-local",
    executor: { kind: "local" },
    databaseUrl: postgres.databaseUrl,
    environment: {},
    engine: null,
    victims: [
      conductor(times.conductor),
      worker(times.worker),
      runner(times.runner),
      script(times.script),
      backend(times.backend, postgres, createRng(6, "soak", "backends")),
    ],
    trials: smoke ? 8 : 90,
  };
}

/** A Slurm of one node. */
export async function slurmLeg(smoke: boolean, clusters: Clusters): Promise<Leg> {
  const times = smoke ? { conductor: 1, runner: 1, script: 1, head: 2 } : { conductor: 14, runner: 12, script: 12, head: 12 };
  const cluster = await clusters.slurm();
  const settings = slurmExecutorSchema.parse({ kind: "slurm", gpus_per_job: 0 });
  const rng = createRng(6, "soak", "slurmctld");
  return {
    name: "soak-slurm",
    executor: { kind: "slurm", gpus_per_job: 0 },
    databaseUrl: null,
    environment: cluster.environment,
    engine: createSlurmEngine(settings, { ...process.env, ...cluster.environment }),
    victims: [
      conductor(times.conductor),
      runner(times.runner),
      script(times.script),
      new Head("slurmctld", times.head, { cluster, rng, tendMs: tendSlurmMs }),
    ],
    trials: smoke ? 5 : 60,
  };
}

/** A Ray of one node. */
export async function rayLeg(smoke: boolean, clusters: Clusters): Promise<Leg> {
  const times = smoke ? { conductor: 1, runner: 0, script: 1, head: 1 } : { conductor: 10, runner: 7, script: 7, head: 6 };
  const cluster = await clusters.ray();
  const executor = { kind: "ray", gpus_per_job: 0, address: cluster.address };
  const rng = createRng(6, "soak", "ray head");
  return {
    name: "soak-ray",
    executor,
    databaseUrl: null,
    environment: cluster.environment,
    engine: createRayEngine(rayExecutorSchema.parse(executor), process.env),
    victims: [
      conductor(times.conductor),
      runner(times.runner),
      script(times.script),
      new Head("ray head", times.head, { cluster, rng, tendMs: null }),
    ],
    trials: smoke ? 4 : 40,
  };
}
