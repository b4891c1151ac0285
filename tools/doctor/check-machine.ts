import { createServer } from "node:net";
import { availableParallelism, totalmem } from "node:os";
import { existsSync } from "node:fs";
import { link, mkdir, rm, rmdir, statfs, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { broken, type Finding, note, ok } from "./finding.ts";

const oldestNode = 24;
const tightBytes = 5e9;
const emptyBytes = 5e8;
const tightMemory = 3 * 2 ** 30;

/** The Node that runs this. */
export function checkNode(): Finding {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) >= oldestNode) return ok("Node", version);
  return broken("Node", `${version} is too old for the sources`, "Start Temper by bin/temper.js (or npx temper): it brings Node 24.");
}

export function checkMemory(): Finding {
  const detail = `${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory`;
  return totalmem() >= tightMemory
    ? ok("machine", detail)
    : note("machine", `${detail}: little for a training`, "Use one lane: executor: { kind: local, lanes: 1 }");
}

/** Space, write permission and hard links (job claims need them) in the home. Leaves no folder that was not there. */
export async function checkHome(home: string): Promise<Finding[]> {
  const wasThere = existsSync(home);
  try {
    return await checkFolder(home);
  } finally {
    if (!wasThere) await rmdir(home).catch(() => undefined);
  }
}

async function checkFolder(home: string): Promise<Finding[]> {
  const first = join(home, `.doctor-${randomUUID()}`);
  try {
    await mkdir(home, { recursive: true });
    await writeFile(first, "");
    await link(first, `${first}-link`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOSPC") return [broken("home", `${home} is on a full disk`, "Free some space, or use another folder (--home).")];
    const what = code === "EPERM" || code === "EOPNOTSUPP" ? "its file system has no hard links, or it" : "it";
    return [broken("home", `${home}: ${what} cannot be written (${code})`, "Change its owner or rights, or use a local folder (--home).")];
  } finally {
    await rm(first, { force: true }).catch(() => undefined);
    await rm(`${first}-link`, { force: true }).catch(() => undefined);
  }
  const findings = [ok("home", `${home} can be written`)];
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free`;
  if (free < emptyBytes) findings.push(broken("disk", detail, "Free some space, or use another folder (--home)."));
  else
    findings.push(
      free < tightBytes ? note("disk", `${detail}: a few models of a real size fill that`, "Set budget.disk_gb.") : ok("disk", detail),
    );
  return findings;
}

/** Whether this machine lets a process listen on 127.0.0.1: bots and the web page need it. */
export function checkPorts(): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) =>
      resolve(
        broken("ports", `cannot listen on 127.0.0.1: ${error.message}`, "Allow local connections for this user (firewall, sandbox)."),
      ),
    );
    server.listen(0, "127.0.0.1", () => server.close(() => resolve(ok("ports", "127.0.0.1 can be listened on"))));
  });
}
