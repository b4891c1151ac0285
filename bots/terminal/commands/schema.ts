import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper schema`: what editors use to complete and check temper.yaml. */
export function addSchema(host: CommandHost): void {
  host
    .add("schema", "Print the JSON Schema of temper.yaml, for editors", ["temper schema > temper.schema.json"])
    .addHelpText("after", "\nThen put this first in temper.yaml:\n  # yaml-language-server: $schema=./temper.schema.json\n")
    .action(
      host.handle(async (_options: CommonOptions) => {
        const { runConfigJsonSchema } = await import("#src/config/json-schema.ts");
        host.printJson(runConfigJsonSchema());
        return exitCodes.done;
      }),
    );
}
