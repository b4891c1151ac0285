import path from "node:path";
import { openStore } from "#src/store/open-store.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { Conductor } from "../conductor/conductor.ts";
import type { DiscoveryContext } from "./context.ts";
import { createDiscoveryGraph } from "./index.ts";

let opened: Promise<DiscoveryContext> | null = null;

/** A folder of its own and scripted jobs: looking at the graph trains nothing and touches no run of yours. */
async function openStudio(): Promise<DiscoveryContext> {
  const home = path.resolve(process.env["TEMPER_STUDIO_HOME"] ?? path.join(".temper", "studio"));
  const conductor = new Conductor({ store: await openStore({ home }), home, executor: createScriptedExecutor() });
  return (await conductor.open()).context;
}

/** The discovery graph as LangGraph's own tools open it (`langgraph.json`); nothing is opened before a node runs. */
export const graph = createDiscoveryGraph(() => (opened ??= openStudio()));
