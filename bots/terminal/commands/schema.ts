import { UserInputError } from "#src/errors.ts";
import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper schema`: what editors use to complete and check temper.yaml and server.yaml. */
export function addSchema(host: CommandHost): void {
  host
    .add("schema [of]", "Print the JSON Schema of temper.yaml (or of server.yaml), for editors", [
      "temper schema > temper.schema.json",
      "temper schema server > server.schema.json",
    ])
    .addHelpText("after", "\nThen put this first in temper.yaml:\n  # yaml-language-server: $schema=./temper.schema.json\n")
    .action(
      host.handle(async (of: string | undefined, _options: CommonOptions) => {
        if (of === "server") {
          const { serverConfigJsonSchema } = await import("#src/server/load-server-config.ts");
          host.printJson({ ...serverConfigJsonSchema(), title: "server.yaml" });
          return exitCodes.done;
        }
        if (of !== undefined && of !== "run")
          throw new UserInputError(`There is no schema of "${of}". There is: temper schema, temper schema server.`);
        const { runConfigJsonSchema } = await import("#src/config/json-schema.ts");
        host.printJson(runConfigJsonSchema());
        return exitCodes.done;
      }),
    );
}
