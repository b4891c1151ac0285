import { join, resolve } from "node:path";
import { armPolicies, type ArmPolicy } from "#graphs/paper/open-roles.ts";
import type { PaperConfig } from "#graphs/paper/paper-lab.ts";
import type { PaperRequest } from "#graphs/paper/run-paper.ts";
import { loadRunConfig } from "#src/config/load-run-config.ts";
import { llmSchema } from "#src/config/run-config.ts";
import { UserInputError } from "#src/errors.ts";
import { paperParts, type PaperPart } from "#src/paper/results.ts";
import type { PaperOptions } from "../commands/paper.ts";
import { projectRoot } from "../project.ts";

/** What the command line says of experiments, checked; the machine's side is added by the caller. */
export type PaperWish = Pick<PaperRequest, "parts" | "policies" | "seeds" | "trials" | "lanes" | "device" | "one" | "two" | "bases">;

/** The tiny world's bases by size, for the config that ships. */
const tinySizes = ["S", "M", "L"];

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** @throws UserInputError for a part that there is not. */
export function partsOf(part: string, { config, config2 }: Pick<PaperOptions, "config" | "config2">): PaperPart[] {
  if (part === "page") return [];
  // With a config for one of the experiments only, "all" is what that config can do.
  if (part === "all")
    return paperParts.filter(
      (each) => (each === "experiment-2" ? config2 !== undefined : config !== undefined) || (config ?? config2) === undefined,
    );
  const known = paperParts.find((each) => each === part);
  if (known === undefined) throw new UserInputError(`There is no part "${part}". There are: ${[...paperParts, "all", "page"].join(", ")}.`);
  return [known];
}

function policiesOf(text: string): ArmPolicy[] {
  const names = listOf(text);
  const known = names.flatMap((name) => armPolicies.filter((policy) => policy === name));
  const unknown = names.find((name) => !known.some((policy) => policy === name));
  if (unknown !== undefined) throw new UserInputError(`There is no policy "${unknown}". There are: ${armPolicies.join(", ")}.`);
  if (known.length === 0) throw new UserInputError("--policy names no policy. Give at least one, such as --policy lookahead,random.");
  return known;
}

async function configOf(file: string | undefined, example: string, { llm, llmUrl }: PaperOptions): Promise<PaperConfig> {
  const config = await loadRunConfig(file ?? join(projectRoot, "examples", example));
  const model = llm === undefined ? null : { model: llm, ...(llmUrl === undefined ? {} : { base_url: llmUrl }) };
  const asked = model === null ? config : { ...config, llm: llmSchema.parse({ default: model }) };
  return { config: asked, isShipped: file === undefined };
}

/** Experiment 1's config with the bases that model-size goes through; the first is the one that is searched. */
function withBases({ config, isShipped }: PaperConfig, sizes: string | undefined): { one: PaperConfig; bases: string[] } {
  const models = isShipped ? Object.fromEntries(tinySizes.map((size) => [size, { path: `tiny-world:${size}/base` }])) : config.models;
  const names = Object.keys(models);
  const bases = sizes === undefined ? names : listOf(sizes);
  const unknown = bases.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new UserInputError(`There is no base "${unknown}". There are: ${names.join(", ")}.`);
  if (bases.length === 0) throw new UserInputError(`--sizes names no base. There are: ${names.join(", ")}.`);
  return { one: { config: { ...config, models }, isShipped }, bases };
}

/** Reads and checks all that the command line says of the experiments. @param cwd files count from here. @throws UserInputError, ConfigError. */
export async function readPaperWish(cwd: string, part: string, options: PaperOptions): Promise<PaperWish> {
  const { seeds, trials, lanes, device } = options;
  const [config, config2] = [options.config, options.config2].map((file) => (file === undefined ? undefined : resolve(cwd, file)));
  if (device !== "cpu" && device !== "cuda") throw new UserInputError(`--device is cpu or cuda, not "${device}".`);
  if (options.llmUrl !== undefined && options.llm === undefined)
    throw new UserInputError("--llm-url needs --llm MODEL: which model is asked there?");
  return {
    parts: partsOf(part, options),
    policies: policiesOf(options.policy),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    trials,
    lanes,
    device,
    ...withBases(await configOf(config, "three-skills.yaml", options), options.sizes),
    two: await configOf(config2, "tool-use.yaml", options),
  };
}
