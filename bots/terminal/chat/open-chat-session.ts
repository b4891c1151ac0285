import { createChat } from "#graphs/chat/index.ts";
import { openCheckpointer } from "#graphs/conductor/checkpointer.ts";
import { readLogTail } from "#tools/executors/read-log-tail.ts";
import type { Role } from "#src/approval/role.ts";
import type { ServerConfig } from "#src/server/server-config.ts";
import { localAuthor } from "../author.ts";
import { pickRun, type OpenedHome } from "../home.ts";
import { modelKeys } from "../model-keys.ts";
import { createRedactor } from "#src/create-redactor.ts";
import type { Terminal } from "../terminal.ts";
import { ChatSession } from "./chat-session.ts";
import { terminalDesk } from "./terminal-desk.ts";

interface Opening {
  terminal: Terminal;
  opened: OpenedHome;
  run: string | undefined;
  /** The owner's settings; null without `server.yaml`. */
  server: ServerConfig | null;
  isJson: boolean;
}

const logLines = 40;

/** The role that the owner's settings give a login; the owner's where they say nothing. */
function roleAtTerminal(server: ServerConfig | null, login: string): Role {
  const users = server?.terminal.users ?? {};
  return (Object.hasOwn(users, login) ? users[login] : undefined) ?? "owner";
}

/** Opens the chat of a home for `work`, with the conversation that was left there. */
export async function openChatSession<T>(
  { terminal, opened, run, server, isJson }: Opening,
  work: (session: ChatSession) => Promise<T>,
): Promise<T> {
  const { store, home } = opened;
  const picked = await pickRun(opened, run);
  const databaseUrl = terminal.env["TEMPER_DATABASE_URL"];
  const checkpointer = await openCheckpointer(databaseUrl === undefined ? { home } : { databaseUrl });
  const redact = createRedactor(terminal.env, modelKeys(server, terminal.env));
  const now = () => terminal.now();
  const timeZone = server?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const author = localAuthor();
  const role = roleAtTerminal(server, author);
  try {
    const chat = createChat({
      store,
      llm: server?.llm?.default ?? null,
      proposals: await terminalDesk({ terminal, opened, server, role, timeZone }),
      readLog: async (runId, trial) => {
        const job = (await store.jobs.ofTrial(runId, trial)).at(-1);
        return job === undefined ? null : redact(await readLogTail(job.directory, logLines));
      },
      env: terminal.env,
      timeZone,
      startedAt: now(),
      now,
      checkpointer: checkpointer.saver,
    });
    const person = { platform: "terminal", id: author, name: author, role } as const;
    return await work(new ChatSession({ terminal, store, home, chat, person, runId: picked.id, isJson }));
  } finally {
    await checkpointer.close();
  }
}
