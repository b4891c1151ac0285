import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rayExecutorSchema } from "#src/config/engine-config.ts";
import { EngineUnreachableError } from "#tools/executors/engine/engine-unreachable-error.ts";
import type { Engine } from "#tools/executors/engine/engine.ts";
import { createRayEngine, submissionId } from "#tools/executors/ray/create-ray-engine.ts";
import { FakeDashboard } from "./fake-dashboard.ts";

const start = { id: "abc-1", directory: "/home/it's/jobs/abc-1", script: "/home/it's/jobs/abc-1/job.sh", wallSeconds: 60 };
const id = submissionId(start);
let dashboard: FakeDashboard;
let address: string;
beforeEach(async () => {
  dashboard = new FakeDashboard();
  address = await dashboard.start();
});
afterEach(async () => {
  await dashboard.stop();
});

function engine(more: object = {}, { waitForNodesMs = 0, token }: { waitForNodesMs?: number; token?: string } = {}): Engine {
  const settings = rayExecutorSchema.parse({ kind: "ray", address, gpus_per_job: 0, ...more });
  return createRayEngine(settings, token === undefined ? {} : { RAY_AUTH_TOKEN: token }, { waitForNodesMs });
}
const find = async (of: Engine) => (await of.list([start])).get(start.id);

describe("a submission to Ray", () => {
  it("asks for what the config says, by Ray's names, and carries the attempt", async () => {
    await engine({ gpus_per_job: 1, entrypoint_num_cpus: 2, runtime_env: { image_uri: "x:1" } }).submit(start);
    expect(JSON.parse(dashboard.submitted.get(id) ?? "")).toEqual({
      entrypoint: String.raw`exec /bin/bash '/home/it'\''s/jobs/abc-1/job.sh'`,
      submission_id: id,
      entrypoint_num_cpus: 2,
      entrypoint_num_gpus: 1,
      runtime_env: { image_uri: "x:1" },
      metadata: { temper_attempt: "abc-1", temper_directory: start.directory },
    });
    expect(id).toMatch(/^abc-1-[0-9a-f]{8}$/);
  });

  it("attaches to the job that is there", async () => {
    await engine().submit(start);
    expect(await engine().submit(start)).toEqual({ kind: "accepted", job: id });
    expect(dashboard.submitted.size).toBe(1);
  });

  it("is refused when no node ever has what it asks for, and never sent", async () => {
    dashboard.nodes = [{ CPU: 4, GPU: 1 }, { CPU: 64 }];
    const answer = await engine({ gpus_per_job: 2 }).submit(start);
    expect(answer).toMatchObject({ kind: "rejected", why: expect.stringMatching(/asks for \(1 CPU, 2 GPU\).*largest have 64 CPU, 1 GPU/) });
    expect(await engine({ gpus_per_job: 1, entrypoint_num_cpus: 8 }).submit(start)).toMatchObject({ kind: "rejected" });
    expect(dashboard.submitted.size).toBe(0);
  });

  it("waits for nodes that may still join", async () => {
    dashboard.nodes = [];
    const joining = engine({}, { waitForNodesMs: 60_000 });
    await expect(joining.submit(start)).rejects.toThrow(EngineUnreachableError);
    await expect(engine({ autoscaling: true }).submit(start)).resolves.toMatchObject({ kind: "accepted" });
  });

  it("tells the cluster's token to Ray alone", async () => {
    await engine({}, { token: "secret" }).submit(start);
    expect(dashboard.headers.at(-1)).toMatchObject({ authorization: "Bearer secret" });
    expect(dashboard.submitted.get(id)).not.toContain("secret");
  });
});

describe("a job of Ray", () => {
  it.each([
    [{ status: "PENDING" }, "queued"],
    [{ status: "RUNNING" }, "running"],
    [{ status: "STOPPED" }, "cancelled"],
    [{ status: "SUCCEEDED", driver_exit_code: 0 }, "ended"],
    [{ status: "FAILED", error_type: "JOB_ENTRYPOINT_COMMAND_ERROR", driver_exit_code: 3 }, "ended"],
    [{ status: "FAILED", error_type: "JOB_SUPERVISOR_ACTOR_DIED", driver_exit_code: null }, "lost"],
  ])("%j is %s", async (job, state) => {
    dashboard.jobs.set(id, job);
    expect(await find(engine())).toMatchObject({ state });
  });

  it("is told of in one line, without the log that Ray adds", async () => {
    const message = "Job entrypoint command failed with exit code -9, last available logs (truncated to 20,000 chars):\nstep 1\n";
    dashboard.jobs.set(id, { status: "FAILED", driver_exit_code: -9, message });
    const detail = `Ray job ${id} is FAILED (exit code -9, Job entrypoint command failed with exit code -9)`;
    expect(await find(engine())).toMatchObject({ state: "ended", detail });
  });

  it("is not known after the head started again", async () => {
    expect(await find(engine())).toBeUndefined();
  });

  it("waits in vain when the nodes that it needs are gone", async () => {
    const started = engine({ gpus_per_job: 1 });
    await started.submit(start);
    dashboard.nodes = [{ CPU: 4 }];
    expect(await find(engine({ gpus_per_job: 1 }))).toMatchObject({ state: "stuck", detail: expect.stringContaining("1 GPU") });
  });

  it("cannot be asked for while Ray does not answer", async () => {
    const asked = engine();
    await dashboard.stop();
    await expect(find(asked)).rejects.toThrow(/Ray does not answer at http:\/\/127/);
    address = await (dashboard = new FakeDashboard()).start();
  });
});
