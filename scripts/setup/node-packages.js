import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "./run-command.js";
import { explainFailure, SetupError } from "./setup-error.js";
import { isStamped, lockHash, writeStamp } from "./stamp.js";

/** The Node that Temper runs on, whatever the machine has: it comes with the npm packages. */
export function bundledNode(root) {
  return join(root, "node_modules", "node", "bin", "node");
}

function packagesOf(lockFile) {
  const { packages } = JSON.parse(readFileSync(lockFile, "utf8"));
  return Object.entries(packages).filter(([place, entry]) => place !== "" && !entry.optional && !entry.peer);
}

/** What differs from the lock: `{ ok, missing: ["node 24.21.0", …] }`. Reads npm's own record, which it writes when it is through. */
export function compareNodePackages(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const record = join(root, "node_modules", ".package-lock.json");
  const there = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")).packages : {};
  const missing = wanted
    .filter(([place, entry]) => there[place]?.version !== entry.version || !existsSync(join(root, place)))
    .map(([place, entry]) => `${place.replace(/^.*node_modules\//, "")} ${entry.version}`);
  if (!existsSync(bundledNode(root))) missing.push("the bundled Node");
  return { ok: missing.length === 0, missing };
}

/** True when nothing has to be done. Cheap: a hash and two look-ups. */
export function nodePackagesReady(root) {
  const lock = lockHash(join(root, "package-lock.json"));
  const directory = join(root, "node_modules");
  if (!existsSync(bundledNode(root))) return false;
  if (isStamped(directory, lock)) return true;
  if (!compareNodePackages(root).ok) return false;
  writeStamp(directory, lock);
  return true;
}

function countInstalled(directory) {
  if (!existsSync(directory)) return { count: 0, latest: "" };
  const names = readdirSync(directory).filter((name) => !name.startsWith("."));
  const scopes = names.filter((name) => name.startsWith("@"));
  const scoped = scopes.flatMap((scope) => readdirSync(join(directory, scope)).map((name) => `${scope}/${name}`));
  const all = [...names.filter((name) => !name.startsWith("@")), ...scoped];
  const whole = all.filter((name) => existsSync(join(directory, name, "package.json")));
  return { count: whole.length, latest: whole.at(-1) ?? "" };
}

/** npm deletes `node_modules` first: it must not run on the Node that lives there. */
function environmentWithoutOwnNode(root, env) {
  const own = join(root, "node_modules");
  const parts = (env.PATH ?? "").split(delimiter).filter((part) => !part.startsWith(own));
  const hasOther = parts.some((part) => existsSync(join(part, "node")));
  return hasOther ? { ...env, PATH: parts.join(delimiter) } : env;
}

/** When all packages are laid out, one of them still fetches the bundled Node: about the other half of the time. */
const laidOutShare = 0.5;

/** Installs the npm packages of the lock. `onProgress({ current, fraction })` is called about twice a second. */
export async function installNodePackages(root, { env, onProgress, signal }) {
  const directory = join(root, "node_modules");
  const total = packagesOf(join(root, "package-lock.json")).filter(([place]) => place.lastIndexOf("node_modules/") === 0).length;
  const timer = setInterval(() => {
    const { count, latest } = countInstalled(directory);
    const isLaidOut = count >= total;
    onProgress({ current: isLaidOut ? "the Node that Temper runs on" : latest, fraction: Math.min(1, count / total) * laidOutShare });
  }, 500);
  const { code, output } = await runCommand("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    env: environmentWithoutOwnNode(root, env),
    signal,
  });
  clearInterval(timer);
  signal?.throwIfAborted();
  if (code === 127) throw new SetupError("npm is not on the PATH.", "Install Node 20 or newer with npm: https://nodejs.org/en/download.");
  if (code !== 0) throw explainFailure("Installing the Node packages (npm ci)", output);
  if (!existsSync(bundledNode(root))) {
    throw new SetupError(
      "npm installed the packages but not the bundled Node: its install script did not run.",
      "Allow it and install again: npm config set ignore-scripts false, then run the same command again.",
    );
  }
  writeStamp(directory, lockHash(join(root, "package-lock.json")));
}
