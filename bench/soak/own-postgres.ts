import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { TemperError } from "#src/errors.ts";

/** A PostgreSQL server of a benchmark's own, on loopback: what is killed of it disturbs nobody else. */
export interface OwnPostgres {
  databaseUrl: string;
  /** The processes that serve clients now. */
  backends(): Promise<number[]>;
  stop(): Promise<void>;
}

/** Debian keeps the server's programs off the PATH. */
const debianFolder = "/usr/lib/postgresql";
const startMs = 60_000;
const pauseMs = 50;
/** Longer than that a server does not take to end in peace; then it ends at once. */
const stopMs = 20_000;

function findPrograms(): string | null {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...versions.map((version) => join(debianFolder, version, "bin"))];
  return folders.find((folder) => ["initdb", "postgres", "pg_isready"].every((program) => existsSync(join(folder, program)))) ?? null;
}

/** PostgreSQL refuses to run as root; its package's user does it then. */
async function findUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const ids = await Promise.all(["-u", "-g"].map((flag) => execa("id", [flag, "postgres"], { reject: false })));
  const [uid, gid] = ids.map(({ exitCode, stdout }) => (exitCode === 0 ? Number(stdout) : Number.NaN));
  return uid === undefined || gid === undefined || Number.isNaN(uid) || Number.isNaN(gid) ? null : { uid, gid };
}

/** A new cluster with an empty database in it; null where PostgreSQL's server is not installed. */
export async function startOwnPostgres(): Promise<OwnPostgres | null> {
  const [programs, user] = [findPrograms(), await findUser()];
  if (programs === null || user === null) return null;
  const directory = await mkdtemp(join(tmpdir(), "temper-postgres-"));
  await chown(directory, user.uid, user.gid);
  const port = await freePort();
  const cluster = join(directory, "cluster");
  const owned = { ...user, cwd: directory, stdin: "ignore" } as const;
  await execa(join(programs, "initdb"), ["--pgdata", cluster, "--username", "temper", "--auth", "trust", "--encoding", "UTF8"], owned);
  const settings = ["-D", cluster, "-p", `${port}`, "-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${directory}`];
  // SIGINT ends its clients' sessions and then itself; SIGTERM, execa's own, would wait for them.
  const server = execa(join(programs, "postgres"), settings, {
    ...owned,
    stdout: "ignore",
    stderr: "ignore",
    reject: false,
    killSignal: "SIGINT",
  });
  const postmaster = server.pid ?? 0;
  const stop = async () => {
    server.kill();
    const timer = setTimeout(() => server.kill("SIGQUIT"), stopMs);
    await server;
    clearTimeout(timer);
    await rm(directory, { recursive: true, force: true });
  };
  const deadline = performance.now() + startMs;
  const login = ["--host", "127.0.0.1", "--port", `${port}`, "--username", "temper"];
  while ((await execa(join(programs, "pg_isready"), [...login, "--quiet"], { reject: false })).exitCode !== 0) {
    if (performance.now() > deadline) {
      await stop();
      throw new TemperError(
        "engine",
        `A PostgreSQL in ${directory} was not up after ${startMs / 1000} s. Look whether its port ${port} is free.`,
      );
    }
    await sleep(pauseMs);
  }
  await execa(join(programs, "createdb"), [...login, "temper"]);
  return { databaseUrl: `postgres://temper@127.0.0.1:${port}/temper`, backends: () => backendsOf(postmaster), stop };
}

/** Children of the postmaster that say they serve somebody: `postgres: user database address(port) what`. */
async function backendsOf(postmaster: number): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""),
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
    ]);
    const isChild = new RegExp(`^\\d+ \\(.*\\) [^ZX] ${postmaster} `, "s").test(stat);
    if (isChild && /^postgres: temper temper 127\.0\.0\.1\(\d+\)/.test(command)) found.push(Number(pid));
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new TemperError("engine", "This machine gave out no port on 127.0.0.1.");
  return address.port;
}
