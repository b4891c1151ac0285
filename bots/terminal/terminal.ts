/** Where the commands write and whom they ask: the process's terminal, or a recorder in tests. */
export interface Terminal {
  /** Answers: standard output. */
  out(text: string): void;
  /** Progress, questions and errors: standard error. */
  err(text: string): void;
  /** A person is there to be asked: input and output are both terminals. */
  readonly isInteractive: boolean;
  /** Width for lines that must not wrap. */
  columns(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  now(): Date;
  /** One line from the person; null when nobody is there or the input ended. */
  ask(question: string): Promise<string | null>;
  /** Lines of the input, when nobody is there: a pipe or a file. */
  lines(): AsyncIterable<string>;
  /** Calls back at Ctrl-C (and SIGTERM); returns what takes the listener off. While one is on, Ctrl-C does not end the process. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once: what a second Ctrl-C asks for. */
  leaveNow(code: number): void;
}
