import type { RunStatus } from "#src/service/run-status.ts";
import type { Run } from "#src/store/store.ts";
import type { AnswerFile } from "../answer.ts";
import type { Desk } from "../desk.ts";
import { statusMessage } from "../render/status-message.ts";
import { words } from "../wire/message-content.ts";
import { type Board, editEveryMs, platform } from "./board.ts";
import { milestonesOf, type Milestone } from "./milestones.ts";
import type { Places } from "./places.ts";
import { statusFacts } from "./status-facts.ts";

/** What runs are shown with. */
export interface ShowContext {
  desk: Desk;
  board: Board;
  places: Places;
}

/** The chart of a run that goes on is drawn anew no more often than this: it costs a fifth of a second of one core. */
const chartEveryMs = 60_000;

/** Events that are passed over at a look: of a long run the first looks have more. */
const mostEvents = 1000;

interface Chart {
  png: Buffer | null;
  /** What it was drawn for. */
  basis: string;
  drawnAt: number;
}

/** Keeps the status message and the milestones of one run. */
export class RunShow {
  readonly #context: ShowContext;
  #chart: Chart = { png: null, basis: "", drawnAt: Number.NEGATIVE_INFINITY };
  /** The last event of the run that its messages were told from. */
  #lastEvent = 0;
  /** Milliseconds since the epoch. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** An edit came too soon after another. */
  #isBehind = false;

  constructor(context: ShowContext) {
    this.#context = context;
  }

  /** Brings its messages up to date in the run's channel: at once when something happened, else when an edit may be made. */
  async keep(run: Run, channel: string): Promise<void> {
    const { desk, board } = this.#context;
    const row = await desk.store.messages.find(platform, "status", run.id);
    const mayEdit = row === null || board.mayEdit(row);
    const now = desk.now().getTime();
    const isDue = mayEdit && (this.#isBehind || now - this.#lookedAt >= editEveryMs);
    if (!(await this.#hasNews(run)) && !isDue) return;
    this.#lookedAt = now;
    this.#isBehind = !mayEdit;
    const facts = await statusFacts(desk.store, run, desk.now());
    const isOver = facts.status.run.endedAt !== null;
    if (mayEdit) {
      const chart = await this.#drawn(facts.status, row !== null);
      const content = statusMessage(facts.status, { secondsLeft: facts.secondsLeft, chart });
      await board.show({ kind: "status", subject: run.id, runId: run.id, channel, content, isLast: isOver });
    }
    for (const milestone of milestonesOf(facts)) await this.#tell(run, channel, milestone);
  }

  /** True when events came that nobody has looked at yet. */
  async #hasNews(run: Run): Promise<boolean> {
    const events = await this.#context.desk.store.events.list(run.id, this.#lastEvent, mostEvents);
    this.#lastEvent = events.at(-1)?.id ?? this.#lastEvent;
    return events.length > 0;
  }

  /** The chart as it is; a new one comes with a later edit, for words need not wait for it. */
  async #drawn({ run, best, progress: { chosen } }: RunStatus, isShown: boolean): Promise<Buffer | null> {
    const isOver = run.endedAt !== null;
    const basis = `${best?.model ?? null}/${chosen}/${isOver}`;
    const now = this.#context.desk.now().getTime();
    if (chosen === 0 || basis === this.#chart.basis) return this.#chart.png;
    if (!isOver && now - this.#chart.drawnAt < chartEveryMs) return this.#chart.png;
    this.#chart = { ...this.#chart, basis, drawnAt: now };
    const isFirst = this.#chart.png === null;
    const drawing = this.#draw(run.id);
    // But for the last one, which stays, and the one that a process before this one has shown.
    if (isOver || (isShown && isFirst)) await drawing;
    return this.#chart.png;
  }

  async #draw(runId: string): Promise<void> {
    const { desk } = this.#context;
    const { basis } = this.#chart;
    const png = await desk.pictures.ofRun(runId, "best-so-far").catch(() => null);
    if (this.#chart.basis !== basis) return;
    this.#chart = { ...this.#chart, png };
    this.#isBehind = true;
    desk.wake();
  }

  async #tell(run: Run, channel: string, { name, text, figures }: Milestone): Promise<void> {
    const { desk, board } = this.#context;
    const subject = `${run.id}:${name}`;
    const known = await desk.store.messages.find(platform, "milestone", subject);
    if (known !== null && (known.message !== null || known.state === "gone")) return;
    const files: AnswerFile[] = [];
    for (const { figure, model } of figures) {
      const content = await desk.pictures.ofRun(run.id, figure, model);
      if (content !== null) files.push({ name: `${figure}.png`, content });
    }
    const embeds = [{ description: text.slice(0, 4000), footer: { text: `${run.id} · ${name}`.slice(0, 2000) } }];
    await board.show({ kind: "milestone", subject, runId: run.id, channel, content: words("", { embeds, files }), isLast: true });
  }
}
