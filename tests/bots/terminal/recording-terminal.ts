import { runTerminal } from "#bots/terminal/run-terminal.ts";
import type { Terminal } from "#bots/terminal/terminal.ts";

/** What a command line came to. */
export interface Answer {
  code: number;
  out: string;
  err: string;
}

interface Person {
  cwd: string;
  env?: Record<string, string>;
  /** Answers to questions, in order; with any, somebody is at the terminal. */
  answers?: string[];
  /** What a pipe brings, when nobody is there. */
  lines?: string[];
  now?: () => Date;
}

/** A terminal that records what is written and plays the person. */
export class RecordingTerminal implements Terminal {
  readonly #written = { out: "", err: "" };
  readonly questions: string[] = [];
  left: number | null = null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly isInteractive: boolean;
  readonly #answers: string[];
  readonly #lines: readonly string[];
  readonly #now: () => Date;
  readonly #listeners = new Set<() => void>();

  constructor({ cwd, env = {}, answers, lines = [], now = () => new Date() }: Person) {
    this.cwd = cwd;
    this.env = env;
    this.isInteractive = answers !== undefined;
    this.#answers = [...(answers ?? [])];
    this.#lines = lines;
    this.#now = now;
  }

  out(text: string): void {
    this.#written.out += text;
  }
  err(text: string): void {
    this.#written.err += text;
  }
  columns(): number {
    return 120;
  }
  now(): Date {
    return this.#now();
  }
  ask(question: string): Promise<string | null> {
    this.questions.push(question);
    return Promise.resolve(this.#answers.shift() ?? null);
  }
  async *lines(): AsyncGenerator<string> {
    for (const line of this.#lines) yield line;
  }
  onInterrupt(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  leaveNow(code: number): void {
    this.left = code;
  }
  /** Presses Ctrl-C. */
  interrupt(): void {
    for (const listener of this.#listeners) listener();
  }
  get isListening(): boolean {
    return this.#listeners.size > 0;
  }

  /** Runs a command line here. */
  async run(...parameters: string[]): Promise<Answer> {
    this.#written.out = "";
    this.#written.err = "";
    const code = await runTerminal(parameters, this);
    return { code, out: this.#written.out, err: this.#written.err };
  }
}
