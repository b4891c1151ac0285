import { InvalidArgumentError } from "commander";
import type { CommandHost, CommonOptions } from "../command-host.ts";

interface DemoOptions extends CommonOptions {
  trials?: number;
  seed?: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("give a whole number.");
  return value;
}

/** `temper demo`: the whole job on the built-in tiny world. */
export function addDemo(host: CommandHost): void {
  host
    .add("demo", "See it work on a tiny model, on this machine, no API key", ["temper demo", "npm run demo"])
    .option("--trials <n>", "trials to choose (default: those of examples/three-skills.yaml)", wholeNumber)
    .option("--seed <n>", "seed of the run", wholeNumber)
    .action(
      host.handle(async (options: DemoOptions) => {
        const { runDemo } = await import("../demo/run-demo.ts");
        const { trials, seed } = options;
        return runDemo(host, {
          home: options.home,
          json: options.json === true,
          ...(trials === undefined ? {} : { trials }),
          ...(seed === undefined ? {} : { seed }),
        });
      }),
    );
}
