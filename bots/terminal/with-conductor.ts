import { Conductor } from "#graphs/conductor/conductor.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { OpenedHome } from "./home.ts";
import { openExecutor } from "./open-executor.ts";
import type { Terminal } from "./terminal.ts";

/** A conductor of this home for `work`, on the executor that the config asks for; closed after. */
export async function withConductor<T>(
  terminal: Terminal,
  opened: OpenedHome,
  config: RunConfig,
  work: (conductor: Conductor) => Promise<T>,
): Promise<T> {
  const executor = await openExecutor(opened, config);
  const databaseUrl = terminal.env["TEMPER_DATABASE_URL"];
  const conductor = new Conductor({
    store: opened.store,
    home: opened.home,
    executor,
    env: terminal.env,
    now: () => terminal.now(),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  try {
    return await work(conductor);
  } finally {
    await conductor.close();
    await executor.close();
  }
}
