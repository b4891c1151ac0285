import { hostname } from "node:os";
import type { Checkpointer } from "#graphs/conductor/checkpointer.ts";
import type { Store } from "#src/store/store.ts";

/** A holder whose process is certainly gone: pid 1 never started at tick 1 of another boot. */
export const goneHolder = `${hostname()}/another-boot/1/1/gone`;

/** Counts calls and fails from the n-th on, for ever: what a process that was killed there would have done. */
export class CrashPoint {
  calls = 0;
  readonly #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  get isDead(): boolean {
    return this.calls >= this.#at;
  }

  step(): void {
    if (this.isDead) throw new Error("crashed here");
    this.calls += 1;
  }
}

/** The same object, whose every method (and every method of its parts) passes the crash point first. */
function guarded<T extends object>(target: T, point: CrashPoint, free: readonly string[]): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value === "function") {
        return (...parameters: unknown[]): unknown => {
          if (!free.includes(String(name))) point.step();
          return Reflect.apply(value, object, parameters);
        };
      }
      return typeof value === "object" && value !== null && !free.includes(String(name)) ? guarded(value, point, free) : value;
    },
  });
}

/** A store that dies at the point; a transaction that is open then is rolled back. */
export function crashingStore(store: Store, point: CrashPoint): Store {
  const mortal = guarded(store, point, ["dialect", "close"]);
  return new Proxy(mortal, {
    get(object, name) {
      if (name !== "transaction") return Reflect.get(object, name);
      return <T>(work: (inside: Store) => Promise<T>): Promise<T> => {
        point.step();
        return store.transaction(async (inside) => {
          const result = await work(crashingStore(inside, point));
          point.step();
          return result;
        });
      };
    },
  });
}

/** Checkpoints that die with the store. */
export function crashingCheckpointer({ saver, close }: Checkpointer, point: CrashPoint): Checkpointer {
  for (const name of ["put", "putWrites", "getTuple", "deleteThread"] as const) {
    const method: unknown = Reflect.get(saver, name);
    if (typeof method !== "function") continue;
    Reflect.set(saver, name, async (...parameters: unknown[]): Promise<unknown> => {
      point.step();
      return Reflect.apply(method, saver, parameters);
    });
  }
  return { saver, close };
}
