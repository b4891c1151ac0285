import { parentPort, workerData } from "node:worker_threads";
import { openStore } from "#src/store/open-store.ts";
import { lowerPriority } from "../threads/lower-priority.ts";
import { createLog } from "./create-log.ts";
import { RunKeeper } from "./run-keeper.ts";

/** What the thread is started with. */
export interface ThreadData {
  home: string;
  databaseUrl: string | undefined;
}

/** What it is told: take no new trials; let go at once. */
export type ThreadOrder = "drain" | "leave";

// Choosing what to do next takes a second of a core at times; who waits for an answer goes first.
lowerPriority(5);
const { home, databaseUrl }: ThreadData = workerData;
const now = () => new Date();
const store = await openStore(databaseUrl === undefined ? { home, now } : { databaseUrl, now });
/** Lines go to the one who writes the log. */
const log = createLog({ env: process.env, destination: { write: (line) => parentPort?.postMessage(line) } });
const keeper = new RunKeeper({ store, home, databaseUrl, env: process.env, log, now });

parentPort?.on("message", (order: ThreadOrder) => {
  if (order === "drain") keeper.drain();
  else keeper.leave();
});
await keeper.run();
await store.close();
parentPort?.close();
