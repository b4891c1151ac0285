import { existsSync } from "node:fs";
import { join } from "node:path";
import { TemperError } from "#src/errors.ts";
import { openStore, type StorePlace } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { broken, type Finding, note, ok } from "./finding.ts";

/** What `conductor:…` leases are called and what a lease's holder says of its process. */
async function describeContents(store: Store, nowMs: number): Promise<Finding[]> {
  const runs = await store.runs.list();
  const going = runs.filter((run) => run.state === "running" || run.state === "stopping");
  const findings = [ok("database", `${store.dialect}, ${runs.length} ${runs.length === 1 ? "run" : "runs"}, ${going.length} going on`)];
  const leases = await store.leases.list("", nowMs);
  const holders = [...new Set(leases.map((lease) => lease.holder.split("/").slice(0, 3).join("/")))];
  if (holders.length > 0) findings.push(note("conductor", `at work: ${holders.map(describeHolder).join(", ")}`));
  else if (going.length > 0) {
    findings.push(note("conductor", `none is at work on ${going.map((run) => run.name).join(", ")}`, "Go on with: temper start FILE"));
  }
  return findings;
}

function describeHolder(holder: string): string {
  const [host, , pid] = holder.split("/");
  return pid === undefined ? holder : `process ${pid} on ${host}`;
}

/** Opens the database when there is one; a home without one is as good. */
export async function checkDatabase(home: string, databaseUrl: string | undefined, nowMs: number): Promise<Finding[]> {
  if (databaseUrl === undefined && !existsSync(join(home, "temper.db"))) return [note("database", "none yet; the first run makes it")];
  const place: StorePlace = databaseUrl === undefined ? { home } : { databaseUrl };
  try {
    const store = await openStore(place);
    try {
      return await describeContents(store, nowMs);
    } finally {
      await store.close();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof TemperError ? "The line says what to do." : "Move the file aside and start anew, or restore a copy.";
    return [broken("database", message, remedy)];
  }
}
