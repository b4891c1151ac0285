import { mkdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { parseContract, readIfThere } from "../../jobs/attempt-files.ts";
import { isAlive, signalProcess } from "./processes.ts";
import { readClaim } from "./read-claim.ts";
import { startDetached } from "./start-detached.ts";

const cardSchema = z.strictObject({ pid: z.int(), start_ticks: z.int(), boot_id: z.string(), socket: z.string() });
type Card = z.infer<typeof cardSchema>;

/** Imports take 8–14 s, on a busy machine 40. Then the cold way, which has to import as much, is the better bet. */
const startMs = 120_000;
/** The worker answers in 5 ms; one that is stopped or swapped out does not. */
const answerMs = 5000;
/** A fork claims its attempt in 10 ms. */
const claimMs = 10_000;
const pollMs = 20;
const otherMs = 1000;

/** How the worker is started. */
export interface WarmWorkerOptions {
  home: string;
  /** Python's, with what stands before it. */
  command: readonly [string, ...string[]];
  environment: Record<string, string>;
  /** How long it stays with no job and no conductor. */
  idleSeconds: number;
}

/**
 * This process's side of the warm worker of a home: starts one when there is none, hands it attempts, and holds a
 * connection that says that somebody is there. The worker belongs to no process: it may serve several conductors.
 */
export class WarmWorker {
  readonly #options: WarmWorkerOptions;
  #held: Socket | null = null;
  #starting: Promise<Card | null> | null = null;

  constructor(options: WarmWorkerOptions) {
    this.#options = options;
  }

  /**
   * Has an attempt run in a fork; false when that did not work and it should be started the cold way. A worker that
   * does not answer is replaced once.
   */
  async run(directory: string, environment: Record<string, string>): Promise<boolean> {
    for (const isLast of [false, true]) {
      const card = await this.#find();
      if (card === null) return false;
      const answer = await request(card.socket, { run: directory, env: environment });
      if (answer !== null) return await isClaimed(directory);
      if (isLast) return false;
      await signalProcess(card, "SIGKILL");
      while (await isAlive(card)) await sleep(pollMs);
    }
    return false;
  }

  /** Lets the worker go when nobody else needs it. */
  close(): void {
    this.#held?.destroy();
    this.#held = null;
  }

  async #find(): Promise<Card | null> {
    const card = await this.#readCard();
    if (card === null) {
      // One start at a time, however many attempts wait for it.
      this.#starting ??= this.#start().finally(() => (this.#starting = null));
      return await this.#starting;
    }
    this.#hold(card);
    return card;
  }

  async #start(): Promise<Card | null> {
    const folder = join(this.#options.home, "worker");
    await mkdir(folder, { recursive: true });
    const { command, home, idleSeconds, environment } = this.#options;
    const program = [...command, "-m", "temper_gpu.worker", home, String(idleSeconds)] as const;
    const begin = () => startDetached({ command: [...program], environment, cwd: home, log: join(folder, "log.txt") });
    let worker = begin();
    const deadline = Date.now() + startMs;
    while (Date.now() < deadline) {
      const card = await this.#readCard();
      if (card !== null) {
        this.#hold(card);
        return card;
      }
      if (worker.hasEnded && worker.exitCode !== 0) return null;
      if (worker.hasEnded) {
        // Another process is just starting one and holds the lock; should that one die, the next try takes over.
        await sleep(otherMs);
        worker = begin();
      }
      await sleep(pollMs);
    }
    return null;
  }

  async #readCard(): Promise<Card | null> {
    const file = join(this.#options.home, "worker", "worker.json");
    const content = await readIfThere(file);
    const card = content === null ? null : parseContract(content, cardSchema, file);
    return card !== null && (await isAlive(card)) ? card : null;
  }

  #hold(card: Card): void {
    if (this.#held !== null) return;
    const socket = connect(card.socket);
    this.#held = socket;
    const letGo = () => {
      if (this.#held === socket) this.#held = null;
    };
    socket.on("connect", () => socket.write('{"hold":true}\n'));
    socket.on("error", letGo);
    socket.on("close", letGo);
    socket.resume();
    socket.unref();
  }
}

/** Whether a fork takes the attempt up soon. */
async function isClaimed(directory: string): Promise<boolean> {
  const deadline = Date.now() + claimMs;
  while (Date.now() < deadline) {
    if ((await readClaim(directory)) !== null) return true;
    await sleep(5);
  }
  return false;
}

/** One question and its answer; null when the worker is gone or does not answer. */
async function request(path: string, question: object): Promise<string | null> {
  const socket = connect(path);
  try {
    return await new Promise<string | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), answerMs);
      const settle = (answer: string | null) => {
        clearTimeout(timer);
        resolve(answer);
      };
      socket.on("error", () => settle(null));
      socket.on("close", () => settle(null));
      createInterface({ input: socket })
        .on("line", settle)
        .on("error", () => settle(null));
      socket.on("connect", () => socket.write(`${JSON.stringify(question)}\n`));
    });
  } finally {
    socket.destroy();
  }
}
