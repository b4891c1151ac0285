import { InvalidArgumentError } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";

/** The command line's words for what is asked. */
export interface PaperOptions extends CommonOptions {
  seeds: number;
  trials: number;
  policy: string;
  sizes?: string;
  out?: string;
  cache?: string;
  lanes: number;
  config?: string;
  config2?: string;
  llm?: string;
  llmUrl?: string;
  device: string;
  yes?: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("give a whole number of at least 1.");
  return value;
}

/** `temper paper`: the paper's experiments, and the page with what came of them. */
export function addPaper(host: CommandHost): void {
  host
    .add("paper [part]", "The paper's experiments: tables, figures and a page", [
      "temper paper experiment-1 --seeds 5 --lanes 2",
      "temper paper all --llm gpt-4o",
      "temper paper experiment-1 --config three-skills.yaml --device cuda --trials 100",
      "temper paper page --out docs",
    ])
    .addHelpText(
      "after",
      "\nParts: experiment-1, figure-3, figure-5, experiment-2, data-size, model-size, all; page writes the page again from the results.\nWhat is finished is kept in the cache: the same line goes on where it was stopped.\n",
    )
    .option("--seeds <n>", "seeds of everything; on the tiny world each draws other data, too", count, 5)
    .option("--trials <n>", "chosen trials of each search", count, 40)
    .option("--policy <names>", "searches to compare, the one that the rest builds on first", "lookahead,greedy,random,llm,hybrid")
    .option("--sizes <names>", "bases of model-size, small to large (default: S,M,L, or the config's models in order)")
    .option("--out <folder>", "where paper.md and the folder paper/ are written (default: the home)")
    .option("--cache <folder>", "where models and finished runs are kept (default: paper-cache in the home)")
    .option("--lanes <n>", "trainings at the same time; with --device cuda each has a GPU", count, 1)
    .option("--config <file>", "your own models, data and tasks in place of experiment 1's tiny world")
    .option("--config-2 <file>", "the same for experiment 2: the skill to keep is the first task, the new one the last")
    .option("--llm <model>", "a language model for the policies llm and hybrid; its key stands in OPENAI_API_KEY")
    .option("--llm-url <url>", "an OpenAI-compatible endpoint of your own")
    .option("--device <kind>", "cpu or cuda", "cpu")
    .option("--yes", "do not ask before a config of your own is trained on")
    .action(
      host.handle(async (part: string | undefined, options: PaperOptions) => {
        const { paperAtTerminal } = await import("../paper/paper-at-terminal.ts");
        return paperAtTerminal(host, part ?? "all", options);
      }),
    );
}
