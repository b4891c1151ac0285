import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { localAuthor } from "#bots/terminal/author.ts";
import { renderProposal } from "#bots/terminal/chat/render-proposal.ts";
import type { RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { tellRun } from "#tests/graphs/chat/told-run.ts";
import { configText } from "../scripted-place.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

/** Settings under which whoever runs the tests has this role. */
const as = (role: string, more: Record<string, unknown> = {}) => ({ terminal: { users: { [localAuthor()]: role } }, ...more });

describe("temper chat with the owner's settings", () => {
  let recorded: RecordedRun;
  beforeEach(async () => {
    recorded = await tellRun();
  });
  afterEach(() => recorded.close());

  function settings(content: Record<string, unknown>, file = "server.yaml") {
    writeFileSync(join(recorded.home, file), stringify(content));
  }
  const talk = async (answers: string[], ...args: string[]) => {
    const terminal = new RecordingTerminal({ cwd: recorded.home, env: { NO_COLOR: "1" }, answers: [...answers, "quit"] });
    return { terminal, ...(await terminal.run("chat", "--home", ".", ...args)) };
  };

  it("lets somebody with the role of a viewer ask and not wish", async () => {
    settings(as("viewer"));
    const { out } = await talk(["leaderboard", "stop merging m3"]);
    expect(out).toContain("m4 leads");
    expect(out).toContain("takes the role of an operator");
    expect(await recorded.store.proposals.list()).toEqual([]);
  });

  it("leaves a wider budget of an operator to approvers, and holds to the caps", async () => {
    settings(as("operator", { caps: { trials: 50 } }));
    const { out } = await talk(["give it 20 more trials", "give it 5 more trials", "y"]);
    expect(out).toContain("budget.trials: 60 is above the owner's limit of 50");
    expect(out).toContain("it takes the role approver");
    expect((await recorded.store.runs.find(recorded.run.id))?.config.budget.trials).toBe(40);
  });

  it("asks nobody about approvals who may not decide them, and binds the owner by no cap", async () => {
    settings(as("operator"));
    settings({ caps: { trials: 50 } }, "owner.yaml");
    expect((await talk(["approvals"])).terminal.questions.join()).not.toContain("approve");
    await talk(["give it 20 more trials", "y"], "--server", "owner.yaml");
    expect((await recorded.store.runs.find(recorded.run.id))?.config.budget.trials).toBe(60);
  });

  it("starts a run of the catalogue by words, after showing its plan", async () => {
    writeFileSync(join(recorded.home, "small.yaml"), configText({ name: "small", baselines: false }));
    settings({ catalogue: { runs: { small: { path: "small.yaml" } } }, caps: { trials: 9 } });
    const { out } = await talk(["start a run on small with 3 trials", "y"]);
    expect(out).toContain("Start the run small?");
    expect(out).toMatch(/Estimate: 0 baselines, then 3 trials/);
    expect(out).toContain("Confirmed: run small.1 started.");
    expect((await recorded.store.runs.find("small"))?.config.budget.trials).toBe(3);
  });

  it("reads hours in the owner's zone, and says where its settings are wrong", async () => {
    settings({ time_zone: "Asia/Tokyo" });
    await talk(["no run over 2 GPU-hours at night", "y"]);
    expect(await recorded.store.directives.list(recorded.run.id)).toMatchObject([{ body: { timeZone: "Asia/Tokyo" } }]);
    settings({ time_zone: "Tokyo" });
    expect(await talk(["status"])).toMatchObject({ code: 2, err: expect.stringContaining("time_zone") });
  });
});

describe("renderProposal", () => {
  it("lets nothing that others wrote reach the terminal as control characters or lines of its own", () => {
    const text = renderProposal({ title: "Steer a\u001B[2Jb?", text: "one\ntwo", fields: [{ name: "Read as", value: "x\u0007" }] });
    expect(text).toBe("  Steer a[2Jb?\n  one two\n  Read as: x\n");
  });
});
