import { randomUUID } from "node:crypto";
import { Client } from "pg";

const serverUrl = process.env["TEMPER_TEST_POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** An empty database of a benchmark's own; null where no server can be reached. */
export async function createBenchDatabase(): Promise<{ databaseUrl: string; drop(): Promise<void> } | null> {
  const url = new URL(serverUrl);
  url.pathname = `/temper_bench_${randomUUID().replaceAll("-", "")}`;
  try {
    await administer(`create database "${url.pathname.slice(1)}"`);
  } catch {
    return null;
  }
  return { databaseUrl: url.href, drop: () => administer(`drop database if exists "${url.pathname.slice(1)}" with (force)`) };
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
