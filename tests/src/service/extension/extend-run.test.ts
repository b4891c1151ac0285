import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Person } from "#src/approval/person.ts";
import type { Role } from "#src/approval/role.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { describeOverlap } from "#src/pool/overlap-gate.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import { proposeExtend } from "#src/proposal/propose-extend.ts";
import { addedFromCatalogue } from "#src/service/extension/added-from-catalogue.ts";
import type { AddedObjects } from "#src/service/extension/added-objects.ts";
import { extendRun } from "#src/service/extension/extend-run.ts";
import { knownObjects, namesOf } from "#src/service/extension/known-objects.ts";
import { bestMeasured } from "#src/service/extension/models-to-measure.ts";
import type { Estimate } from "#src/store/store.ts";
import { anAction, RecordedRun } from "#tests/fixtures/recorded-run.ts";

const now = new Date("2026-01-01T12:00:00.000Z");
const someone = (role: Role, id = "7", name = "ana"): Person => ({ platform: "discord", id, name, role });
const dear: Estimate = { deviceHoursP50: 2, deviceHoursP90: 3, usdP50: 0, usdP90: 0, wallSecondsP90: 9000, basis: "a prior" };
const counts = { search: 100, confirm: 100, final: 100 };

const safety: AddedObjects = {
  models: {},
  datasets: { chat: { path: "tiny-world:chat", format: "auto", columns: {}, on_bad_rows: "fail", on_overlap: "refuse" } },
  tasks: {
    safety: {
      kind: "generate",
      path: "tiny-world:safety",
      verifier: { kind: "exact" },
      columns: {},
      max_new_tokens: 8,
      few_shot: 0,
      chat_template: null,
      batch_size: 32,
      weight: 1,
      items: counts,
    },
  },
};
const prepared: PreparedObjects = {
  models: [],
  datasets: [{ id: "chat", key: "key-chat", path: "/chat", format: "messages", rows: 10, skipped_rows: 0, mean_tokens: 5, revision: null }],
  tasks: [
    {
      id: "safety",
      key: "task-safety",
      path: "/safety",
      items: counts,
      majority: { search: 0.1, confirm: 0.1, final: 0.1 },
      longest_answer_tokens: 4,
    },
  ],
  problems: [],
};

