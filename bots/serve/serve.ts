import { createRedactor } from "#src/create-redactor.ts";
import { readToken } from "../discord/read-token.ts";
import type { CommandHost } from "../terminal/command-host.ts";
import { exitCodes, type ExitCode } from "../terminal/exit-code.ts";
import { withHome } from "../terminal/home.ts";
import { modelKeys } from "../terminal/model-keys.ts";
import { readServerSettings } from "../terminal/read-server-settings.ts";
import { ConductorHost } from "./conductor-host.ts";
import { createLog } from "./create-log.ts";
import { startHttp } from "./http.ts";

/** How `temper serve` was called. */
export interface ServeOptions {
  home: string;
  /** The owner's settings; null = `server.yaml` here, when there is one. */
  server: string | null;
  http: { port: number; host: string } | null;
  /** Use only models and data that are here already. */
  offline: boolean;
}

/** Drives the runs of a home, talks to people where the owner's settings say so, and answers probes, until it is told to end. */
export async function serve(host: CommandHost, options: ServeOptions): Promise<ExitCode> {
  const { terminal } = host;
  const server = await readServerSettings(terminal, options.server);
  const token = server?.discord === undefined ? null : readToken(server.discord, terminal.env);
  const redact = createRedactor(terminal.env, [token ?? undefined, ...modelKeys(server, terminal.env)]);
  const write = (line: string) => terminal.err(redact(line));
  const log = createLog({ env: terminal.env, destination: { write } });
  return withHome({ terminal, home: options.home, create: true }, async (opened) => {
    const databaseUrl = terminal.env["TEMPER_DATABASE_URL"];
    const conductor = new ConductorHost({ home: opened.home, databaseUrl }, log, write);
    const end = new AbortController();
    const release = terminal.onInterrupt(() => {
      if (end.signal.aborted) {
        terminal.err("Leaving. Jobs under way go on by themselves; the next temper serve takes up their results.\n");
        conductor.leave();
        return;
      }
      terminal.err("No new trials; those under way are finished. Ctrl-C again leaves now, and jobs go on by themselves.\n");
      end.abort();
      conductor.drain();
    });
    const http = options.http === null ? null : await startHttp({ store: opened.store, log, ...options.http });
    const driven = conductor.run();
    let closeDiscord: (() => Promise<void>) | null = null;
    try {
      if (server?.discord !== undefined && token !== null) {
        const { openDiscord } = await import("./open-discord.ts");
        const { offline } = options;
        const place = { store: opened.store, home: opened.home, databaseUrl, env: terminal.env, now: () => terminal.now() };
        closeDiscord = await openDiscord({ ...place, server, discord: server.discord, token, redact, offline, log });
      } else log.info({}, "No server.yaml with discord: runs are driven, and nobody is talked to. See docs/discord.md.");
      await driven;
    } finally {
      release();
      conductor.drain();
      await driven;
      await closeDiscord?.();
      await http?.close();
    }
    return exitCodes.done;
  });
}
