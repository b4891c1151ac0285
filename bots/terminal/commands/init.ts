import { InvalidArgumentError, Option } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";
import type { VerifierKind } from "../init/init-answers.ts";

interface InitOptions extends CommonOptions {
  name?: string;
  goal?: string;
  model?: string[];
  data?: string[];
  task?: string[];
  verifier: VerifierKind;
  trials?: number;
  force?: boolean;
}

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("give a whole number, 1 or more.");
  return value;
}

/** `temper init`: writes a temper.yaml from flags, and from questions where flags leave something open. */
export function addInit(host: CommandHost): void {
  host
    .add("init [file]", "Write a temper.yaml for your own model, data and tasks", [
      "temper init",
      "temper init run.yaml --model google/gemma-2-2b --data gsm8k=data/train.jsonl --task math=data/test.jsonl --verifier number",
    ])
    .option("--name <name>", "name of the run")
    .option("--goal <text>", "what should get better, in your words")
    .option("--model <path>", "base model: hub id or folder; again for more", collect)
    .option("--data <name=path>", "training data: file, folder or hub id; again for more", collect)
    .option("--task <name=path>", "evaluation items, or lm_eval:TASK; again for more", collect)
    .addOption(
      new Option("--verifier <kind>", "how answers are judged").choices(["exact", "number", "choice", "function_call"]).default("exact"),
    )
    .option("--trials <n>", "trials to choose", wholeNumber)
    .option("--force", "write over a file that is there")
    .action(
      host.handle(async (file: string | undefined, options: InitOptions) => {
        const { initConfig } = await import("../init/init-config.ts");
        const written = await initConfig(host.terminal, file ?? "temper.yaml", options);
        if (written === null) {
          host.print("Nothing was written.");
          return exitCodes.failed;
        }
        if (options.json) host.printJson({ file: written });
        else host.print(`Wrote ${written}. Next: temper check ${written}, then temper start ${written}`);
        return exitCodes.done;
      }),
    );
}
