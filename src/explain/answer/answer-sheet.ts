import { formatDeviceHours } from "../../budget/format-amount.ts";
import { formatChange, formatChangeInterval, formatInterval, formatScore } from "../../memory/format-score.ts";
import type { Answer, Source } from "./answer.ts";
import type { Fact, FactField } from "./fact.ts";
import { readNumbers } from "./read-numbers.ts";

interface Estimated {
  mean: number;
  low: number;
  high: number;
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/**
 * What an answer is written with: each number goes into the text through a method that also notes whose number it is.
 * So text and facts cannot drift apart.
 */
export class AnswerSheet {
  readonly facts: Fact[] = [];
  readonly sources: Source[] = [];
  readonly quotes: string[] = [];

  /** `.704 [.672, .736]` of a model: measured, or predicted for what would be made. */
  score(subject: string | readonly string[], field: "score" | "prediction", estimate: Estimated): string {
    this.#note(subject, field, [estimate.mean, estimate.low, estimate.high, (estimate.high - estimate.low) / 2]);
    return formatInterval(estimate);
  }

  /** `.704` alone. */
  mean(subject: string | readonly string[], field: "score" | "prediction", mean: number): string {
    this.#note(subject, field, [mean]);
    return formatScore(mean);
  }

  /** `+.020 [+.002, +.038]`: how much more `ahead` has than `behind`. */
  difference(ahead: string, behind: string, estimate: Estimated): string {
    this.#note([ahead, behind], "difference", [estimate.mean, estimate.low, estimate.high, (estimate.high - estimate.low) / 2]);
    return formatChangeInterval(estimate);
  }

  /** `+.09 [+.07, +.11]`: a mean change over trials. */
  effect(subjects: readonly string[], estimate: Estimated): string {
    this.#note(subjects, "effect", [estimate.mean, estimate.low, estimate.high, (estimate.high - estimate.low) / 2]);
    return formatChangeInterval(estimate);
  }

  /** `+.190` alone, of a model against its better parent. */
  change(subject: string | readonly string[], change: number): string {
    this.#note(subject, "difference", [change]);
    return formatChange(change);
  }

  /** `1,105 candidates`: a count or an amount with its unit. */
  count(subject: string | readonly string[], value: number, unit: string): string {
    this.#note(subject, "amount", [value], unit);
    return `${whole.format(value)} ${unit}`;
  }

  /** `3.4 device-hours`: two digits that count. */
  rounded(subject: string | readonly string[], value: number, unit: string): string {
    this.#note(subject, "amount", [value], unit);
    return `${Number(value.toPrecision(2))} ${unit}`;
  }

  /** `2.6 device-hours`, in the unit that reads best. */
  hours(subject: string | readonly string[], hours: number): string {
    for (const [factor, unit] of [
      [1, "device-hours"],
      [60, "device-minutes"],
      [3600, "device-seconds"],
    ] as const)
      this.#note(subject, "amount", [hours * factor], unit);
    return formatDeviceHours(hours);
  }

  /** `$12.40`. */
  usd(subject: string | readonly string[], usd: number): string {
    this.#note(subject, "amount", [usd], "$");
    return `$${usd.toFixed(2)}`;
  }

  /** An action in words: its numbers are settings of what it made. */
  phrase(subject: string | readonly string[], phrase: string): string {
    for (const { value } of readNumbers(phrase)) this.#note(subject, "setting", [value]);
    return phrase;
  }

  /** Words from a record, such as a reason or a memory: the numbers in it are bound as they stand there. */
  quote(subject: string | readonly string[], text: string): string {
    if (text !== "") this.quotes.push(text);
    for (const { value } of readNumbers(text)) {
      const subjects = typeof subject === "string" ? [subject] : [...subject];
      this.facts.push({ subjects, field: "quoted", values: [value], unit: null, quote: text });
    }
    return text;
  }

  /** Names a record that the answer rests on. */
  source(kind: Source["kind"], id: string | number, text: string): void {
    const name = String(id);
    if (!this.sources.some((source) => source.kind === kind && source.id === name)) this.sources.push({ kind, id: name, text });
  }

  finish(parts: Pick<Answer, "lead" | "sections"> & Partial<Answer>): Answer {
    return { picture: null, suggestions: [], subject: null, ...parts, facts: this.facts, sources: this.sources, quotes: this.quotes };
  }

  #note(subject: string | readonly string[], field: FactField, values: number[], unit: string | null = null): void {
    this.facts.push({ subjects: typeof subject === "string" ? [subject] : [...subject], field, values, unit, quote: null });
  }
}
