import type { RunConfig } from "../config/run-config.ts";
import { TemperError } from "../errors.ts";
import type { Directive } from "../memory/directive.ts";
import type { PoolDataset, PoolModel, PoolObject } from "../pool/objects.ts";
import type { Rng } from "../policy/rng.ts";
import { actionTypes } from "./action-types.ts";
import type { Validity } from "./action-type.ts";
import { type Action, type ActionTypeName, actionTypeNames, type Fidelity, fullFidelity, type Setting } from "./action.ts";
import { Bans } from "./bans.ts";
import { canonicalJson } from "./canonical-json.ts";
import { sortParents } from "./canonical-action.ts";
import { compareIds } from "./compare-ids.ts";
import { MergeSpace } from "./merge-space.ts";
import { SettingSpace } from "./setting-space.ts";
import type { ActionSpace, SpaceSize } from "./space.ts";
import { TrainingSpace } from "./training-space.ts";
import type { TypeSpace } from "./type-space.ts";

/** What bounds the space beside objects and settings. */
export type SpaceLimits = Pick<RunConfig, "max_depth" | "merge_parents" | "mixture_datasets">;

interface Claim {
  action: Action;
  /** Whether it is one of the actions that the type's combinatorics count. */
  counted: boolean;
}

const refuse = (reason: string): Validity => ({ valid: false, reason });

/**
 * The action space of a run. Sizes are combinatorics per action type minus claims, so they stay exact (up to 2^53,
 * rounded beyond) and cheap whatever the pool holds. Seeds and fidelities do not multiply the space: what it lists is
 * seed 0 at full fidelity.
 */
export class ChoiceSpace implements ActionSpace {
  readonly types: readonly ActionTypeName[];
  readonly mostDatasets: number;
  readonly rungs: readonly Fidelity[];
  readonly models: PoolModel[] = [];
  readonly datasets: PoolDataset[] = [];
  private readonly config: SpaceLimits;
  private readonly settingSpaces = new Map<ActionTypeName, SettingSpace>();
  private spaces = new Map<ActionTypeName, TypeSpace>();
  private readonly modelsById = new Map<string, PoolModel>();
  private readonly datasetsById = new Map<string, PoolDataset>();
  /** Object key → id of the first object with it: twins would be the same action twice. */
  private readonly firstWithKey = new Map<string, string>();
  private readonly claims = new Map<string, Claim>();
  private readonly claimed = new Map<ActionTypeName, number>();
  /** Claims may come before their objects (a restart reads both): by the object they wait for. */
  private readonly waiting = new Map<string, Claim[]>();
  /** Settings by their text: claims hold a short number in place of a long text. */
  private readonly settingIds = new Map<string, number>();
  private bans = new Bans([]);

  constructor(config: Pick<RunConfig, "actions"> & SpaceLimits & Partial<Pick<RunConfig, "rungs">>) {
    this.config = config;
    this.mostDatasets = config.mixture_datasets;
    this.rungs = config.rungs ?? [];
    const named = new Map(Object.entries(config.actions));
    this.types = [...named.keys()].flatMap((name) => actionTypeNames.filter((known) => known === name));
    for (const type of this.types) this.settingSpaces.set(type, new SettingSpace(actionTypes[type], named.get(type) ?? {}));
    this.rebuild();
  }

  /** A model joins the pool. The same id again changes nothing. */
  addModel(model: PoolModel): void {
    if (this.modelsById.has(model.id)) return;
    this.modelsById.set(model.id, model);
    this.models.push(model);
    if (!this.firstWithKey.has(model.key)) this.firstWithKey.set(model.key, model.id);
    for (const [type, space] of this.spaces) if (this.objection(type, model) === null) space.addModel(model);
    this.recountWaiting(model.id);
  }

  /** A dataset joins the pool. The same id again changes nothing. */
  addDataset(dataset: PoolDataset): void {
    if (this.datasetsById.has(dataset.id)) return;
    this.datasetsById.set(dataset.id, dataset);
    this.datasets.push(dataset);
    if (!this.firstWithKey.has(dataset.key)) this.firstWithKey.set(dataset.key, dataset.id);
    for (const [type, space] of this.spaces) if (this.objection(type, dataset) === null) space.addDataset(dataset);
    this.recountWaiting(dataset.id);
  }

