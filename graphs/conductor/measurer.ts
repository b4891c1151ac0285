import type { PoolModel } from "#src/pool/objects.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { evaluateBase } from "./evaluate-base.ts";
import { lateModels } from "./late-models.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { measureLate } from "./measure-late.ts";
import type { RunView } from "./run-view.ts";

interface MeasurerDeps {
  context: DiscoveryContext;
  leases: LeaseKeeper;
  runId: string;
  leave: AbortSignal;
}

/** Measures models outside of trials: bases, and models of before on tasks that joined. */
export class Measurer {
  /** Models that a lane of this conductor measures now. */
  readonly busy = new Set<string>();
  /** Those that could not be measured on what joined. */
  readonly givenUp = new Set<string>();
  readonly #deps: MeasurerDeps;

  constructor(deps: MeasurerDeps) {
    this.#deps = deps;
  }

  /** Measures a model, unless another conductor does: then false. `onClaimed` is called once it is sure. */
  async measure(model: PoolModel, view: RunView, onClaimed: () => void): Promise<boolean> {
    const { context, leases, runId, leave } = this.#deps;
    const resource = `run:${runId}:base:${model.id}`;
    if (!(await leases.acquire(resource))) return false;
    this.busy.add(model.id);
    onClaimed();
    try {
      if (model.trial === null) await evaluateBase(context, view, model, leave);
      else if (!(await measureLate(context, view, model, leave))) this.givenUp.add(model.id);
    } finally {
      this.busy.delete(model.id);
      await leases.release(resource);
    }
    return true;
  }

  /** The view as everything stands now: read anew when something joined the run, and again when that is measured. */
  async freshView(): Promise<RunView> {
    const { context, runId } = this.#deps;
    for (;;) {
      const { view } = await context.desk(runId);
      await view.refresh();
      if (!view.isOutgrown && !view.hasLateScores) await this.#settle(view);
      if (!view.isOutgrown) return view;
    }
  }

  async #settle(view: RunView): Promise<void> {
    const { store } = this.#deps.context;
    const left = await lateModels(store, view.run);
    if (this.busy.size > 0 || left.some(({ id }) => !this.givenUp.has(id))) return;
    await view.noticeLateScores();
    const live = new Set((await store.trials.live(view.runId)).map(({ number }) => number));
    view.hasLateScores = view.run.tasks.every(({ joined }) => joined?.trials.some((number) => live.has(number)) !== true);
  }
}
