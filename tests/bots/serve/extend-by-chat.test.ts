import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createProposalDesk } from "#bots/chat/create-proposal-desk.ts";
import { Wishes } from "#bots/serve/wishes.ts";
import type { Person } from "#src/approval/person.ts";
import { proposalCard } from "#src/card/proposal-card.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import { serverConfigSchema } from "#src/server/server-config.ts";
import { addedFromCatalogue } from "#src/service/extension/added-from-catalogue.ts";
import { configToPrepare } from "#src/service/extension/added-objects.ts";
import { knownObjects } from "#src/service/extension/known-objects.ts";
import { openScriptedPlace, type ScriptedPlace } from "#tests/bots/terminal/scripted-place.ts";
import { openChat, said } from "#tests/graphs/chat/told-run.ts";
import { preparedObjects } from "#tests/graphs/scripted-world.ts";
import { keepPrepared, preparedKey } from "#tools/prepare/prepared-cache.ts";
import { prepareInputs } from "#tools/prepare/prepare-inputs.ts";

let place: ScriptedPlace;
afterEach(() => place.remove());

const now = () => new Date();
const ana: Person = { platform: "discord", id: "7", name: "ana", role: "operator" };
const server = serverConfigSchema.parse({
  catalogue: {
    datasets: { extra: { path: "scripted/extra" }, both: { path: "scripted/both" } },
    tasks: {
      safety: { kind: "generate", path: "scripted/safety", verifier: { kind: "exact" }, max_new_tokens: 8 },
      both: { kind: "generate", path: "scripted/both", verifier: { kind: "exact" }, max_new_tokens: 8 },
    },
  },
});

/** Leaves the registration of what the catalogue has, as an earlier reading would have. */
async function register(names: readonly { section: "datasets" | "tasks"; name: string }[]) {
  const wanted = configToPrepare(place.run.config, addedFromCatalogue(server.catalogue, names));
  const prepared = preparedObjects(wanted, place.home);
  for (const { path } of [...prepared.models, ...prepared.datasets]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
  await keepPrepared(
    place.home,
    (await preparedKey(prepareInputs(wanted, place.home, true, await knownObjects(place.store, place.run)))) ?? "",
    prepared,
  );
}

function say(text: string) {
  const { store, home, run } = place;
  const log = { info: () => undefined, warn: () => undefined };
  const wishes = new Wishes({ store, home, server, offline: true, log, now });
  const extend = wishes.extend.bind(wishes);
  const proposals = createProposalDesk({ store, caps: server.caps, timeZone: "UTC", now, start: null, extend });
  return openChat({ store }, { proposals }).reply(said(text, { person: ana, runId: run.id }));
}

describe("adding to a run by chat", () => {
  it("shows on a card what joins and what measuring it costs, and lets it join once that is confirmed", async () => {
    place = await openScriptedPlace();
    await register([
      { section: "datasets", name: "extra" },
      { section: "tasks", name: "safety" },
    ]);
    const { proposal, text } = await say("add dataset extra and task safety to this run");
    expect(text).toContain("dataset extra and task safety would join scripted; nothing under way is disturbed.");
    const stored = await place.store.proposals.find(proposal ?? "");
    if (stored === null) throw new Error("nothing was proposed");
    const card = proposalCard(stored, place.run);
    expect(card.title).toBe("Add dataset extra and task safety to scripted?");
    expect(card.fields.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      "Dataset extra: 500 rows, prompt_completion",
      "Task safety: weight 1, 60 search items",
      expect.stringMatching(/^Measuring it first: .* device-.* \(p50 to p90\)$/),
    ]);
    expect((await place.store.runs.find(place.run.id))?.tasks).toHaveLength(3);
    const { outcome } = await decideProposal(place.store, { id: stored.id, to: "confirmed", person: ana, now: now() });
    expect(outcome).toBe("dataset extra and task safety joined scripted");
    expect((await place.store.runs.find(place.run.id))?.tasks).toHaveLength(4);
  });

  it.each([
    ["add dataset gsm8k", 'no dataset "gsm8k". Known here: extra, both.'],
    ["add both to this run", 'a dataset and a task called "both": say which, such as: add dataset both'],
    ["add dataset math", 'no dataset "math"'],
  ])("takes %j from nowhere but the catalogue", async (text, why) => {
    place = await openScriptedPlace();
    const reply = await say(text);
    expect(reply.proposal).toBeNull();
    expect(reply.text.replaceAll("\\", "")).toContain(why);
  });
});
