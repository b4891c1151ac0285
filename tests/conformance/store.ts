import { afterAll, describe } from "vitest";
import type { StoreBackend } from "./store/backend.ts";
import { describeCoordination } from "./store/coordination.ts";
import { describeJobs } from "./store/jobs.ts";
import { describeMessages } from "./store/messages.ts";
import { describePeople } from "./store/people.ts";
import { describePins } from "./store/pins.ts";
import { describeRaces } from "./store/races.ts";
import { describeRecords } from "./store/records.ts";
import { describeRuns } from "./store/runs.ts";
import { describeTransactions } from "./store/transactions.ts";
import { describeTrials } from "./store/trials.ts";

/** What every store does, whatever it is kept in. */
export function describeStore(backend: StoreBackend) {
  describe(`store on ${backend.name}`, () => {
    afterAll(() => backend.close());
    describeRuns(backend);
    describeTrials(backend);
    describeRecords(backend);
    describeJobs(backend);
    describeCoordination(backend);
    describeMessages(backend);
    describePins(backend);
    describePeople(backend);
    describeTransactions(backend);
    describeRaces(backend);
  });
}
