import { join } from "node:path";
import { ensureModels } from "#graphs/conductor/ensure-models.ts";
import { findModel } from "#src/service/find-model.ts";
import type { Run } from "#src/store/store.ts";
import { exitCodes, type ExitCode } from "./exit-code.ts";
import type { OpenedHome } from "./home.ts";
import type { Terminal } from "./terminal.ts";
import { withConductor } from "./with-conductor.ts";

/** Makes a model again when its files are not there, and what it stands on. */
export async function remakeModel(
  terminal: Terminal,
  opened: OpenedHome,
  run: Run,
  which: string,
): Promise<{ code: ExitCode; text: string; value: Record<string, unknown> }> {
  const model = await findModel(opened.store, run, which);
  const lacking = await withConductor(terminal, opened, run.config, async (conductor) => {
    const { context } = await conductor.open();
    const { view } = await context.desk(run.id);
    await view.refresh();
    return ensureModels(context, view, [model.id], { trial: null, batch: null });
  });
  const path = model.trial === null ? model.path : join(opened.home, "models", model.key);
  if (lacking === null) {
    return { code: exitCodes.done, text: `${model.id} is there: ${path}`, value: { model: model.id, status: "ok", path } };
  }
  const why = lacking.status === "failed" ? lacking.detail : lacking.why;
  return { code: exitCodes.failed, text: `${model.id} is not there: ${why}`, value: { model: model.id, status: lacking.status, why } };
}
