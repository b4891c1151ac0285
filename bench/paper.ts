import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PaperConfig } from "#graphs/paper/paper-lab.ts";
import { type PaperRequest, runPaper } from "#graphs/paper/run-paper.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { enoughSeeds } from "#src/paper/page.ts";
import { paperParts } from "#src/paper/results.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Bench, BenchContext } from "./bench.ts";

const bases = ["S", "M", "L"];
/** Making M and L takes minutes: in the short form another small model stands in for a larger one. */
const smokeModels = { S: { path: "tiny-world:S/base" }, other: { path: "tiny-world:S/instruct" } };
const smokeDatasets = new Set(["math", "common", "tool_brace", "tool_fixed", "pref_tool"]);
const smokeItems = { search: 40, confirm: 40, final: 40 };

/** An example, in the short form with fewer data sets and items. */
async function configOf(root: string, example: string, smoke: boolean): Promise<PaperConfig> {
  const config = await loadRunConfig(join(root, "examples", example));
  if (!smoke) return { config, isShipped: true };
  const datasets = Object.fromEntries(Object.entries(config.datasets).filter(([id]) => smokeDatasets.has(id)));
  const tasks = Object.fromEntries(Object.entries(config.tasks).map(([id, task]) => [id, { ...task, items: smokeItems }]));
  return { config: { ...config, datasets, tasks }, isShipped: false };
}

async function requestOf({ root, scratch, options, smoke, print }: BenchContext): Promise<PaperRequest> {
  const one = await configOf(root, "three-skills.yaml", smoke);
  const models = smoke ? smokeModels : Object.fromEntries(bases.map((size) => [size, { path: `tiny-world:${size}/base` }]));
  const cache = options.cache ?? (smoke ? scratch : join(root, ".cache/search"));
  return {
    parts: paperParts,
    policies: smoke ? ["lookahead"] : ["lookahead", "greedy", "random"],
    one: { ...one, config: { ...one.config, models } },
    two: await configOf(root, "tool-use.yaml", smoke),
    bases: Object.keys(models),
    out: scratch,
    seeds: Array.from({ length: smoke ? 1 : (options.worlds ?? enoughSeeds) }, (_, seed) => seed),
    trials: smoke ? 2 : 40,
    ...(smoke ? { sizes: { data: { top: 1, random: 1 }, model: { pipelines: 2, mostActions: 2 } } } : {}),
    python: join(root, ".venv/bin/python"),
    cache,
    lanes: options.lanes ?? 1,
    device: "cpu",
    network: false,
    openStore: () => openStore({ home: cache }),
    env: {},
    now: () => new Date(),
    print,
  };
}

/** Whether the page that is committed is the one that the command has just made. */
function isRemade(root: string, page: string): boolean {
  const committed = join(root, "docs/paper.md");
  return existsSync(committed) && readFileSync(committed, "utf8") === readFileSync(page, "utf8");
}

/** The paper's experiments from their command: whether the page is whole, and the one that is committed. */
export const bench: Bench = {
  name: "paper",
  describe:
    "the paper's experiments, real trainings: parts of docs/paper.md with >= 5 seeds, made again by the command; hours; --worlds N, resumes",
  async run(context) {
    const { page, figures, lacking } = await runPaper(await requestOf(context));
    const whole = paperParts.length - lacking.length;
    const isSame = isRemade(context.root, page);
    const missing = (readFileSync(page, "utf8").match(/Not measured yet/g) ?? []).length;
    const isWhole = lacking.length === 0 && isSame;
    return {
      value: context.smoke ? paperParts.length - missing : whole,
      unit: context.smoke ? `of ${paperParts.length} parts made` : `of ${paperParts.length} parts with >= ${enoughSeeds} seeds`,
      target: `${paperParts.length} of ${paperParts.length}, and docs/paper.md is the page that they make`,
      pass: context.smoke ? missing === 0 && figures.length > paperParts.length - 1 : isWhole,
      details: { lacking: [...lacking], figures: figures.length, isCommittedPage: isSame },
    };
  },
};
