import { afterEach, beforeEach } from "vitest";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import type { StoreBackend, StorePlace } from "./backend.ts";
import { sampleTime, storeSampleRun } from "./samples.ts";

export interface OpenedStore {
  store: Store;
  place: StorePlace;
  /** One more connection to the same database, closed after the test. */
  another(): Promise<Store>;
}

/** Opens an empty database for every test, with one run in it, on a clock that stands still. */
export function useStore(backend: StoreBackend, now: () => Date = () => new Date(sampleTime)): OpenedStore {
  let opened: { stores: Store[]; place: StorePlace } | null = null;
  const current = () => {
    if (opened === null) throw new Error("the store is open inside of a test only");
    return opened;
  };
  const open = async () => {
    const store = await openStore({ ...current().place, now });
    current().stores.push(store);
    return store;
  };

  beforeEach(async () => {
    opened = { stores: [], place: await backend.create() };
    await storeSampleRun(await open());
  });
  afterEach(async () => {
    const { stores, place } = current();
    for (const store of stores) await store.close();
    opened = null;
    await backend.drop(place);
  });

  return {
    get store() {
      const [first] = current().stores;
      if (first === undefined) throw new Error("the store did not open");
      return first;
    },
    get place() {
      return current().place;
    },
    another: open,
  };
}
