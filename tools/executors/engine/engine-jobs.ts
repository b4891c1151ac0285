import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, EngineJob, Place } from "./engine.ts";

/** Attempts that are looked at together reach this a moment apart: their directories are read first. */
const gatherMs = 10;
/** Attempts that nobody asked for in this time are no longer looked up. */
const forgottenMs = 60_000;

interface View {
  /** When the engine was asked, by the monotonic clock. */
  askedAt: number;
  jobs: ReadonlyMap<string, EngineJob>;
  asked: ReadonlySet<string>;
}

/**
 * What an engine says of all attempts that are followed, in one question for all of them: schedulers of big clusters
 * suffer when everybody asks for each job by itself.
 */
export class EngineJobs {
  readonly #engine: Engine;
  readonly #refreshMs: number;
  readonly #followed = new Map<string, { place: Place; usedAt: number }>();
  #view: View = { askedAt: -Infinity, jobs: new Map(), asked: new Set() };
  #asking: Promise<View> | null = null;

  constructor(engine: Engine, refreshMs: number) {
    this.#engine = engine;
    this.#refreshMs = refreshMs;
  }

  /**
   * The job of an attempt, at most `refreshMs` old; null when the engine does not know it.
   * @throws EngineUnreachableError.
   */
  async find(place: Place): Promise<EngineJob | null> {
    const now = performance.now();
    this.#followed.set(place.id, { place, usedAt: now });
    let view = this.#view;
    while (!view.asked.has(place.id) || now - view.askedAt > this.#refreshMs) {
      this.#asking ??= this.#ask().finally(() => (this.#asking = null));
      view = await this.#asking;
      if (view.askedAt >= now) break;
    }
    return view.jobs.get(place.id) ?? null;
  }

  /** Has the next look ask the engine. */
  refresh(): void {
    this.#view = { ...this.#view, askedAt: -Infinity };
  }

  async #ask(): Promise<View> {
    await sleep(gatherMs);
    const askedAt = performance.now();
    for (const [id, { usedAt }] of this.#followed) if (askedAt - usedAt > forgottenMs) this.#followed.delete(id);
    const places = [...this.#followed.values()].map(({ place }) => place);
    const jobs = await this.#engine.list(places);
    this.#view = { askedAt, jobs, asked: new Set(places.map(({ id }) => id)) };
    return this.#view;
  }
}
