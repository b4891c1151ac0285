import type { PoolModel } from "#src/pool/objects.ts";
import type { Reseeded } from "./confirm.ts";
import { type BaselineRole, readReferences, type Reference } from "./contenders.ts";
import type { Store } from "#src/store/store.ts";
import type { RunView } from "./run-view.ts";

/** `winner_seed`, `strongest_seed`: the same pipeline as the winner or the strongest baseline, made again under another seed. */
export type FinalLabel = "winner" | BaselineRole | "winner_seed" | "strongest_seed";

/** A model that `final` is opened for, and as what. One model may stand there as two things. */
export interface Finalist {
  label: FinalLabel;
  model: PoolModel;
}

/** What is compared on `final`. */
export interface FinalField {
  winner: Reseeded;
  strongest: Reseeded & Reference;
  /** The winner, its base, and the best of each kind of baseline, then the seeds of winner and strongest baseline. */
  finalists: Finalist[];
}

function seedsOf(label: FinalLabel, { model, again }: Reseeded): Finalist[] {
  return again.filter(({ id }) => id !== model.id).map((each) => ({ label, model: each }));
}

/** Everything that `final` is opened for. */
export async function pickFinalists(
  store: Store,
  view: RunView,
  { winner, strongest }: Pick<FinalField, "winner" | "strongest">,
): Promise<FinalField> {
  return {
    winner,
    strongest,
    finalists: [
      { label: "winner", model: winner.model },
      ...(await readReferences(store, view, winner.model)),
      ...seedsOf("winner_seed", winner),
      ...(strongest.model.id === winner.model.id ? [] : seedsOf("strongest_seed", strongest)),
    ],
  };
}
