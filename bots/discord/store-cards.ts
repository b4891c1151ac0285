import { isMerge } from "#src/action/action.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import type { Person } from "#src/approval/person.ts";
import { personKey } from "#src/approval/person-key.ts";
import { mayDecide } from "#src/approval/role.ts";
import { approvalCard } from "#src/card/approval-card.ts";
import { proposalCard } from "#src/card/proposal-card.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { UserInputError } from "#src/errors.ts";
import { explainModel } from "#src/explain/explain-model.ts";
import { renderWhy } from "#src/explain/render-why.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import type { BudgetChange } from "#src/proposal/proposal.ts";
import { editApproval } from "#src/service/edit-approval.ts";
import type { Approval, Run, Store } from "#src/store/store.ts";
import type { CardSource, Performed } from "./card-source.ts";
import type { CustomId } from "./interactions/custom-id.ts";
import type { Form, FormField } from "./interactions/modal.ts";
import { formatSettings, readIds, readSettings } from "./interactions/settings-text.ts";

interface StoreCardOptions {
  store: Store;
  now(): Date;
  /** Plans a run anew with other limits; gives the proposal's id. */
  replan(config: RunConfig, change: BudgetChange, person: Person): Promise<string>;
}

type Values = Readonly<Record<string, string>>;

const isProposal = (subject: string) => /^p\d+$/.test(subject);

/** Cards from the store, and what people do with them there. */
export class StoreCards implements CardSource {
  readonly #options: StoreCardOptions;

  constructor(options: StoreCardOptions) {
    this.#options = options;
  }

