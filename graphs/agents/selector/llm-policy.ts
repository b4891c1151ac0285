import { actionTypes } from "#src/action/action-types.ts";
import type { Action, ActionTypeName } from "#src/action/action.ts";
import { describeAction } from "#src/action/describe-action.ts";
import { weigh } from "#src/memory/experience.ts";
import { formatInterval } from "#src/memory/format-score.ts";
import { describeBelowBase, parentsBelowBase } from "#src/policy/below-base.ts";
import type { Candidate, ObservedTrial, Policy, PolicyView, Proposal, ProposalNote } from "#src/policy/policy.ts";
import type { Rng } from "#src/policy/rng.ts";
import type { Decision } from "#src/store/store.ts";
import type { LlmCaller } from "../llm/llm-caller.ts";
import { LlmFault } from "../llm/llm-fault.ts";
import { candidateLine, datasetLines, listSettings, modelLines, selectorBriefing, settingLines, triedByType } from "./briefing.ts";
import { departureNote, isDeparture, nameOf } from "./departure.ts";
import { leastUsedTypes, mustExplore } from "./exploration-quota.ts";
import { OverrideQuota } from "./override-quota.ts";
import { correctionTurns, objectTurns, typeTurns, type SelectorBriefing } from "./prompts.ts";
import { resolveObjects } from "./resolve-objects.ts";
import { objectsAnswerSchema, typeAnswerSchema } from "./schema.ts";

/** How often an unusable answer goes back to the model before the optimiser decides. */
const corrections = 2;
/** Length of the optimiser's short list in the prompt. */
const shortListLength = 8;
/** What a departure that ended without a model counts as. */
const failurePayoff = -0.05;

export interface LlmPolicyOptions {
  /** `llm`: the model alone, as in the paper. `hybrid`: the optimiser's short list goes to the model, which picks or overrides within a quota. */
  name: "llm" | "hybrid";
  caller: LlmCaller;
  /** Decides when the model gives no usable answer; in `hybrid` also makes the short list. */
  optimiser: Policy;
  goal: string;
  /** Decisions of the run so far, in their order: agents are opened anew at each restart, and when objects join. */
  pastDecisions(): Promise<readonly Pick<Decision, "number" | "policy" | "proposal">[]>;
}

interface Shown {
  brief: SelectorBriefing;
  explore: boolean;
  /** Optimiser's candidates by the id that the model sees. */
  candidates: Map<string, Candidate>;
}

/** The selector as a language model: two calls, first the action type, then all objects at once. */
export class LlmPolicy implements Policy {
  readonly name: string;
  readonly #options: LlmPolicyOptions;
  readonly #overrides = new OverrideQuota();
  /** Departures whose trials are not finished: what the optimiser expected of its own choice, by the action taken instead. */
  readonly #departures = new Map<string, number>();
  #isRecalled = false;

  constructor(options: LlmPolicyOptions) {
    this.name = options.name;
    this.#options = options;
  }

  observe(trial: ObservedTrial, view: PolicyView): void {
    this.#options.optimiser.observe(trial, view);
    this.#learnPayoff(trial, view);
  }

