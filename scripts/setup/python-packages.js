import { existsSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { findPython } from "./find-python.js";
import { runCommand } from "./run-command.js";
import { explainFailure, SetupError } from "./setup-error.js";
import { isStamped, lockHash, writeStamp } from "./stamp.js";

const neededBytes = 3e9;
/** How long a package takes against an ordinary one, from a measured install; the rest count as 1. */
const weights = { torch: 60, transformers: 6, pyarrow: 6, pandas: 6, scipy: 8, "scikit-learn": 6, sympy: 4, networkx: 3, numpy: 4 };

const lockFile = (root) => join(root, "gpu-scripts", "requirements.lock");
const venv = (root) => join(root, ".venv");
export const venvPython = (root) => join(venv(root), "bin", "python");

/** PEP 503: `DataProperty`, `rouge_score` and `rouge-score` are one name each. */
const normal = (name) => name.toLowerCase().replaceAll(/[-_.]+/g, "-");

function lockedPackages(root) {
  const lines = readFileSync(lockFile(root), "utf8").split("\n");
  return lines.flatMap((line) => {
    const found = /^([A-Za-z0-9._-]+)==([^\s;#]+)/.exec(line.trim());
    return found === null ? [] : [{ name: normal(found[1]), version: found[2], requirement: found[0] }];
  });
}

function sitePackages(root) {
  const lib = join(venv(root), "lib");
  const folder = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("python3.")) : undefined;
  const place = folder === undefined ? undefined : join(lib, folder, "site-packages");
  return place !== undefined && existsSync(place) ? place : undefined;
}

/** Packages of the venv by name. A `.dist-info` without RECORD is an install that was cut off: it counts as absent. */
function installedPackages(root) {
  const place = sitePackages(root);
  const whole = new Map();
  const broken = [];
  if (place === undefined) return { whole, broken };
  for (const entry of readdirSync(place)) {
    const found = /^(.+?)-([^-]+)\.dist-info$/.exec(entry);
    if (found === null) continue;
    if (existsSync(join(place, entry, "RECORD"))) whole.set(normal(found[1]), found[2]);
    else broken.push(join(place, entry));
  }
  return { whole, broken };
}

/** `2.13.0+cpu` is a build of `2.13.0`. */
const isVersion = (there, wanted) => there === wanted || there?.split("+")[0] === wanted;

/** What differs from the lock: `{ ok, missing: ["torch 2.13.0", …] }`. Reads the folder, starts nothing. */
export function comparePythonPackages(root) {
  if (!existsSync(venvPython(root))) return { ok: false, missing: ["the virtual environment .venv"] };
  const { whole } = installedPackages(root);
  const missing = lockedPackages(root).filter(({ name, version }) => !isVersion(whole.get(name), version));
  return { ok: missing.length === 0, missing: missing.map(({ name, version }) => `${name} ${version}`) };
}

/** True when nothing has to be done. */
export function pythonPackagesReady(root) {
  if (!existsSync(venvPython(root))) return false;
  const lock = lockHash(lockFile(root));
  if (isStamped(venv(root), lock)) return true;
  if (!comparePythonPackages(root).ok) return false;
  writeStamp(venv(root), lock);
  return true;
}

async function makeVenv(root, { env, signal }) {
  const works = await runCommand(venvPython(root), ["-m", "pip", "--version"], { env, signal });
  if (works.code === 0) return;
  const python = await findPython(env);
  rmSync(venv(root), { recursive: true, force: true });
  const { code, output } = await runCommand(python.program, ["-m", "venv", venv(root)], { env, signal });
  signal?.throwIfAborted();
  if (code !== 0) {
    rmSync(venv(root), { recursive: true, force: true });
    throw explainFailure(`Making the virtual environment with ${python.program} ${python.version}`, output);
  }
}

function refuseFullDisk(root) {
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  if (free >= neededBytes) return;
  throw new SetupError(
    `The Python packages need about 3 GB here; ${(free / 1e9).toFixed(1)} GB are free.`,
    "Free some space, or clone Temper on a larger disk, then run the same command again.",
  );
}

const weight = (name) => weights[name] ?? 1;

/** Half of a package's weight counts when pip takes it up, half when it stands in the venv. */
function createMeter(root, packages, onProgress) {
  const total = packages.reduce((sum, { name }) => sum + weight(name), 0);
  const taken = new Set();
  let current = "";
  const report = () => {
    const { whole } = installedPackages(root);
    const done = packages.reduce((sum, { name }) => {
      if (whole.has(name)) return sum + weight(name);
      return taken.has(name) ? sum + weight(name) / 2 : sum;
    }, 0);
    onProgress({ current, fraction: Math.min(0.99, done / total) });
  };
  const onLine = (line) => {
    const found = /^Collecting ([A-Za-z0-9._-]+)(?:==(\S+))?/.exec(line);
    if (found !== null) {
      taken.add(normal(found[1]));
      current = found[2] === undefined ? found[1] : `${found[1]} ${found[2]}`;
    }
    if (line.startsWith("Installing collected packages")) current = "unpacking";
  };
  return { report, onLine };
}

/** Makes `.venv` and installs the locked packages: torch first, so that a CPU build is taken where the index has one. */
export async function installPythonPackages(root, { env, onProgress, signal }) {
  refuseFullDisk(root);
  await makeVenv(root, { env, signal });
  for (const directory of installedPackages(root).broken) rmSync(directory, { recursive: true, force: true });
  const packages = lockedPackages(root);
  const meter = createMeter(root, packages, onProgress);
  const timer = setInterval(meter.report, 1000);
  // The pip of a new venv may be old, and would install source packages in a way that leaves no `.dist-info`.
  const always = ["--progress-bar", "off", "--disable-pip-version-check", "--no-input", "--use-pep517"];
  const pip = async (parameters, step) => {
    const { code, output } = await runCommand(venvPython(root), ["-m", "pip", "install", ...always, ...parameters], {
      cwd: root,
      env: { ...env, PYTHONUNBUFFERED: "1" },
      onLine: meter.onLine,
      signal,
    });
    signal?.throwIfAborted();
    if (code !== 0) throw explainFailure(step, output);
  };
  try {
    const torch = packages.find(({ name }) => name === "torch");
    if (torch !== undefined) await pip([torch.requirement], `Installing ${torch.requirement} (pip)`);
    // The lock names every package, so pip has nothing to resolve.
    await pip(["--no-deps", "-r", lockFile(root)], "Installing the Python packages (pip)");
  } finally {
    clearInterval(timer);
  }
  const { ok, missing } = comparePythonPackages(root);
  if (!ok) {
    throw new SetupError(
      `pip ended well, but these differ from the lock: ${missing.slice(0, 5).join(", ")}.`,
      "Delete .venv and run the same command again.",
    );
  }
  writeStamp(venv(root), lockHash(lockFile(root)));
}
