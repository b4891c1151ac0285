import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { RunConfig } from "#src/config/run-config.ts";
import { parseYaml } from "#src/config/parse-yaml.ts";
import { ConfigError } from "#src/errors.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";

const sizesSchema = z.strictObject({
  /** By path, as the config writes it. */
  models: z.record(z.string(), z.strictObject({ parameters: z.int().positive(), architecture: z.string() })),
  datasets: z.record(
    z.string(),
    z.strictObject({
      rows: z.int().positive(),
      mean_tokens: z.number().positive(),
      format: z.enum(["messages", "prompt_completion", "preference", "unpaired_preference"]),
    }),
  ),
});

/**
 * What `prepare` would say of a config whose models and data are not here, from a file that states their sizes. Good for
 * an estimate and nothing else: keys and paths are stand-ins, and no row was read.
 * @throws ConfigError when the file states no size for one of the config's models or datasets.
 */
export async function readStatedSizes(file: string, config: RunConfig): Promise<PreparedObjects> {
  const text = await readFile(file, "utf8");
  const { value: sizes } = parseYaml({
    text,
    file,
    what: "a file of sizes",
    schema: sizesSchema,
    jsonSchema: () => z.toJSONSchema(sizesSchema),
  });
  const lacking = [
    ...Object.values(config.models).flatMap(({ path }) => (sizes.models[path] === undefined ? [`models.${path}`] : [])),
    ...Object.values(config.datasets).flatMap(({ path }) => (sizes.datasets[path] === undefined ? [`datasets.${path}`] : [])),
  ];
  if (lacking.length > 0)
    throw new ConfigError(
      lacking.map((path) => ({
        file,
        path,
        message: "states no size, and the config names it: add it under the path that the config writes",
      })),
    );
  return {
    models: Object.entries(config.models).map(([id, { path }]) => {
      const { parameters = 0, architecture = "" } = sizes.models[path] ?? {};
      return { id, key: `stated-${id}`, path, architecture, compatibility: architecture, parameters, form: "full", revision: null };
    }),
    datasets: Object.entries(config.datasets).map(([id, { path }]) => {
      const { rows = 0, mean_tokens = 0, format = "prompt_completion" } = sizes.datasets[path] ?? {};
      return { id, key: `stated-${id}`, path, format, rows, skipped_rows: 0, mean_tokens, revision: null };
    }),
    tasks: Object.entries(config.tasks).map(([id, { items }]) => ({
      id,
      key: `stated-${id}`,
      path: "",
      items,
      majority: { search: 0, confirm: 0, final: 0 },
      longest_answer_tokens: 0,
    })),
    problems: [],
  };
}
