import { dirname, resolve } from "node:path";
import { UserInputError } from "#src/errors.ts";
import { copyDatabase, type CopiedTable } from "#src/store/copy-database.ts";
import { openCopySide } from "#src/store/open-copy-side.ts";
import type { StorePlace } from "#src/store/open-store.ts";
import type { Terminal } from "../terminal.ts";

/** Copies one database into another. @throws UserInputError when that cannot be done as asked. */
export async function copyBetween(
  terminal: Terminal,
  { what, from, to }: { what: string; from: string; to: string },
): Promise<CopiedTable[]> {
  if (what !== "copy") throw new UserInputError(`There is no \`temper db ${what}\`. There is: temper db copy FROM TO.`);
  const source = await openCopySide(placeOf(terminal, from), { create: false });
  try {
    const target = await openCopySide(placeOf(terminal, to), { create: true });
    try {
      return await copyDatabase(source, target, terminal.now().getTime());
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** A folder, its `temper.db`, an address, or `env:NAME` for an address that no list of processes shall show. */
function placeOf({ env, cwd }: Terminal, text: string): StorePlace {
  const name = /^env:(\w+)$/.exec(text)?.[1];
  if (name !== undefined) {
    const value = env[name];
    if (value === undefined) throw new UserInputError(`The environment variable ${name} is not set.`, { name });
    return { databaseUrl: value };
  }
  if (/^postgres(ql)?:\/\//.test(text)) return { databaseUrl: text };
  const path = resolve(cwd, text);
  return { home: path.endsWith(".db") ? dirname(path) : path };
}
