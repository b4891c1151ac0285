import type { Range, RunConfig } from "../config/run-config.ts";
import { TemperError } from "../errors.ts";
import type { Rng } from "../policy/rng.ts";
import type { ActionType, Validity } from "./action-type.ts";
import type { Setting, SettingValue } from "./action.ts";
import { canonicalSetting } from "./canonical-action.ts";
import { canonicalJson } from "./canonical-json.ts";
import { distinctOrders } from "./combinations.ts";
import { settingFor } from "./mixture-temperature.ts";
import type { Dimension } from "./space.ts";

/** One action type's part of the config: search values by hyper-parameter, still nested. */
export type SettingSearch = NonNullable<RunConfig["actions"]["sft"]>;

function isRange(value: unknown): value is Range {
  return typeof value === "object" && value !== null && "scale" in value && "min" in value && "max" in value;
}

/** `peft: { r: [16] }` reads as `peft_r`. Values are choices (a bare value is one choice) or a range. */
export function flattenSearch(search: SettingSearch): Map<string, SettingValue[] | Range> {
  const flat = new Map<string, SettingValue[] | Range>();
  for (const [name, value] of Object.entries(search)) {
    if (isRange(value)) flat.set(name, value);
    else if (Array.isArray(value)) flat.set(name, value);
    else if (typeof value !== "object" || value === null) flat.set(name, [value]);
    else for (const [inner, entry] of flattenSearch(value)) flat.set(`${name}_${inner}`, entry);
  }
  return flat;
}

/** A range that `flattenSearch` found, and whether the action type wants whole numbers there. */
interface RangeOf extends Range {
  integer: boolean;
}

const middleOf = (range: Range) => (range.scale === "log" ? Math.sqrt(range.min * range.max) : (range.min + range.max) / 2);

/** Four significant digits read well and lose nothing that training could tell. */
function tidy(value: number, range: RangeOf): number {
  const rounded = range.integer ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(range.max, Math.max(range.min, rounded));
}

/** Choices and ranges of one action type's hyper-parameters; everything that the config leaves out has its default. */
export class SettingSpace {
  /** All choices, ranges at their middle. Merge weights stand in every distinct order. */
  readonly choices: readonly Setting[];
  readonly dimensions: readonly Dimension[];
  private readonly values = new Map<string, Set<string>>();
  private readonly ranges = new Map<string, RangeOf>();
  private readonly fixed: Setting;
  private readonly type: ActionType;
  private readonly byParents = new Map<number, readonly Setting[]>();
  private readonly texts = new WeakMap<Setting, string>();
  private readonly choiceTexts: ReadonlySet<string>;
  /** Choices of a training on one dataset. */
  private readonly single: readonly Setting[];
  private readonly singleTexts: ReadonlySet<string>;

  constructor(type: ActionType, search: SettingSearch) {
    this.type = type;
    let partial: Record<string, SettingValue>[] = [{}];
    for (const [name, value] of flattenSearch(search)) {
      if (isRange(value)) this.ranges.set(name, this.rangeOf(name, value));
      const range = this.ranges.get(name);
      const choices = isRange(value) ? [range === undefined ? middleOf(value) : tidy(middleOf(value), range)] : value.flatMap(allOrders);
      if (range === undefined) this.values.set(name, new Set(choices.map(canonicalJson)));
      partial = partial.flatMap((setting) => choices.map((choice) => ({ ...setting, [name]: choice })));
    }
    const resolved = partial.map((setting) => Object.freeze(canonicalSetting(this.resolve(setting))));
    const distinct = new Map(resolved.map((setting) => [this.textOf(setting), setting]));
    this.choices = [...distinct.values()];
    this.choiceTexts = new Set(distinct.keys());
    const single = new Map(
      this.choices.map((setting) => Object.freeze(settingFor(1, setting))).map((setting) => [this.textOf(setting), setting]),
    );
    this.single = [...single.values()];
    this.singleTexts = new Set(single.keys());
    this.fixed = this.choices[0] ?? {};
    this.dimensions = [...this.ranges].map(([setting, { min, max, scale }]) => ({ actionType: type.name, setting, min, max, scale }));
  }

