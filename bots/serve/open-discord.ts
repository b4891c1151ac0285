import { openCheckpointer } from "#graphs/conductor/checkpointer.ts";
import { createChat } from "#graphs/chat/index.ts";
import { expireProposals } from "#src/proposal/expire-proposals.ts";
import { roleOf } from "#src/server/role-of.ts";
import type { ServerConfig } from "#src/server/server-config.ts";
import type { Store } from "#src/store/store.ts";
import { readLogTail } from "#tools/executors/read-log-tail.ts";
import type { JobLogger } from "#tools/job-context.ts";
import { DiscordBot } from "../discord/bot.ts";
import type { CatalogueNames } from "../discord/desk.ts";
import { StoreCards } from "../discord/store-cards.ts";
import { readAttachment } from "../discord/talk/read-attachment.ts";
import { createProposalDesk } from "../chat/create-proposal-desk.ts";
import { proposeRunWish, type RunWishContext } from "../chat/propose-run-wish.ts";
import { Pictures } from "../pictures/pictures.ts";
import { Wishes } from "./wishes.ts";

interface DiscordSettings {
  store: Store;
  home: string;
  databaseUrl: string | undefined;
  server: ServerConfig;
  discord: NonNullable<ServerConfig["discord"]>;
  token: string;
  /** Blanks secrets out of text. */
  redact(text: string): string;
  env: Readonly<Record<string, string | undefined>>;
  offline: boolean;
  log: JobLogger;
  now(): Date;
}

/** Lines of a log that chat may see. */
const logLines = 40;
const expiryEveryMs = 30_000;

function namesOf({ runs, models, datasets, tasks }: ServerConfig["catalogue"]): CatalogueNames {
  return { runs: Object.keys(runs), models: Object.keys(models), datasets: Object.keys(datasets), tasks: Object.keys(tasks) };
}

/** Connects the bot to Discord by the owner's settings. @returns what closes it. */
export async function openDiscord(settings: DiscordSettings): Promise<() => Promise<void>> {
  const { store, home, databaseUrl, server, discord, token, redact, env, log, now } = settings;
  const place = databaseUrl === undefined ? { home } : { databaseUrl };
  const api = env["TEMPER_DISCORD_API"];
  const wishes = new Wishes(settings);
  const pictures = new Pictures(place);
  const checkpointer = await openCheckpointer(place);
  const startedAt = now();
  const readLog = async (runId: string, trial: number) => {
    const job = (await store.jobs.ofTrial(runId, trial)).at(-1);
    return job === undefined ? null : redact(await readLogTail(job.directory, logLines));
  };
  const about: RunWishContext = {
    store,
    now,
    caps: server.caps,
    timeZone: server.time_zone,
    extend: (run, objects, person) => wishes.extend(run, objects, person),
  };
  const chat = createChat({
    store,
    env,
    now,
    startedAt,
    readLog,
    checkpointer: checkpointer.saver,
    llm: server.llm?.default ?? null,
    proposals: createProposalDesk({ ...about, start: (wish, person) => wishes.startBySentence(wish, person) }),
    timeZone: server.time_zone,
  });
  const bot = new DiscordBot({
    desk: {
      store,
      home,
      now,
      startedAt,
      pictures,
      redact,
      catalogue: namesOf(server.catalogue),
      wishes: {
        async start({ config, file, ...limits }, person) {
          if (file !== null) return wishes.startFromText(await readAttachment(file, api), file.name, person);
          return wishes.startByName(config ?? "", limits, person);
        },
        propose: async (run, wish, person) => (await proposeRunWish(about, wish, { run, person })).id,
      },
    },
    token,
    chat,
    api,
    log,
    source: new StoreCards({ store, now, replan: (config, change, person) => wishes.replan(config, change, person) }),
    roleOf: (member) => roleOf(server, member),
    guilds: Object.keys(discord.guilds),
    homeChannels: Object.entries(discord.guilds).flatMap(([guild, { channel }]) => (channel === undefined ? [] : [{ guild, channel }])),
    freeTalk: discord.free_talk,
  });
  await bot.start();
  const expiry = setInterval(() => {
    expireProposals(store, now()).catch((error: unknown) => log.warn({ error }, "Proposals could not be ended; tried again soon."));
  }, expiryEveryMs);
  return async () => {
    clearInterval(expiry);
    await bot.close();
    await pictures.close();
    await checkpointer.close();
  };
}
