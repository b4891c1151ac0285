import { openStore } from "#src/store/open-store.ts";
import { racerSchema, type RaceResult } from "./race-contract.ts";
import { sampleJob, sampleTrial } from "./samples.ts";

/** One of several processes that want the same things at once; prints what it got. */
const { place, name, rounds } = racerSchema.parse(JSON.parse(process.argv[2] ?? ""));
const run = "three-skills.1";
const store = await openStore(place);
const got: RaceResult = { trials: [], jobs: [], approvals: [], leases: [], devices: [], commands: [] };

for (let round = 0; round < rounds; round++) {
  const key = `key-${round}`;
  const trial = await store.trials.create(sampleTrial(key));
  if (trial !== null) got.trials.push(trial.number);
  if ((await store.jobs.create(sampleJob(`${key}-${name}-1`, key, { trial: 1 }))) !== null) got.jobs.push(key);
  if ((await store.approvals.decide(`a${round}`, key, "approved", name, null)) !== null) got.approvals.push(key);
  if (await store.leases.acquire(`lease-${round}`, name, 60_000, 1000)) got.leases.push(key);
  for (const slot of (await store.devices.claim("host", "cpu", 1, `${name}-${round}`)) ?? []) got.devices.push(slot);
  for (const command of await store.commands.take(run)) got.commands.push(command.id);
  await store.events.append({ runId: run, kind: "round-end", actor: name, trial: null, text: "", fields: { round } });
}

await store.close();
process.stdout.write(JSON.stringify(got));
