import type { Store } from "#src/store/store.ts";

/** Databases of one kind, empty and of its own for each test. */
export interface StoreBackend {
  name: Store["dialect"];
  /** How `openStore` is told the place; JSON, so that other processes can open it too. */
  create(): Promise<StorePlace>;
  drop(place: StorePlace): Promise<void>;
  /** After the last test: leaves nothing behind. */
  close(): Promise<void>;
}

export type StorePlace = { home: string } | { databaseUrl: string };
