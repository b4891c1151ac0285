import { UserInputError } from "#src/errors.ts";
import type { AttachedFile } from "../command.ts";

/** A run config is a page or two. */
const longestBytes = 64 * 1024;
const patienceMs = 10_000;
const discordHosts = ["cdn.discordapp.com", "media.discordapp.net"];

/**
 * Reads a text file that came with a message, from where Discord keeps it and from nowhere else.
 * @param api where Discord's API is, in tests; its host may serve files, too.
 * @throws UserInputError when it is too large, or is not to be had.
 */
export async function readAttachment({ name, size, url }: AttachedFile, api: string | undefined): Promise<string> {
  if (size > longestBytes) throw new UserInputError(`${name} has ${size} bytes; a run config may have ${longestBytes}.`, { name });
  const { host } = new URL(url);
  const isKnown = discordHosts.includes(host) || (api !== undefined && new URL(api).host === host);
  if (!isKnown) throw new UserInputError(`${name} is not kept by Discord (${host}) and is not read.`, { name });
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new UserInputError(`${name} could not be read: Discord answered ${response.status}. Send it again.`, { name });
  const bytes = await response.bytes();
  if (bytes.byteLength > longestBytes) throw new UserInputError(`${name} is larger than it said.`, { name });
  return new TextDecoder().decode(bytes);
}
