import type { Run, Store } from "#src/store/store.ts";
import type { ConfigChange } from "./config-changes.ts";

/** Why an object or task of a run that goes on cannot be changed or taken away, and what helps; null for other settings. */
export async function whyFixed(store: Store, run: Run, { path, after }: ConfigChange): Promise<string | null> {
  const [section = "", name = ""] = path.split(".");
  const instead = after === undefined ? `temper steer "stop using ${name}" leaves it out` : "give the changed one another name";
  if (section === "tasks")
    return `what was measured on it stands; ${after === undefined ? `tasks.${name}.weight: 0 takes it out of the score` : instead}.`;
  if (section !== "datasets" && section !== "models") return null;
  const model = (await store.objects.models(run.id)).find((each) => each.name === name);
  const trials = (await store.trials.list(run.id)).filter(({ action }) =>
    section === "datasets" ? action.datasets.includes(name) : model !== undefined && action.models.includes(model.id),
  );
  const [first] = trials;
  if (first === undefined) return `what is in a run's pool stays there; ${instead}.`;
  const used = trials.length === 1 ? `trial ${first.number} stands on it` : `${trials.length} trials stand on it, from ${first.number} on`;
  return `${used}; ${instead}.`;
}
