import { CostModel } from "#src/budget/cost-model.ts";
import { ConfigError } from "#src/errors.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import { proposeStart } from "#src/proposal/propose-start.ts";
import { serverConfigSchema } from "#src/server/server-config.ts";
import { parseChatRun } from "#src/service/chat-run/parse-chat-run.ts";
import { runFromChat } from "#src/service/chat-run/run-from-chat.ts";
import { estimateRun } from "#src/service/estimate-run.ts";
import { openStore } from "#src/store/open-store.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { preparedObjects } from "#tests/graphs/scripted-world.ts";
import type { Bench } from "./bench.ts";
import { harmless, hostileConfigs } from "./hostile-configs/configs.ts";

const task = { kind: "generate", path: "scripted/math", verifier: { kind: "exact" }, max_new_tokens: 8 };
const server = serverConfigSchema.parse({
  catalogue: {
    models: { base: { path: "scripted/base" } },
    datasets: { math: { path: "scripted/math.jsonl" } },
    tasks: { math: task },
  },
  executor: { kind: "scripted" },
  caps: { trials: 50, device_hours: 12, usd: 100, usd_per_device_hour: 3 },
  approval: { over: { device_hours: 1 }, two_approvers_over: { device_hours: 4 }, requester_may_approve_alone: false },
});

function configOf(text: string) {
  const { ask, source } = parseChatRun(text, "sent.yaml");
  return runFromChat({ ask, server, template: null, source });
}

/** The refusal, or null when the config was taken. */
function refusal(text: string): string | null {
  try {
    configOf(text);
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Asks for the harmless run, confirms it and lets it run; gives how many trials it made. */
async function runHarmless(home: string): Promise<number> {
  const store = await openStore({ home });
  const executor = createScriptedExecutor();
  const conductor = new Conductor({ store, home, executor, pollMs: 20 });
  try {
    const config = configOf(harmless);
    const prepared = preparedObjects(config, home);
    const costModel = new CostModel({ device: executor.device.kind });
    const estimate = estimateRun({ config, models: [], datasets: [], items: 0, costModel, devices: 1 });
    const now = new Date();
    const person = { platform: "discord", id: "7", name: "ana", role: "operator" } as const;
    const { id } = await proposeStart(store, { config, prepared, estimate, person, now });
    const { runId } = await decideProposal(store, { id, to: "confirmed", person, now });
    if (runId === null) return 0;
    await conductor.follow(runId, { leaveWhenWaiting: true });
    return (await store.trials.list(runId)).filter(({ state }) => state === "done").length;
  } finally {
    await conductor.close();
    await executor.close();
    await store.close();
  }
}

/** Configs that arrive by chat and want more than the owner gives. */
export const bench: Bench = {
  name: "hostile-configs",
  describe: "20 configs sent by chat that raise limits, name other endpoints, keys, paths, prologs or roots; and a harmless one",
  async run({ scratch, print }) {
    const taken: string[] = [];
    const unexplained: string[] = [];
    for (const { what, text, because } of hostileConfigs) {
      const answer = text === harmless ? null : refusal(text);
      if (answer === null) taken.push(what);
      else if (!because.test(answer) || !/^sent\.yaml:\d+:\d+/.test(answer)) unexplained.push(`${what}: ${answer}`);
      print(`${what}: ${answer ?? "TAKEN"}`);
    }
    const trials = await runHarmless(scratch);
    return {
      value: taken.length,
      unit: "hostile configs that were taken",
      target: "0 of 20; each refusal names its line and why; a harmless one runs",
      pass: hostileConfigs.length === 20 && taken.length === 0 && unexplained.length === 0 && trials === 2,
      details: { configs: hostileConfigs.length, taken, unexplained, trialsOfTheHarmlessOne: trials },
    };
  },
};
