import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseRunConfig } from "#src/config/load-run-config.ts";
import { UserInputError } from "#src/errors.ts";
import type { Terminal } from "../terminal.ts";
import { askAnswers, QuestionsEnded } from "./ask-answers.ts";
import { guessFormat } from "./guess-format.ts";
import type { InitAnswers, VerifierKind } from "./init-answers.ts";
import { nameOf, parseNamedPath } from "./parse-named-path.ts";
import { renderConfig } from "./render-config.ts";

/** The flags of `temper init`. */
export interface InitFlags {
  name?: string;
  goal?: string;
  model?: string[];
  data?: string[];
  task?: string[];
  verifier: VerifierKind;
  trials?: number;
  force?: boolean;
}

async function answersOf(flags: InitFlags): Promise<Partial<InitAnswers>> {
  const datasets = flags.data?.map(parseNamedPath);
  return {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.goal === undefined ? {} : { goal: flags.goal }),
    ...(flags.model === undefined ? {} : { models: flags.model.map(parseNamedPath) }),
    ...(datasets === undefined
      ? {}
      : { datasets: await Promise.all(datasets.map(async (file) => ({ ...file, format: await guessFormat(file.path) }))) }),
    ...(flags.task === undefined ? {} : { tasks: flags.task.map((text) => ({ ...parseNamedPath(text), verifier: flags.verifier })) }),
    ...(flags.trials === undefined ? {} : { trials: flags.trials }),
  };
}

function completed(given: Partial<InitAnswers>, file: string): InitAnswers {
  const { models, datasets, tasks } = given;
  const missing = Object.entries({ "--model": models, "--data": datasets, "--task": tasks }).flatMap(([flag, value]) =>
    value === undefined ? [flag] : [],
  );
  if (models === undefined || datasets === undefined || tasks === undefined) {
    throw new UserInputError(
      `Nobody is here to be asked, so flags must say it all; missing: ${missing.join(", ")}. See temper init --help.`,
    );
  }
  const name = given.name ?? nameOf(file.replace(/\.ya?ml$/i, "")).replaceAll("_", "-");
  const goal = given.goal ?? `Raise ${tasks.map((task) => task.name).join(" and ")}.`;
  return { name, goal, models, datasets, tasks, trials: given.trials ?? 40 };
}

/** Writes the config and gives its path, or null when the person ended the questions. */
export async function initConfig(terminal: Terminal, file: string, flags: InitFlags): Promise<string | null> {
  const path = resolve(terminal.cwd, file);
  if (existsSync(path) && flags.force !== true) {
    throw new UserInputError(`${file} is there already. Name another file, or write over it with --force.`, { file });
  }
  const given = await answersOf(flags);
  try {
    const answers = terminal.isInteractive ? await askAnswers(terminal, given) : completed(given, file);
    const text = renderConfig(answers);
    parseRunConfig(text, file);
    await writeFile(path, text);
    return file;
  } catch (error) {
    if (error instanceof QuestionsEnded) return null;
    throw error;
  }
}
