import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs, QueryResult, UnknownRow } from "kysely";
import { TemperError } from "../errors.ts";

/**
 * Parses the columns whose name ends in `Json`. Kysely's own plugin parses whatever looks like JSON, so a person's
 * reason of `[no]` would come back as a list.
 */
export class JsonColumns implements KyselyPlugin {
  transformQuery(args: PluginTransformQueryArgs) {
    return args.node;
  }

  async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    for (const row of args.result.rows) {
      for (const [name, text] of Object.entries(row)) {
        if (name.endsWith("Json") && typeof text === "string") row[name] = parse(name, text);
      }
    }
    return args.result;
  }
}

function parse(column: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TemperError("store", `The database holds broken JSON in a column ${column}. Restore it from a copy.`, { column }, { cause });
  }
}