  approval(run: Run, approval: Approval) {
    return approvalCard(this.#options.store, run, approval);
  }

  async proposal(id: string) {
    const { store } = this.#options;
    const proposal = await store.proposals.find(id);
    if (proposal === null) return null;
    const run = proposal.runId === null ? null : await store.runs.find(proposal.runId);
    return { card: proposalCard(proposal, run), runId: proposal.runId, isLast: proposal.state !== "pending" };
  }

  async details(subject: string): Promise<string> {
    const { run, approval } = await this.#approvalOf(subject);
    if (approval.trial === null) return `${approval.id}: ${approval.why}. The estimate rests on ${approval.estimate.basis}.`;
    return renderWhy(await explainModel(this.#options.store, run, approval.trial), { style: "markdown" });
  }

  async form({ action, subject }: CustomId, person: Person): Promise<Form> {
    if (action === "change") {
      const { config } = await this.#planOf(subject);
      const fields = [
        numberField("trials", "Trials", config.budget.trials),
        numberField("steps", "Optimiser steps in all", config.budget.steps),
        numberField("device_hours", "Device-hours in all", config.budget.device_hours),
        numberField("usd", "Dollars in all", config.budget.usd),
      ];
      return { title: `Change the plan of ${config.name}`, fields };
    }
    if (!mayDecide(person.role))
      throw new UserInputError(`${person.name} is ${person.role} and may not decide ${subject}.`, {}, "not_allowed");
    // Nothing is read for it: a form is the acknowledgement, and whether there still is something to reject is looked at when it comes back.
    if (action === "reject")
      return {
        title: "Reject",
        fields: [{ name: "reason", label: "Why? The run remembers it", value: "", isLong: true, isRequired: false }],
      };
    const { approval } = await this.#approvalOf(subject);
    const trial = approval.trial === null ? null : await this.#options.store.trials.find(approval.runId, approval.trial);
    if (trial === null) throw new UserInputError("A batch is approved or rejected as it is.");
    const { setting, models, datasets } = trial.action;
    const fields: FormField[] = [
      { name: "settings", label: "Settings, one a line", value: formatSettings(setting), isLong: true, isRequired: true },
      idsField("models", isMerge(trial.action.type) ? "Parents, with commas between" : "Model that is trained", models),
    ];
    if (datasets.length > 0) fields.push(idsField("datasets", "Datasets, with commas between", datasets));
    return { title: `Change trial ${trial.number}`, fields };
  }

  async perform(id: CustomId, person: Person, values: Values): Promise<Performed> {
    if (isProposal(id.subject)) return this.#performOnProposal(id, person, values);
    const { run, approval } = await this.#approvalOf(id.subject);
    // An old card shows an old key: the full one is given only when its beginning is the one that was shown.
    const key = approval.key.startsWith(id.key) && id.key !== "" ? approval.key : id.key;
    const { store } = this.#options;
    const { name: by, role } = person;
    if (id.action === "edit") {
      const trial = approval.trial === null ? null : await store.trials.find(run.id, approval.trial);
      const changes = readSettings(values["settings"] ?? "", trial?.action.setting ?? {});
      const models = readIds(values["models"], trial?.action.models ?? []);
      const datasets = readIds(values["datasets"], trial?.action.datasets ?? []);
      const objects = { ...(models === undefined ? {} : { models }), ...(datasets === undefined ? {} : { datasets }) };
      await editApproval(store, run, { id: approval.id, key, changes, ...objects, by, role });
      return { text: "Changed. The run asks again with a new estimate; its card comes in a moment.", proposal: null };
    }
    if (id.action !== "approve" && id.action !== "reject") throw new UserInputError("This card has no such button.");
    const to = id.action === "approve" ? "approved" : "rejected";
    const reason = values["reason"] === undefined || values["reason"] === "" ? null : values["reason"];
    const decided = await decideApproval(store, { id: approval.id, key, to, by, person: personKey(person), role, reason });
    if (decided.state === "pending") return { text: `Your yes to ${decided.id} is noted; another is needed.`, proposal: null };
    return { text: `${decided.id} is ${decided.state}.`, proposal: null };
  }

  async #performOnProposal({ action, subject }: CustomId, person: Person, values: Values): Promise<Performed> {
    const { store, now, replan } = this.#options;
    if (action === "change") {
      const { config } = await this.#planOf(subject);
      const change = Object.fromEntries(
        Object.entries(values).flatMap(([name, text]) => (text === "" ? [] : [[name, numberOf(name, text)] as const])),
      );
      const proposal = await replan(config, change, person);
      await decideProposal(store, { id: subject, to: "cancelled", person, now: now() });
      return { text: "Here is the changed plan.", proposal };
    }
    if (action !== "start" && action !== "confirm" && action !== "cancel") throw new UserInputError("This card has no such button.");
    const to = action === "cancel" ? "cancelled" : "confirmed";
    const { outcome } = await decideProposal(store, { id: subject, to, person, now: now() });
    return {
      text: to === "cancelled" ? `${subject} is cancelled.` : `${subject} is confirmed: ${outcome ?? "it is done"}.`,
      proposal: null,
    };
  }

  async #planOf(subject: string) {
    const body = (await this.#options.store.proposals.find(subject))?.body;
    if (body?.kind === "start") return body;
    throw new UserInputError(`${subject} is no plan of a run.`, { subject }, "not_found");
  }

  async #approvalOf(subject: string): Promise<{ run: Run; approval: Approval }> {
    const { store } = this.#options;
    const approval = await store.approvals.find(subject);
    const run = approval === null ? null : await store.runs.find(approval.runId);
    if (approval === null || run === null) throw new UserInputError(`There is no approval ${subject}.`, { subject }, "not_found");
    return { run, approval };
  }
}

function idsField(name: string, label: string, ids: readonly string[]): FormField {
  return { name, label, value: ids.join(", "), isLong: false, isRequired: true };
}

function numberField(name: string, label: string, value: number | undefined): FormField {
  return { name, label, value: value === undefined ? "" : String(value), isLong: false, isRequired: false };
}

function numberOf(name: string, text: string): number {
  const value = Number(/^\d{1,3}(,\d{3})+$/.test(text.trim()) ? text.replaceAll(",", "") : text.replace(",", "."));
  if (Number.isFinite(value) && value > 0) return value;
  throw new UserInputError(`${name}: "${text}" is no number above 0.`, { name });
}