  /** The action was tried or is under way: it is proposed no more. Idempotent; any action may be claimed, also a baseline's. */
  claim(action: Action): void {
    const id = this.claimId(action);
    if (this.claims.has(id)) return;
    const claim = { action, counted: false };
    this.claims.set(id, claim);
    for (const object of [...action.models, ...action.datasets]) {
      if (!this.modelsById.has(object) && !this.datasetsById.has(object))
        this.waiting.set(object, [...(this.waiting.get(object) ?? []), claim]);
    }
    this.count(claim);
  }

  /** The action is not under way any more and was not tried: a person changed it into another. */
  release(action: Action): void {
    const id = this.claimId(action);
    const claim = this.claims.get(id);
    if (claim === undefined) return;
    this.claims.delete(id);
    if (claim.counted) this.claimed.set(action.type, (this.claimed.get(action.type) ?? 0) - 1);
    for (const [object, waiting] of this.waiting)
      if (waiting.includes(claim))
        this.waiting.set(
          object,
          waiting.filter((each) => each !== claim),
        );
  }

  /** Honours bans from now on; other directives do not concern the space. */
  setDirectives(directives: readonly Directive[]): void {
    const bans = new Bans(directives);
    const changed = bans.signature !== this.bans.signature;
    this.bans = bans;
    if (changed) this.rebuild();
  }

  settings(type: ActionTypeName, datasets = 2): readonly Setting[] {
    return this.settingSpaces.get(type)?.choicesOn(datasets) ?? [];
  }

  sampleSetting(type: ActionTypeName, rng: Rng, datasets = 2): Setting {
    const space = this.settingSpaces.get(type);
    if (space === undefined) throw new TemperError("bad_input", this.unknownType(type), { type });
    return space.draw(rng.pick(space.choicesOn(datasets)), rng);
  }

  size(): SpaceSize {
    const byType: Partial<Record<ActionTypeName, number>> = {};
    let total = 0n;
    for (const type of this.types) {
      const left = this.left(type);
      byType[type] = Number(left);
      total += left;
    }
    return { total: Number(total), byType, dimensions: [...this.settingSpaces.values()].flatMap((space) => space.dimensions) };
  }

  *iterate(type?: ActionTypeName): Generator<Action> {
    for (const name of type === undefined ? this.types : [type]) {
      for (const action of this.spaces.get(name)?.iterate() ?? []) if (!this.claims.has(this.claimId(action))) yield action;
    }
  }

  /** Ranges are drawn, so an action type with ranges never runs out while it has objects. */
  sample(type: ActionTypeName, rng: Rng): Action | null {
    const space = this.spaces.get(type);
    if (space === undefined || space.count() === 0n) return null;
    const hasRanges = space.settings.dimensions.length > 0;
    if (!hasRanges && this.left(type) === 0n) return null;
    // Rejection is uniform over what is left and takes 1 / (share left) draws; 200 in vain mean that little is left.
    for (let attempt = 0; attempt < 200; attempt++) {
      const drawn = space.draw(rng);
      const action = { ...drawn, setting: space.settings.draw(drawn.setting, rng) };
      if (!this.claims.has(this.claimId(action))) return action;
    }
    const rest = [...this.iterate(type)];
    return rest.length === 0 ? null : rng.pick(rest);
  }

  check(action: Action): Validity {
    const space = this.spaces.get(action.type);
    if (space === undefined) return refuse(this.unknownType(action.type));
    const form = this.checkObjects(action, space);
    if (!form.valid) return form;
    if (this.claims.has(this.claimId(action))) return refuse("it was tried already, or is under way");
    return { valid: true };
  }

  /** Whether the objects of an action fit its type and each other and are not banned, whatever its setting; or why not. */
  fits(action: Action): Validity {
    const space = this.spaces.get(action.type);
    return space === undefined ? refuse(this.unknownType(action.type)) : this.checkFit(action, space);
  }

  private left(type: ActionTypeName): bigint {
    return (this.spaces.get(type)?.count() ?? 0n) - BigInt(this.claimed.get(type) ?? 0);
  }

  private checkObjects(action: Action, space: TypeSpace): Validity {
    const fit = this.checkFit(action, space);
    return fit.valid ? space.settings.check(action.setting, action.datasets.length) : fit;
  }

