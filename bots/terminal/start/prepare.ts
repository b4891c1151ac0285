import { CostModel } from "#src/budget/cost-model.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { prepareObjects } from "#tools/prepare.ts";
import type { OpenedHome } from "../home.ts";
import { openExecutor } from "../open-executor.ts";
import type { Terminal } from "../terminal.ts";

const silent = { info: () => undefined, warn: () => undefined };

/** Reads and registers the models, data and tasks of a config: fetched from a hub where they are not here, unless `offline`. */
export async function prepareForRun(terminal: Terminal, opened: OpenedHome, config: RunConfig, offline: boolean): Promise<PreparedObjects> {
  const executor = await openExecutor(opened, config);
  try {
    const costModel = new CostModel({ device: executor.device.kind });
    const context = { store: opened.store, executor, home: opened.home, costModel, now: () => terminal.now(), log: silent };
    return await prepareObjects(context, config, { offline });
  } finally {
    await executor.close();
  }
}
