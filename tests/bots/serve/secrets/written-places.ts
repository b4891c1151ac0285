import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Client } from "pg";
import type { FakeDiscord } from "#tests/fake-discord/driver.ts";
import type { Place } from "./find-secrets.ts";

/** Every file below a folder, byte for byte. */
export function filesBelow(directory: string, leftOut: readonly string[]): Place[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !leftOut.includes(file))
    .flatMap((file) => {
      try {
        return [{ name: `file ${relative(directory, file)}`, text: readFileSync(file, "latin1") }];
      } catch {
        // A job took it away meanwhile.
        return [];
      }
    });
}

/** Every row of every table of a PostgreSQL database. */
export async function rowsOf(databaseUrl: string): Promise<Place[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
    );
    const places: Place[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query(`select * from ${name}`);
      const text = rows.map((row) => JSON.stringify(row, (_, value: unknown) => readable(value))).join("\n");
      places.push({ name: `table ${name}`, text });
    }
    return places;
  } finally {
    await client.end();
  }
}

/** Bytes as text; `JSON.stringify` has made an object of them by now. */
function readable(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("type" in value) || value.type !== "Buffer" || !("data" in value)) return value;
  return Array.isArray(value.data) ? Buffer.from(value.data).toString("latin1") : value;
}

/** Everything that the bot sent to Discord: requests, what people see, and files. */
export function sentTo(discord: FakeDiscord): Place[] {
  const requests = discord.requests.map(({ method, path, body }) => ({
    name: `Discord ${method} ${path}`,
    text: `${path} ${JSON.stringify(body)}`,
  }));
  const sent = discord.requests.flatMap(({ path }) => /\/channels\/(\d+)\/messages/.exec(path)?.[1] ?? []);
  const files = [...new Set(sent)].flatMap((id) => messagesIn(discord, id)).flatMap((message) => message.files);
  const answers = discord.interactions.flatMap(({ messages }) => messages).flatMap((message) => message.files);
  return [
    ...requests,
    ...[...files, ...answers].map(({ name, bytes }) => ({ name: `Discord file ${name}`, text: bytes.toString("latin1") })),
    { name: "Discord's transcript", text: discord.transcript() },
  ];
}

function messagesIn(discord: FakeDiscord, id: string) {
  return discord.messages({
    id,
    name: "",
    kind: "text",
    guildId: null,
    parentId: null,
    recipientId: null,
    isArchived: false,
    members: new Set(),
    denied: 0n,
  });
}

/** The environments of the processes of jobs of a home, as the kernel knows them. */
export function jobEnvironments(home: string): Place[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): Place[] => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
        const text = readFileSync(`/proc/${pid}/environ`, "latin1");
        if (!command.includes("temper_gpu") || !text.includes(home)) return [];
        return [{ name: `environment of ${command}`, text: `${command} ${text}` }];
      } catch {
        return [];
      }
    });
}