  private checkFit(action: Action, space: TypeSpace): Validity {
    const ban = this.bans.ofType(action.type);
    if (ban !== null) return refuse(`${action.type} is banned (${ban})`);
    const { seed, fidelity } = action;
    if (!Number.isSafeInteger(seed) || seed < 0) return refuse(`the training seed must be a whole number from 0, not ${seed}`);
    if (![fidelity.data, fidelity.steps].every((share) => share > 0 && share <= 1)) return refuse("fidelity must lie in (0, 1]");
    const models: PoolModel[] = [];
    for (const id of action.models) {
      const model = this.modelsById.get(id);
      if (model === undefined) return refuse(`there is no model "${id}" in the pool`);
      models.push(model);
    }
    const datasets: PoolDataset[] = [];
    for (const id of action.datasets) {
      const dataset = this.datasetsById.get(id);
      if (dataset === undefined)
        return refuse(`there is no dataset "${id}". Datasets: ${this.datasets.map((known) => known.id).join(", ")}`);
      datasets.push(dataset);
    }
    for (const object of [...models, ...datasets]) {
      const objection = this.objection(action.type, object);
      if (objection !== null) return refuse(objection);
    }
    return space.checkForm(action, models);
  }

  /** Why an object cannot be used by an action type, or null. */
  private objection(type: ActionTypeName, object: PoolObject): string | null {
    const ban = this.bans.ofType(type) ?? this.bans.ofObject(type, object);
    if (ban !== null) return `${object.id} is banned here (${ban})`;
    const first = this.firstWithKey.get(object.key);
    if (first !== undefined && first !== object.id) return `${object.id} holds the same as ${first}: use ${first}`;
    if (object.kind === "model") {
      const { max_depth: maxDepth } = this.config;
      return object.depth < maxDepth ? null : `${object.id} is ${object.depth} actions deep, and max_depth is ${maxDepth}`;
    }
    const formats = actionTypes[type].slots.find((slot) => slot.kind === "dataset")?.formats;
    if (formats === undefined || formats.includes(object.format)) return null;
    return `${object.id} has the format ${object.format}; ${type} takes ${formats.join(" or ")}`;
  }

  private unknownType(type: ActionTypeName): string {
    return `${type} is not an action type of this run. Action types: ${this.types.join(", ")}`;
  }

  private rebuild(): void {
    this.spaces = new Map();
    for (const [type, settings] of this.settingSpaces) {
      const definition = actionTypes[type];
      const parents = definition.slots.find((slot) => slot.role === "parents");
      const space =
        parents === undefined
          ? new TrainingSpace(definition, settings, this.config.mixture_datasets)
          : new MergeSpace(definition, parents, settings, this.config.merge_parents);
      for (const object of this.models) if (this.objection(type, object) === null) space.addModel(object);
      for (const object of this.datasets) if (this.objection(type, object) === null) space.addDataset(object);
      this.spaces.set(type, space);
    }
    this.claimed.clear();
    for (const claim of this.claims.values()) {
      claim.counted = false;
      this.count(claim);
    }
  }

  /** Takes a claim off the size when it is one of the actions that are counted. */
  private count(claim: Claim): void {
    const { action } = claim;
    const space = this.spaces.get(action.type);
    const listed = action.seed === 0 && action.fidelity.data === fullFidelity.data && action.fidelity.steps === fullFidelity.steps;
    if (claim.counted || space === undefined || !listed || !space.settings.isChoice(action.setting, action.datasets.length)) return;
    if (!this.checkObjects(action, space).valid) return;
    claim.counted = true;
    this.claimed.set(action.type, (this.claimed.get(action.type) ?? 0) + 1);
  }

  private recountWaiting(id: string): void {
    for (const claim of this.waiting.get(id) ?? []) this.count(claim);
    this.waiting.delete(id);
  }

  private claimId(action: Action): string {
    const { models, setting } = sortParents(action, compareIds);
    const text = this.settingSpaces.get(action.type)?.textOf(setting) ?? canonicalJson(setting);
    const settingId = this.settingIds.get(text) ?? this.settingIds.size;
    this.settingIds.set(text, settingId);
    const { data, steps } = action.fidelity;
    return `${action.type}|${models.join(",")}|${action.datasets.toSorted(compareIds).join(",")}|${settingId}|${action.seed}|${data}|${steps}`;
  }
}