  #learnPayoff(trial: ObservedTrial, view: PolicyView): void {
    const expected = this.#departures.get(nameOf(trial.action));
    if (expected === undefined) return;
    this.#departures.delete(nameOf(trial.action));
    this.#overrides.learn(trial.scores === null ? failurePayoff : weigh(trial.scores, view.weights) - expected);
  }

  async propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null> {
    const { optimiser } = this.#options;
    await this.#recall(view);
    const fallback = await optimiser.propose(view, rng, signal);
    if (fallback === null) return null;
    const notes: ProposalNote[] = [];
    try {
      return await this.#choose(view, rng, fallback, notes, signal);
    } catch (error) {
      if (!(error instanceof LlmFault)) throw error;
      notes.push({ kind: "llm-fault", detail: `selector: ${error.kind}: ${error.message}; the ${optimiser.name} policy decided instead` });
      return { ...fallback, chosenBy: optimiser.name, notes: [...notes, ...fallback.notes] };
    }
  }

  /** Takes up the quota where the agents before these left it: departures from the records, payoffs from the trials. */
  async #recall(view: PolicyView): Promise<void> {
    if (this.#isRecalled || this.name !== "hybrid") return;
    const decisions = await this.#options.pastDecisions();
    for (const { number, policy, proposal } of decisions) {
      if (policy === this.name && isDeparture(proposal)) this.#noteDeparture(number, proposal.action, proposal.candidates[1]);
    }
    for (const trial of view.trials) this.#learnPayoff(trial, view);
    this.#isRecalled = true;
  }

  async #choose(view: PolicyView, rng: Rng, fallback: Proposal, notes: ProposalNote[], signal?: AbortSignal): Promise<Proposal> {
    // The optimiser explores by itself; a model alone keeps repeating one action.
    const explore = this.name === "llm" && mustExplore(view.decision);
    const shown: Shown = { brief: selectorBriefing(view, this.#options.goal), explore, candidates: new Map() };
    const shortList = this.name === "hybrid" ? fallback.candidates : [];
    const type = await this.#chooseType(view, rng, shown, shortList, signal);
    const listed = shortList.filter((each) => each.action.type === type).slice(0, shortListLength);
    const order = rng.shuffle(listed.map((_, index) => index));
    for (const [position, index] of order.entries()) {
      const candidate = listed[index];
      if (candidate !== undefined) shown.candidates.set(`c${position + 1}`, candidate);
    }
    const chosen = await this.#chooseObjects(view, rng, type, shown, notes, signal);
    const departs = this.name === "hybrid" && nameOf(chosen.action) !== nameOf(fallback.action);
    if (departs && !this.#overrides.isOpen(view.decision)) return this.#overrule(fallback, chosen.action, notes);
    if (departs) notes.push(this.#depart(chosen.action, fallback, view));
    const candidate: Candidate = chosen.candidate ?? { action: chosen.action, value: null, prediction: null };
    const others = fallback.candidates.filter((each) => each !== chosen.candidate);
    const candidates = [candidate, ...others].slice(0, 20);
    return {
      ...fallback,
      action: chosen.action,
      candidates,
      shownOrder: [...shown.candidates.values()].map((each) => candidates.indexOf(each)).filter((index) => index >= 0),
      mode: explore ? "explore" : type.startsWith("merge_") ? "combine" : "exploit",
      reason: withBelowBase(chosen, view),
      effects: chosen.candidate === null || chosen.candidate !== fallback.candidates[0] ? [] : fallback.effects,
      next: chosen.candidate === fallback.candidates[0] ? fallback.next : [],
      chosenBy: "llm",
      notes: [...notes, ...fallback.notes],
    };
  }

  /** The optimiser's choice stands; what the model wanted is kept as a note. */
  #overrule(fallback: Proposal, wanted: Action, notes: ProposalNote[]): Proposal {
    const { optimiser } = this.#options;
    const share = `${Math.round(100 * this.#overrides.share)} %`;
    const detail = `the model wanted ${describeAction(wanted)}; it may depart from the optimiser in ${share} of the decisions, as far as its departures have paid, and that is used up: the ${optimiser.name} policy's first choice stands`;
    return { ...fallback, chosenBy: optimiser.name, notes: [...notes, { kind: "llm-overrule", detail }, ...fallback.notes] };
  }

  #depart(action: Action, fallback: Proposal, view: PolicyView): ProposalNote {
    const [first] = fallback.candidates;
    this.#noteDeparture(view.decision, action, first);
    const predicted = first?.prediction == null ? "" : `, predicted ${formatInterval(first.prediction)}`;
    const { optimiser } = this.#options;
    return {
      kind: departureNote,
      detail: `the model departed from the ${optimiser.name} policy's first choice, ${describeAction(fallback.action)}${predicted}`,
    };
  }

  /** @param first what the optimiser would have chosen. */
  #noteDeparture(decision: number, action: Action, first: Candidate | undefined): void {
    this.#overrides.depart(decision);
    const expected = first?.prediction?.mean;
    if (expected !== undefined) this.#departures.set(nameOf(action), expected);
  }

  /** Whether the model may name objects of its own: always for `llm`, within the quota for `hybrid`. */
  #mayOverride(view: PolicyView): boolean {
    return this.name === "llm" || this.#overrides.isOpen(view.decision);
  }

  async #chooseType(
    view: PolicyView,
    rng: Rng,
    shown: Shown,
    shortList: readonly Candidate[],
    signal?: AbortSignal,
  ): Promise<ActionTypeName> {
    const tried = triedByType(view);
    const { byType } = view.space.size();
    const hasCandidate = (type: ActionTypeName) => shortList.some((each) => each.action.type === type);
    const mayOverride = this.#mayOverride(view);
    const open = view.space.types.filter((type) => (byType[type] ?? 0) > 0 && (mayOverride || hasCandidate(type)));
    const offered = rng.shuffle(shown.explore ? leastUsedTypes(open, tried) : open);
    const lines = offered.map((type) => {
      const best = shortList.find((each) => each.action.type === type);
      const candidate = best === undefined ? "" : `; ${candidateLine("the optimiser's best", best)}`;
      return `${type}: ${actionTypes[type].title}; ${byType[type] ?? 0} untried steps; tried ${tried.get(type) ?? 0} times${candidate}`;
    });
    let turns = typeTurns(shown.brief, lines, shown.explore);
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#options.caller.ask({
        role: "selector-type",
        name: "action_type",
        schema: typeAnswerSchema,
        turns,
        signal,
      });
      if (offered.includes(answer.action_type)) return answer.action_type;
      const problem = `"${answer.action_type}" is not open now; open are ${offered.join(", ")}`;
      if (attempt >= corrections) throw new LlmFault("unknown_id", problem);
      turns = [...turns, ...correctionTurns(JSON.stringify(answer), problem)];
    }
  }

  async #chooseObjects(view: PolicyView, rng: Rng, type: ActionTypeName, shown: Shown, notes: ProposalNote[], signal?: AbortSignal) {
    const settings = listSettings(view, type, rng);
    const { slots } = actionTypes[type];
    const formats = slots.flatMap((slot) => slot.formats ?? []);
    const mayOverride = this.#mayOverride(view);
    let turns = objectTurns(
      shown.brief,
      {
        type: `${type} (${actionTypes[type].title})`,
        needs: slots
          .map((slot) =>
            slot.kind === "dataset"
              ? slot.max > 1 && view.space.mostDatasets > 1
                ? `1 to ${view.space.mostDatasets} datasets, mixed by rows`
                : "1 dataset"
              : slot.min === slot.max
                ? `${slot.min} model`
                : `${slot.min} or more models`,
          )
          .join(" and "),
        candidates: [...shown.candidates].map(([id, candidate]) => candidateLine(id, candidate)),
        models: modelLines(view, rng),
        datasets: datasetLines(view, type, formats, rng),
        settings: settingLines(settings),
        mayOverride,
      },
      shown.explore,
    );
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#options.caller.ask({
        role: "selector-objects",
        name: "objects",
        schema: objectsAnswerSchema,
        turns,
        signal,
      });
      const resolved = resolveObjects(answer, { view, type, settings, candidates: shown.candidates, mayOverride });
      if (resolved.kind === "action") return { action: resolved.action, candidate: resolved.candidate, reason: answer.reason };
      notes.push({ kind: "llm-fault", detail: `selector: ${resolved.fault}: ${resolved.problem}; asked again` });
      if (attempt >= corrections) throw new LlmFault(resolved.fault, resolved.problem);
      turns = [...turns, ...correctionTurns(JSON.stringify(answer), resolved.problem)];
    }
  }
}

/** A candidate of the optimiser's may build on a model below its base for what it predicts; the record says so. */
function withBelowBase(
  { action, candidate, reason }: { action: Action; candidate: Candidate | null; reason: string },
  view: PolicyView,
): string {
  const below = candidate === null ? [] : parentsBelowBase(action, view);
  return below.length === 0 ? reason : `${reason} ${describeBelowBase(below, view)}; the optimiser ranked it among the best.`;
}
