import type { Choice } from "./complete.ts";

/** Suggestions come with every letter; so long the same ones serve. */
const freshMs = 3000;
/** Older ones are shown while new ones are read: the next letter gets those. */
const usableMs = 120_000;
const mostKept = 500;

interface Kept {
  choices: Choice[];
  /** Milliseconds since the epoch. */
  readAt: number;
}

/** Keeps suggestions for a moment, so that an answer seldom waits for the store. */
export class ChoiceCache {
  readonly #now: () => Date;
  readonly #kept = new Map<string, Kept>();
  readonly #loading = new Map<string, Promise<Choice[]>>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Suggestions under a name; `load` reads them when there are none, or those are old. */
  async of(name: string, load: () => Promise<Choice[]>): Promise<Choice[]> {
    const kept = this.#kept.get(name);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : this.#now().getTime() - kept.readAt;
    if (kept !== undefined && age < freshMs) return kept.choices;
    const loaded = this.#load(name, load);
    if (kept === undefined || age >= usableMs) return loaded;
    // What fails is tried again at the next letter.
    loaded.catch(() => undefined);
    return kept.choices;
  }

  #load(name: string, load: () => Promise<Choice[]>): Promise<Choice[]> {
    const known = this.#loading.get(name);
    if (known !== undefined) return known;
    const loading = load()
      .then((choices) => {
        if (this.#kept.size >= mostKept) this.#kept.clear();
        this.#kept.set(name, { choices, readAt: this.#now().getTime() });
        return choices;
      })
      .finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }
}
