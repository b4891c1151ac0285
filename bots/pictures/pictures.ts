import { Worker } from "node:worker_threads";
import { TemperError } from "#src/errors.ts";
import type { StorePlace } from "#src/store/open-store.ts";
import type { Picture, RunFigure } from "./picture.ts";
import type { PictureQuestion, PictureReply } from "./picture-worker.ts";

interface Waiting {
  resolve(png: Buffer | null): void;
  reject(error: Error): void;
}

/**
 * Draws pictures in a thread of its own: a chart takes a fifth of a second of one core, and a bot must answer
 * meanwhile. The thread starts with the first picture.
 */
export class Pictures {
  readonly #place: { home: string } | { databaseUrl: string };
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  constructor(place: StorePlace) {
    this.#place = "home" in place ? { home: place.home } : { databaseUrl: place.databaseUrl };
  }

  /** PNG of a picture; null where there is nothing to draw yet. */
  draw(picture: Picture): Promise<Buffer | null> {
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer | null>();
    this.#waiting.set(id, { resolve, reject });
    const question: PictureQuestion = { id, picture };
    this.#open().postMessage(question);
    return promise;
  }

  ofRun(runId: string, figure: RunFigure["figure"], model: string | null = null): Promise<Buffer | null> {
    return this.draw({ runId, figure, model });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#fail("The bot is being closed.");
  }

  #open(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL("./picture-worker.ts", import.meta.url), { workerData: this.#place });
    worker.unref();
    worker.on("message", (reply: PictureReply) => this.#settle(reply));
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#worker = null;
      this.#fail(`The pictures' thread ended: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#worker = worker;
    return worker;
  }

  #settle(reply: PictureReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new TemperError("contract", `The picture could not be drawn: ${reply.error}`));
    else waiting?.resolve(reply.png === null ? null : Buffer.from(reply.png));
  }

  #fail(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new TemperError("environment", why));
    this.#waiting.clear();
  }
}
