import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineUnreachableError } from "#tools/executors/engine/engine-unreachable-error.ts";
import type { Engine, EngineJob, JobStart, Place, Submission } from "#tools/executors/engine/engine.ts";

/** An engine that says what a test tells it to say, and runs nothing. */
export class FakeEngine implements Engine {
  readonly kind = "slurm";
  readonly title = "The engine";
  takesAgain = true;
  readonly jobs = new Map<string, EngineJob>();
  readonly submitted: string[] = [];
  readonly ended: string[] = [];
  /** How often it was asked for jobs. */
  questions = 0;
  isDown = false;
  answer: Submission = { kind: "accepted", job: "7" };

  async submit({ id }: JobStart): Promise<Submission> {
    this.#mustAnswer();
    this.submitted.push(id);
    if (this.answer.kind === "accepted") this.jobs.set(id, { state: "queued", detail: "waits (Priority)" });
    return this.answer;
  }

  async list(places: readonly Place[]): Promise<Map<string, EngineJob>> {
    this.questions += 1;
    this.#mustAnswer();
    return new Map(places.flatMap(({ id }) => this.#entry(id)));
  }

  async liveBelow(directory: string): Promise<Place[]> {
    this.#mustAnswer();
    return [...this.jobs].flatMap(([id, { state }]) =>
      state === "queued" || state === "running" ? [{ id, directory: join(directory, id) }] : [],
    );
  }

  async end({ id }: Place): Promise<void> {
    this.#mustAnswer();
    this.ended.push(id);
    if (this.jobs.has(id)) this.jobs.set(id, { state: "cancelled", detail: "cancelled" });
  }

  close(): void {}

  say(id: string, state: EngineJob["state"], detail = `is ${state}`): void {
    this.jobs.set(id, { state, detail });
  }

  #entry(id: string): [string, EngineJob][] {
    const job = this.jobs.get(id);
    return job === undefined ? [] : [[id, job]];
  }

  #mustAnswer(): void {
    if (this.isDown) throw new EngineUnreachableError("The engine does not answer");
  }
}

/** Claims an attempt as a runner on another host would. */
export async function claimElsewhere({ id, directory }: Place): Promise<void> {
  const claim = { attempt: id, host: "node-7", boot_id: "b", pid: 4242, start_ticks: 1, claimed_at: 1_700_000_000 };
  await writeFile(join(directory, "claim.json"), JSON.stringify(claim));
}