describe("what joins a run", () => {
  let recorded: RecordedRun;
  beforeEach(async () => {
    recorded = await RecordedRun.open();
  });
  afterEach(() => recorded.close());

  const current = async () => (await recorded.store.runs.find(recorded.run.id)) ?? recorded.run;
  const withApproval = async (approval: Partial<RunConfig["approval"]>) => {
    const { config } = recorded.run;
    await recorded.store.runs.setConfig(recorded.run.id, { ...config, approval: { ...config.approval, ...approval } });
  };
  const compared = async () => namesOf(await knownObjects(recorded.store, await current()));
  const extend = async (person: Person, estimate: Estimate | null = null, added = safety) =>
    extendRun(recorded.store, recorded.run, { added, prepared, compared: await compared(), estimate, person, now });
  const propose = async (estimate: Estimate | null, added = safety) =>
    proposeExtend(recorded.store, await current(), {
      added,
      prepared,
      compared: await compared(),
      estimate,
      person: someone("operator"),
      now,
    });

  it("has its place in pool, tasks and config, and is on record", async () => {
    await extend(someone("operator"));
    const { config, tasks } = await current();
    expect(Object.keys(config.datasets)).toEqual(["math", "common", "prefs", "chat"]);
    expect(tasks.map(({ id, joined }) => [id, joined])).toEqual([
      ["math", undefined],
      ["common", undefined],
      ["safety", { leftOut: [], trials: [] }],
    ]);
    expect(await recorded.store.objects.find(recorded.run.id, "chat")).toMatchObject({ kind: "dataset", rows: 10 });
    expect(await recorded.store.events.list(recorded.run.id)).toMatchObject([{ kind: "objects-add", actor: "ana" }]);
  });

  it("leaves on record what of the run's datasets stands in a task that joins", async () => {
    const place = { task: "safety", split: "confirm" as const, rows: 2, exact_rows: 2, items: 2, examples: [] };
    const overlap = { rows: { search: 0, confirm: 2, final: 0, any: 2 }, found: [place], list: "/list.jsonl" };
    const none = { rows: { search: 0, confirm: 0, final: 0, any: 0 }, found: [], list: null };
    const { config } = recorded.run;
    const math = config.datasets["math"];
    if (math === undefined) throw new Error("no math");
    await recorded.store.runs.setConfig(recorded.run.id, {
      ...config,
      datasets: { ...config.datasets, math: { ...math, on_overlap: "warn" } },
    });
    await extendRun(recorded.store, recorded.run, {
      added: safety,
      prepared: {
        ...prepared,
        known_overlaps: [
          { id: "math", rows: 100, overlap },
          { id: "common", rows: 100, overlap: none },
        ],
      },
      compared: await compared(),
      estimate: null,
      person: someone("operator"),
      now,
    });
    const datasets = await recorded.store.objects.datasets(recorded.run.id);
    const told = datasets.flatMap((dataset) => describeOverlap(dataset) ?? []);
    expect(told).toEqual(["2 of its 100 rows stand in safety's confirm split (2 rows, word for word)"]);
    const events = await recorded.store.events.list(recorded.run.id);
    expect(events.filter(({ kind }) => kind === "overlap-allow").map(({ fields }) => fields)).toEqual([
      { dataset: "math", rows: overlap.rows },
    ]);
  });

  it("has to be read again when something else joined since it was read", async () => {
    const late = { ...safety, tasks: {} };
    const first = await propose(null, { ...safety, datasets: {} });
    const second = await propose(null, late);
    await decideProposal(recorded.store, { id: first.id, to: "confirmed", person: someone("operator"), now });
    const confirm = (id: string) => decideProposal(recorded.store, { id, to: "confirmed", person: someone("operator"), now });
    await expect(confirm(second.id)).rejects.toThrow(
      "task safety joined skills meanwhile, and dataset chat was not compared with that for overlaps: ask for it again.",
    );
    expect(Object.keys((await current()).config.datasets)).not.toContain("chat");
    await confirm((await propose(null, late)).id);
    expect(Object.keys((await current()).config.datasets)).toContain("chat");
  });

  it("leaves out older models beyond the best, and says how many", async () => {
    const made = bestMeasured + 3;
    for (let number = 1; number <= made; number++) {
      const trial = await recorded.select(anAction("sft", ["m0"], ["math"], { max_steps: number }));
      await recorded.finish(trial, { math: number, common: 50 });
    }
    expect(await extend(someone("operator"))).toContain(
      "31 models are measured on it first; 3 older ones keep their scores and are not ranked any more.",
    );
    expect((await current()).tasks.at(-1)?.joined?.leftOut).toEqual(["m1", "m2", "m3"]);
  });

  it("knows which trials were under way", async () => {
    const trial = await recorded.select(anAction("sft", ["m0"], ["math"]));
    await extend(someone("operator"));
    expect((await current()).tasks.at(-1)?.joined?.trials).toEqual([trial]);
  });

  it("is refused under a name that is there, once final was opened, and where nothing would join", async () => {
    const { datasets } = safety;
    await expect(
      extend(someone("owner"), null, {
        models: {},
        tasks: {},
        datasets: { math: datasets["chat"] ?? { path: "", format: "auto", columns: {}, on_bad_rows: "fail", on_overlap: "refuse" } },
      }),
    ).rejects.toThrow('skills has a dataset "math" already');
    await expect(extend(someone("owner"), null, { models: {}, tasks: {}, datasets: {} })).rejects.toThrow("Nothing would join skills");
    await recorded.store.runs.openFinal(recorded.run.id);
    await expect(extend(someone("owner"))).rejects.toThrow("skills has opened its final split");
    expect((await current()).tasks).toHaveLength(2);
  });

  it("takes an approver where measuring it is over the threshold, and the yes is on record", async () => {
    await withApproval({ over: { device_hours: 1 } });
    const { id } = await propose(dear);
    await expect(decideProposal(recorded.store, { id, to: "confirmed", person: someone("operator"), now })).rejects.toThrow(
      "it takes the role approver",
    );
    await decideProposal(recorded.store, { id, to: "confirmed", person: someone("approver", "8", "ben"), now });
    expect(await recorded.store.approvals.list(recorded.run.id)).toMatchObject([
      { batch: "additions", state: "approved", decidedBy: "ben", estimate: dear },
    ]);
    expect((await current()).tasks).toHaveLength(3);
  });

  it("is an operator's to confirm where it costs little", async () => {
    await withApproval({ over: { device_hours: 10 } });
    const { id } = await propose(dear);
    await decideProposal(recorded.store, { id, to: "confirmed", person: someone("operator"), now });
    expect(await recorded.store.approvals.list(recorded.run.id)).toEqual([]);
    expect((await current()).tasks).toHaveLength(3);
  });

  it("joins not by one yes where two people have to approve, and leaves nothing behind", async () => {
    await withApproval({ over: { device_hours: 1 }, two_approvers_over: { device_hours: 2 } });
    await expect(extend(someone("approver"), dear)).rejects.toThrow("the yes of ana alone is not enough");
    expect(await recorded.store.approvals.list(recorded.run.id)).toEqual([]);
    expect((await current()).tasks).toHaveLength(2);
  });

  it("waits for a stopped run to be resumed", async () => {
    await recorded.store.runs.setState(recorded.run.id, ["running"], "stopped", "by ana");
    await expect(propose(null)).rejects.toThrow("skills is stopped: resume it first");
  });
});

describe("names of the catalogue", () => {
  const catalogue = {
    models: {},
    datasets: {
      chat: safety.datasets["chat"] ?? {
        path: "x",
        format: "auto" as const,
        columns: {},
        on_bad_rows: "fail" as const,
        on_overlap: "refuse" as const,
      },
    },
    tasks: safety.tasks,
    runs: {},
  };

  it("are found with and without their kind", () => {
    expect(
      addedFromCatalogue(catalogue, [
        { section: null, name: "chat" },
        { section: "tasks", name: "safety" },
      ]),
    ).toEqual(safety);
  });

  it.each([
    [{ section: null, name: "chatt" }, 'The owner\'s catalogue has nothing called "chatt". Did you mean "chat"?'],
    [{ section: "tasks" as const, name: "chat" }, 'The owner\'s catalogue has no task "chat".'],
    [{ section: null, name: "constructor" }, 'nothing called "constructor"'],
    [{ section: null, name: "../../etc/passwd" }, "nothing called"],
  ])("refuses %j", (name, why) => {
    expect(() => addedFromCatalogue(catalogue, [name])).toThrow(why);
  });
});
