import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { StoreBackend } from "#tests/conformance/store/backend.ts";

const postgresUrl = process.env["TEMPER_TEST_POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** A folder of its own for each test. */
export const sqliteBackend: StoreBackend = {
  name: "sqlite",
  create: async () => ({ home: await mkdtemp(join(tmpdir(), "temper-store-")) }),
  drop: async (place) => {
    if ("home" in place) await rm(place.home, { recursive: true, force: true });
  },
  close: async () => {},
};

/** Databases on the server of `TEMPER_TEST_POSTGRES_URL`; emptied after a test and used again, since making one takes a second. */
export function createPostgresBackend(): StoreBackend {
  const free: string[] = [];
  const all: string[] = [];
  return {
    name: "postgres",
    create: async () => {
      const used = free.pop();
      if (used !== undefined) return { databaseUrl: used };
      const url = new URL(postgresUrl);
      url.pathname = `/temper_test_${randomUUID().replaceAll("-", "")}`;
      await administer(postgresUrl, `create database "${url.pathname.slice(1)}"`);
      all.push(url.href);
      return { databaseUrl: url.href };
    },
    drop: async (place) => {
      if (!("databaseUrl" in place)) return;
      await administer(place.databaseUrl, "drop schema public cascade; create schema public");
      free.push(place.databaseUrl);
    },
    close: async () => {
      for (const url of all) await administer(postgresUrl, `drop database if exists "${new URL(url).pathname.slice(1)}" with (force)`);
    },
  };
}

/** Why PostgreSQL cannot be tested here; null when it can. With `CI_STRICT=1` that is a failure, not a reason to skip. */
export async function postgresMissing(): Promise<string | null> {
  try {
    await administer(postgresUrl, "select 1");
    return null;
  } catch (error) {
    const why = `PostgreSQL at ${postgresUrl} cannot be reached (${error instanceof Error ? error.message : String(error)})`;
    if (process.env["CI_STRICT"] === "1") throw new Error(`${why}. Start it, or set TEMPER_TEST_POSTGRES_URL.`, { cause: error });
    return why;
  }
}

async function administer(url: string, statement: string) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
