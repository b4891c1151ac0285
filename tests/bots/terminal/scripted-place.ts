import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store } from "#src/store/store.ts";
import { preparedObjects } from "#tests/graphs/scripted-world.ts";
import { RecordingTerminal } from "./recording-terminal.ts";

const names = ["math", "trivia", "common", "noisy"];

/** What a person would write, for the scripted executor. */
export function configText(parts: Record<string, unknown> = {}): string {
  return stringify({
    name: "scripted",
    models: { base: { path: "scripted/base" } },
    datasets: Object.fromEntries(names.map((name) => [name, { path: `scripted/${name}` }])),
    tasks: Object.fromEntries(
      names
        .slice(0, 3)
        .map((name) => [name, { kind: "generate", path: `scripted/${name}`, verifier: { kind: "exact" }, max_new_tokens: 8 }]),
    ),
    actions: { sft: { max_steps: [80, 20] }, merge_linear: {}, merge_ties: { density: [0.5, 0.8] } },
    policy: "lookahead",
    baselines: { noise_repeats: 0, ties_grid: false },
    budget: { trials: 4 },
    executor: { kind: "scripted" },
    ...parts,
  });
}

/** A folder with `temper.yaml` and a home whose run is registered but not driven yet. */
export interface ScriptedPlace {
  directory: string;
  home: string;
  store: Store;
  run: Run;
  terminal(person?: { answers?: string[]; env?: Record<string, string>; now?: () => Date }): RecordingTerminal;
  /** Writes another config. */
  write(parts: Record<string, unknown>, file?: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes it. The store stays open beside the commands, as another process would have it. */
export async function openScriptedPlace(parts: Record<string, unknown> = {}): Promise<ScriptedPlace> {
  const directory = await mkdtemp(join(tmpdir(), "temper-terminal-"));
  const home = join(directory, ".temper");
  const write = (changed: Record<string, unknown>, file = "temper.yaml") => writeFile(join(directory, file), configText(changed));
  await write(parts);
  await mkdir(home);
  const store = await openStore({ home });
  const config = await loadRunConfig(join(directory, "temper.yaml"));
  const run = await createRun(store, { config, prepared: preparedObjects(config, home), now: new Date() });
  return {
    directory,
    home,
    store,
    run,
    terminal: (person = {}) => new RecordingTerminal({ cwd: directory, ...person }),
    write,
    remove: async () => {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
