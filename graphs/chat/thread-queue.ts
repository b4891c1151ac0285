/** Runs the work of each thread one after the other; threads do not wait for one another. */
export class ThreadQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(thread: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#tails.get(thread) ?? Promise.resolve()).then(work, work);
    const tail = turn.catch(() => {});
    this.#tails.set(thread, tail);
    void tail.then(() => {
      if (this.#tails.get(thread) === tail) this.#tails.delete(thread);
    });
    return turn;
  }
}
