import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

/** Locked packages have builds for these; 3.11 is what Temper is tested with, so it is looked for first. */
const candidates = ["python3.11", "python3.12", "python3.13", "python3", "python"];
const oldest = [3, 11];
const newest = [3, 14];

function fits([major, minor]) {
  return major === oldest[0] && minor >= oldest[1] && minor <= newest[1];
}

/** A Python that can run Temper's scripts: `{ program, version }`. `TEMPER_PYTHON` names one and is then the only one tried. */
export async function findPython(env) {
  const wanted = env.TEMPER_PYTHON;
  const seen = [];
  for (const program of wanted ? [wanted] : candidates) {
    const { code, output } = await runCommand(program, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"], { env });
    const found = /^(\d+)\.(\d+)\.\d+$/m.exec(output);
    if (code !== 0 || found === null) continue;
    const version = found[0];
    if (fits([Number(found[1]), Number(found[2])])) return { program, version };
    seen.push(`${program} is ${version}`);
  }
  const there = wanted ? `TEMPER_PYTHON=${wanted} does not start` : "none is on the PATH";
  throw new SetupError(
    `Temper needs Python 3.11 to 3.14; ${seen.length > 0 ? [...new Set(seen)].join(", ") : there}.`,
    "Install Python 3.11 (Debian: sudo apt install python3.11 python3.11-venv; macOS: brew install python@3.11), or name one: TEMPER_PYTHON=/path/to/python3.11.",
  );
}
