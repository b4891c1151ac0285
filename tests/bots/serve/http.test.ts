import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startHttp, type HttpServer } from "#bots/serve/http.ts";
import type { Store } from "#src/store/store.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";

const silent = { info: () => undefined, warn: () => undefined };

describe("the HTTP endpoint of a server", () => {
  let world: ScriptedWorld;
  let server: HttpServer | null = null;
  const serve = async (store: Store, patienceMs?: number) => {
    server = await startHttp({ store, port: 0, log: silent, ...(patienceMs === undefined ? {} : { patienceMs }) });
    return server.url;
  };

  beforeEach(async () => {
    world = await openScriptedWorld({ budget: { trials: 3 }, executor: { kind: "scripted", lanes: 2 } });
  });
  afterEach(async () => {
    await server?.close();
    server = null;
    await world.close();
  });

  it("gives the figures of live runs in Prometheus's format", async () => {
    const { store, run } = world;
    await world.conductor({ pollMs: 5 }).follow(run.id);
    await store.runs.setState(run.id, ["finished"], "running", "once more");
    await store.devices.ensure("host", "cuda", 4);
    await store.devices.claim("host", "cuda", 3, "a-1");
    const response = await fetch(`${await serve(store)}/metrics`);
    expect(response.headers.get("content-type")).toContain("version=0.0.4");
    const lines = (await response.text()).split("\n");
    expect(lines).toContain('temper_runs{state="running"} 1');
    expect(lines).toContain(`temper_trials_total{run="${run.id}",kind="chosen"} 3`);
    expect(lines).toContain(`temper_lanes{run="${run.id}"} 2`);
    expect(lines).toContain('temper_devices{host="host",kind="cuda",state="held"} 3');
    expect(lines).toContain('temper_devices{host="host",kind="cuda",state="free"} 1');
    expect(lines.some((line) => line.startsWith("process_cpu_seconds_total "))).toBe(true);
    // Every line is a comment, a sample or empty: what a scraper accepts.
    const sample = /^[a-z_][a-z0-9_]*(\{[^}]*\})? (Na[nN]|[+-]Inf|[-+0-9.e]+)$/;
    for (const line of lines) expect(line).toMatch(line === "" || line.startsWith("# ") ? /^$|^# (HELP|TYPE) / : sample);
  });

  it("leaves runs that are over out of the series", async () => {
    const { store, run } = world;
    await world.conductor({ pollMs: 5 }).follow(run.id);
    const text = await (await fetch(`${await serve(store)}/metrics`)).text();
    expect(text).toContain('temper_runs{state="finished"} 1');
    expect(text).not.toContain(run.id);
  });

  it("says that it is well while the database answers", async () => {
    const response = await fetch(`${await serve(world.store)}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok", database: "sqlite", runs: 1, detail: "" });
  });

  it("answers 503 in time when the database does not answer, and when it fails", async () => {
    const hanging: Store = { ...world.store, runs: { ...world.store.runs, list: () => new Promise(() => undefined) } };
    const late = await fetch(`${await serve(hanging, 20)}/healthz`);
    expect(late.status).toBe(503);
    expect(await late.json()).toMatchObject({ status: "down", detail: "the database did not answer within 20 ms" });
    await server?.close();
    const failing: Store = { ...world.store, runs: { ...world.store.runs, list: async () => Promise.reject(new Error("gone away")) } };
    const url = await serve(failing);
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: "down", detail: "gone away" });
    expect((await fetch(`${url}/metrics`)).status).toBe(503);
  });

  it("refuses other paths and methods, and an address that is taken", async () => {
    const url = await serve(world.store);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: "POST" })).status).toBe(405);
    const port = Number(new URL(url).port);
    await expect(startHttp({ store: world.store, port, log: silent })).rejects.toThrow(`Nothing can be served on 127.0.0.1:${port}`);
  });
});