  /** Choices of a training on so many datasets. */
  choicesOn(datasets: number): readonly Setting[] {
    return datasets === 1 ? this.single : this.choices;
  }

  /** Choices that fit a merge of so many parents: lists hold one number for each. */
  choicesFor(parents: number): readonly Setting[] {
    const known = this.byParents.get(parents);
    if (known !== undefined) return known;
    const fitting = this.choices.filter((setting) =>
      Object.values(setting).every((value) => !Array.isArray(value) || value.length === parents),
    );
    this.byParents.set(parents, fitting);
    return fitting;
  }

  /** The choice with its ranges drawn: uniform on the range's scale. */
  draw(choice: Setting, rng: Rng): Setting {
    if (this.ranges.size === 0) return choice;
    const drawn: Record<string, SettingValue> = { ...choice };
    for (const [name, range] of this.ranges) {
      if (!(name in choice)) continue;
      const share = rng.uniform();
      const value =
        range.scale === "log"
          ? Math.exp(Math.log(range.min) + share * (Math.log(range.max) - Math.log(range.min)))
          : range.min + share * (range.max - range.min);
      drawn[name] = tidy(value, range);
    }
    return drawn;
  }

  /** Canonical JSON of a setting; remembered for the choices, which are asked for again and again. */
  textOf(setting: Setting): string {
    const known = this.texts.get(setting);
    if (known !== undefined) return known;
    const text = canonicalJson(setting);
    if (Object.isFrozen(setting)) this.texts.set(setting, text);
    return text;
  }

  isChoice(setting: Setting, datasets: number): boolean {
    return (datasets === 1 ? this.singleTexts : this.choiceTexts).has(this.textOf(setting));
  }

  /** Whether a setting lies in the space: each hyper-parameter one of its choices, in its range, or its default. */
  check(setting: Setting, datasets: number): Validity {
    if (this.isChoice(setting, datasets)) return { valid: true };
    const names = Object.keys(settingFor(datasets, this.fixed));
    for (const name of Object.keys(setting)) {
      if (!names.includes(name))
        return {
          valid: false,
          reason: `${this.type.name} has no setting "${name}"${name in this.fixed ? " on one dataset" : ""}. Settings: ${names.join(", ")}`,
        };
    }
    for (const name of names) {
      const reason = this.objection(name, setting[name]);
      if (reason !== null) return { valid: false, reason };
    }
    const parsed = this.type.settingSchema.safeParse(setting);
    if (!parsed.success)
      return { valid: false, reason: parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ") };
    return { valid: true };
  }

  private objection(name: string, value: SettingValue | undefined): string | null {
    if (value === undefined) return `${this.type.name} lacks the setting "${name}"`;
    const range = this.ranges.get(name);
    if (range !== undefined) {
      if (typeof value === "number" && value >= range.min && value <= range.max) return null;
      return `${name} must lie between ${range.min} and ${range.max}, not ${canonicalJson(value)}`;
    }
    const values = this.values.get(name) ?? new Set([canonicalJson(this.fixed[name])]);
    return values.has(canonicalJson(value)) ? null : `${name} must be one of ${[...values].join(", ")}, not ${canonicalJson(value)}`;
  }

  private resolve(setting: Record<string, SettingValue>): Setting {
    const parsed = this.type.settingSchema.safeParse(setting);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new TemperError("bad_config", `actions.${this.type.name}: ${issues}`, { setting });
  }

  /** Whole numbers are wanted where the schema refuses a broken one and takes its neighbour. */
  private rangeOf(name: string, range: Range): RangeOf {
    const probe = range.min + (range.max - range.min) * 0.381966;
    const takes = (value: number) =>
      !(this.type.settingSchema.safeParse({ [name]: value }).error?.issues ?? []).some((issue) => issue.path[0] === name);
    return { ...range, integer: !takes(probe) && takes(Math.round(probe)) };
  }
}

function allOrders(value: SettingValue): SettingValue[] {
  return Array.isArray(value) ? distinctOrders(value) : [value];
}
