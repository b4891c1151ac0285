import type { ClusterSize } from "#tests/engines/cluster.ts";
import { EngineStartError } from "#tests/engines/run-script.ts";
import { type RayCluster, startRay } from "#tests/engines/start-ray.ts";
import { startSlurm } from "#tests/engines/start-slurm.ts";
import type { BenchResult } from "../bench.ts";

/** The clusters of a benchmark, started one after the other when they are asked for and ended together. */
export class Clusters {
  readonly #size: ClusterSize;
  readonly #started: { stop(): Promise<void> }[] = [];

  constructor(size: ClusterSize) {
    this.#size = size;
  }

  async slurm(): ReturnType<typeof startSlurm> {
    const cluster = await startSlurm(this.#size);
    this.#started.push(cluster);
    return cluster;
  }

  async ray(): Promise<RayCluster> {
    const cluster = await startRay(this.#size);
    this.#started.push(cluster);
    return cluster;
  }

  async stop(): Promise<void> {
    for (const cluster of this.#started.splice(0)) await cluster.stop();
  }
}

/** Measures with clusters; a machine that cannot have one gets a result that says what it lacks. */
export async function withClusters(
  size: ClusterSize,
  { unit, target }: Pick<BenchResult, "unit" | "target">,
  measure: (clusters: Clusters) => Promise<Omit<BenchResult, "unit" | "target">>,
): Promise<BenchResult> {
  const clusters = new Clusters(size);
  try {
    return { unit, target, ...(await measure(clusters)) };
  } catch (error) {
    if (!(error instanceof EngineStartError && error.isMissing)) throw error;
    return { value: null, unit, target, pass: null, details: { lacks: error.message } };
  } finally {
    await clusters.stop();
  }
}
