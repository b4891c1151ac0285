import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attempt } from "../executor.ts";

/** How jobs start on the nodes. */
export interface JobScriptInput {
  attempt: Pick<Attempt, "directory">;
  /** The explicit environment; the prolog may add to it. */
  environment: Readonly<Record<string, string>>;
  python: string;
  /** Module of Temper's Python package that gets the directory as its argument. */
  module: string;
  prolog: string | undefined;
  container: string | undefined;
}

/** What the engine or the prolog may add: places of programs and libraries, and which GPUs the job got. */
const handedOn = [
  "PATH",
  "LD_LIBRARY_PATH",
  "LANG",
  "LC_ALL",
  "TZ",
  "VIRTUAL_ENV",
  "CUDA_VISIBLE_DEVICES",
  "NVIDIA_VISIBLE_DEVICES",
  "ROCR_VISIBLE_DEVICES",
];

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The script that an engine runs for an attempt. Output goes to the attempt's log from the first line, so that also a
 * prolog that fails can be read there. The last line becomes the runner, which gets the engine's signals itself.
 */
export function jobScript({ attempt, environment, python, module, prolog, container }: JobScriptInput): string {
  const { directory } = attempt;
  const names = [...new Set([...handedOn, ...Object.keys(environment)])];
  const command = `${quoted(python)} -m ${module} ${quoted(directory)}`;
  const start =
    container === undefined
      ? [
          "kept=()",
          `for name in ${names.join(" ")}; do [ -n "\${!name+set}" ] && kept+=("$name=\${!name}"); done`,
          `exec env -i "\${kept[@]}" ${command}`,
        ]
      : [`exec ${container} ${command}`];
  return [
    "#!/bin/bash",
    `cd ${quoted(directory)} || exit 1`,
    "exec >>log.txt 2>&1 </dev/null",
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(prolog === undefined ? [] : [prolog.trimEnd()]),
    ...start,
    "",
  ].join("\n");
}

/** Writes the script into the attempt's directory, where people can read and run it. Returns its path. */
export async function writeJobScript(input: JobScriptInput): Promise<string> {
  const file = join(input.attempt.directory, "job.sh");
  await writeFile(file, jobScript(input), { mode: 0o755 });
  return file;
}
