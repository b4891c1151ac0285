import type { Run, Store } from "#src/store/store.ts";

/** A store in which runs out of reach are not there. To find runs with: what is done with a run that was found is done as ever. */
export function storeWithin(store: Store, reaches: (run: Run) => Promise<boolean>): Store {
  const { runs } = store;
  return {
    ...store,
    runs: {
      ...runs,
      async find(idOrName) {
        const exact = await runs.find(idOrName);
        if (exact === null || (await reaches(exact))) return exact;
        // Of runs with one name, the latest is found: another may be in reach.
        for (const run of (await runs.list()).toReversed()) if (run.name === idOrName && (await reaches(run))) return run;
        return null;
      },
      async list() {
        const found: Run[] = [];
        for (const run of await runs.list()) if (await reaches(run)) found.push(run);
        return found;
      },
    },
  };
}
