import type { Person } from "#src/approval/person.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { RunWish } from "../chat/propose-run-wish.ts";
import type { Pictures } from "../pictures/pictures.ts";
import type { StartAsk } from "./commands/start-run.ts";

/** What people may wish for; each gives the id of a proposal, whose card asks for a yes. */
export interface Wishes {
  start(ask: StartAsk, person: Person): Promise<string>;
  propose(run: Run, wish: RunWish, person: Person): Promise<string>;
}

/** What the owner's catalogue has, by name. */
export type CatalogueNames = Readonly<Record<"runs" | "models" | "datasets" | "tasks", readonly string[]>>;

/** What the bot's parts work with. */
export interface Desk {
  store: Store;
  /** Absolute path of the home. */
  home: string;
  now(): Date;
  /** When this bot came up. */
  startedAt: Date;
  pictures: Pictures;
  wishes: Wishes;
  catalogue: CatalogueNames;
  /** Blanks secrets out of text. */
  redact(text: string): string;
  /** Somebody changed something: the cards are looked at now. */
  wake(): void;
}
