import type { Store } from "#src/store/store.ts";

/** A database of one kind, empty and of its own for each test. */
export interface StoreBackend {
  name: Store["dialect"];
  /** How `openStore` is told the place; JSON, so that other processes can open it too. */
  create(): Promise<StorePlace>;
  drop(place: StorePlace): Promise<void>;
}

export type StorePlace = { home: string } | { databaseUrl: string };
