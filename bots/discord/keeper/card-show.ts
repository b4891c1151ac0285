import { isBatchOver } from "#src/card/batch-result.ts";
import type { Card } from "#src/card/card.ts";
import type { Approval, Run, TrialState } from "#src/store/store.ts";
import type { CardSource } from "../card-source.ts";
import type { Desk } from "../desk.ts";
import { renderCard } from "../render/render-card.ts";
import { nonceOf } from "../wire/nonce.ts";
import { type Board, platform } from "./board.ts";

interface CardShowOptions {
  desk: Desk;
  board: Board;
  source: CardSource;
}

interface DrawnCard {
  card: Card;
  /** Key of what is decided; empty where there is none. */
  key: string;
  kind: "approval" | "proposal";
  subject: string;
  runId: string | null;
  channel: string;
  isLast: boolean;
}

const overStates = new Set<TrialState>(["done", "failed", "skipped"]);

/** Pictures of cards that are kept, so that an edit needs no drawing. */
const mostPictures = 200;

/** Keeps the cards: those that wait, and those that somebody decided, here or elsewhere. */
export class CardShow {
  readonly #options: CardShowOptions;
  readonly #pictures = new Map<string, Buffer | null>();

  constructor(options: CardShowOptions) {
    this.#options = options;
  }

  /** Shows the card of a proposal in a channel. */
  async showProposal(id: string, channel: string, runId: string | null): Promise<void> {
    const nonce = nonceOf("proposal", id, channel);
    await this.#options.desk.store.messages.reserve({ platform, kind: "proposal", subject: id, runId, channel, nonce });
    await this.#keepProposal(id, channel);
  }

  /** Cards of proposals that are still open, or were when the bot last looked. */
  async keepProposals(): Promise<void> {
    for (const { subject, channel } of await this.#options.desk.store.messages.list(platform, "proposal", "open")) {
      await this.#keepProposal(subject, channel);
    }
  }

  /** Cards of a run's approvals: those that wait, and those that were shown and are not settled. */
  async keepApprovals(run: Run, channel: string): Promise<void> {
    const { store } = this.#options.desk;
    const pending = await store.approvals.list(run.id, "pending");
    for (const approval of pending) await this.#keepApproval(run, approval, channel);
    const open = (await store.messages.list(platform, "approval", "open")).filter(({ runId }) => runId === run.id);
    for (const { subject, channel: place } of open) {
      if (pending.some(({ id }) => id === subject)) continue;
      const approval = await store.approvals.find(subject);
      if (approval !== null) await this.#keepApproval(run, approval, place);
    }
  }

  async #keepApproval(run: Run, approval: Approval, channel: string): Promise<void> {
    // In this order: what ends between the two looks is told at the next one, and the card is not settled without it.
    const isLast = await this.#isOver(run, approval);
    const card = await this.#options.source.approval(run, approval);
    const place = { kind: "approval", subject: approval.id, runId: run.id, channel } as const;
    await this.#show({ ...place, card, key: approval.key, isLast });
  }

  async #keepProposal(id: string, channel: string): Promise<void> {
    const { desk, source } = this.#options;
    const proposed = await source.proposal(id);
    if (proposed === null) return;
    const { card, runId, isLast } = proposed;
    const row = await desk.store.messages.find(platform, "proposal", id);
    if (row !== null && row.runId !== runId && runId !== null) await desk.store.messages.update(row, { runId });
    await this.#show({ kind: "proposal", subject: id, runId, channel, card, key: "", isLast });
  }

  async #show({ card, key, ...place }: DrawnCard): Promise<void> {
    const picture = await this.#pictureOf(card.graph);
    const isAsked = card.state === "open";
    await this.#options.board.show({ ...place, isAsked, content: renderCard(card, { subject: place.subject, key, picture }) });
  }

  /** Nothing will be added to the card: it was refused or expired, or what it allowed is over. */
  async #isOver(run: Run, approval: Approval): Promise<boolean> {
    const { state, trial } = approval;
    const { store, now } = this.#options.desk;
    if (state === "pending") return false;
    if (state !== "approved") return true;
    if (trial === null) return isBatchOver(store, run, approval, now());
    const found = await store.trials.find(run.id, trial);
    return found === null || overStates.has(found.state);
  }

  async #pictureOf(dot: string | null): Promise<Buffer | null> {
    if (dot === null) return null;
    const known = this.#pictures.get(dot);
    if (known !== undefined) return known;
    if (this.#pictures.size >= mostPictures) this.#pictures.clear();
    // A card without its picture says all that is needed.
    const drawn = await this.#options.desk.pictures.draw({ dot }).catch(() => null);
    this.#pictures.set(dot, drawn);
    return drawn;
  }
}
