import { randomBytes, randomUUID } from "node:crypto";
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { FakeChannel, FakeDiscord, FakeMessage, FakeUser } from "#tests/fake-discord/driver.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";
import { startScriptedOpenai, type ScriptedServer } from "#tests/scripted-openai/server.ts";
import { findSecrets, type Place } from "./find-secrets.ts";
import { writeSecretHome } from "./secret-home.ts";
import { filesBelow, jobEnvironments, rowsOf, sentTo } from "./written-places.ts";

const main = fileURLToPath(new URL("../../../../bots/terminal/main.ts", import.meta.url));
const adminUrl = process.env["TEMPER_TEST_POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const patienceMs = 240_000;
const random = () => randomBytes(12).toString("hex");

/** None looks like a token of a known kind: only who knows it can blank it. */
const secrets = {
  "the Discord token": `planted-discord-${random()}`,
  "a wrong Discord token": `planted-wrong-${random()}`,
  "the language model's key": `planted-model-${random()}`,
  "the Hugging Face token": `planted-hub-${random()}`,
  "the Weights & Biases key": `planted-wandb-${random()}`,
  "the database's password": `planted/"pg@${random()}`,
};

describe("secrets of a server that drives a run and talks to people", () => {
  const directory = mkdtempSync(join(tmpdir(), "temper-secrets-"));
  const home = join(directory, ".temper");
  const workerCard = join(home, "worker", "worker.json");
  const tokenFile = join(directory, "discord-token");
  const database = `temper_test_${randomUUID().replaceAll("-", "")}`;
  const databaseUrl = Object.assign(new URL(adminUrl), {
    username: database,
    password: secrets["the database's password"],
    pathname: `/${database}`,
  }).href;
  /** What commands printed. */
  const printed: Place[] = [];
  /** Environments of jobs, by command line: jobs come and go. */
  const environments = new Map<string, Place>();
  let discord: FakeDiscord;
  let llm: ScriptedServer;
  let general: FakeChannel;
  let ann: FakeUser;
  let served: ReturnType<typeof temper> | null = null;
  let watching: NodeJS.Timeout;

  async function administer(...statements: string[]): Promise<void> {
    const client = new Client({ connectionString: adminUrl });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  /** A command in a process of its own, with the secrets in its environment; what it prints is kept. */
  function temper(...parameters: string[]) {
    const env = {
      PATH: process.env["PATH"],
      HOME: directory,
      OMP_NUM_THREADS: "1",
      TEMPER_DISCORD_API: discord.api,
      TEMPER_DATABASE_URL: databaseUrl,
      LLM_ACCESS: secrets["the language model's key"],
      HF_TOKEN: secrets["the Hugging Face token"],
      WANDB_API_KEY: secrets["the Weights & Biases key"],
    };
    const command = execa(process.execPath, [main, ...parameters], { cwd: directory, env, extendEnv: false, reject: false, all: true });
    const place = { name: `what temper ${parameters.join(" ")} prints`, text: "" };
    printed.push(place);
    command.all.on("data", (chunk: Buffer) => (place.text += chunk.toString("latin1")));
    return command;
  }

  function writeToken(token: string): void {
    writeFileSync(tokenFile, `${token}\n`);
    chmodSync(tokenFile, 0o600);
  }

  async function serve(): Promise<void> {
    const before = discord.counts.identified;
    served = temper("serve", "--offline");
    await discord.until("the bot", () => discord.counts.identified > before && discord.connected > 0, patienceMs);
  }

  /** Asks in a channel and waits for the answer. */
  async function ask(channel: FakeChannel, text: string): Promise<FakeMessage> {
    const question = await ann.say(channel, text, { mention: true });
    const look = () => discord.messages(channel).find(({ replyToId }) => replyToId === question.id);
    return discord.until(`an answer to ${text}`, look, patienceMs);
  }

  const withButton = (channel: FakeChannel, label: string) =>
    discord.until(
      `a card with ${label}`,
      () => discord.messages(channel).findLast(({ buttons }) => buttons.some((button) => button.label === label)),
      patienceMs,
    );

  /** Everything that was written, sent or handed on so far. */
  async function everything(): Promise<Place[]> {
    return [
      ...filesBelow(directory, [tokenFile]),
      ...(await rowsOf(databaseUrl)),
      ...sentTo(discord),
      ...llm.bodies.map((text, index) => ({ name: `prompt ${index}`, text })),
      ...environments.values(),
      ...printed,
    ];
  }

  beforeAll(async () => {
    const password = secrets["the database's password"].replaceAll("'", "''");
    await administer(`create role ${database} login password '${password}'`, `create database ${database} owner ${database}`);
    discord = await startFakeDiscord({ token: secrets["the Discord token"] });
    const guild = discord.guild({ name: "lab", roles: ["trainers"], channels: ["general"] });
    general = guild.channel("general");
    ann = discord.user({ name: "ann", roles: ["trainers"] });
    // It refuses the agents for good, and the chat once; then it says the key aloud.
    let chats = 0;
    llm = await startScriptedOpenai(({ response_format }) => {
      const refusal = { kind: "status", status: 401, text: `Incorrect API key provided: ${secrets["the language model's key"]}` } as const;
      if (response_format !== undefined || (chats += 1) === 1) return refusal;
      return { kind: "text", text: `The key is ${secrets["the language model's key"]}.` };
    });
    writeSecretHome({ directory, guild: guild.id, llm: llm.baseUrl });
    watching = setInterval(() => {
      for (const place of jobEnvironments(home)) environments.set(place.name, place);
    }, 100);
  });

  afterAll(async () => {
    clearInterval(watching);
    served?.kill("SIGKILL");
    await served;
    // It would wait ten minutes for another server of this home.
    if (existsSync(workerCard))
      process.kill(z.object({ pid: z.number() }).parse(JSON.parse(readFileSync(workerCard, "utf8"))).pid, "SIGKILL");
    discord.takeFaults();
    await discord.close();
    await llm.close();
    await administer(`drop database if exists ${database} with (force)`, `drop role if exists ${database}`);
    rmSync(directory, { recursive: true, force: true });
  });

  it("reach no file, row, prompt, job, log or message, whatever goes wrong; and the search finds one that does", async () => {
    writeToken(secrets["a wrong Discord token"]);
    const refused = await temper("serve", "--offline");
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toContain("Discord refuses the token");

    writeToken(secrets["the Discord token"]);
    await serve();
    await ask(general, "start a run on tiny");
    await ann.click(await withButton(general, "Start"), "Start");
    const thread = await discord.until("the run's thread", () => discord.threads(general)[0], patienceMs);
    await discord.until("the first job", () => environments.size > 0, patienceMs);
    served?.kill("SIGKILL");
    await served;
    await serve();
    const hasEnded = () => discord.messages(thread).find(({ embeds }) => embeds[0]?.description?.includes("The run finished"));
    await discord.until("the end of the run", hasEnded, patienceMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${printed.at(-1)?.text.slice(-3000)}`);
    });
    for (const text of ["tell me a tale", "sing of the best model", "why the best one?", "tail 1", "info", "what changed since trial 1?"])
      await ask(thread, text);
    for (const parameters of [["report"], ["status", "--json"], ["why", "m1"], ["doctor"], ["chat", "info"], ["recipe", "m1"]])
      await temper(...parameters);

    const places = await everything();
    expect(findSecrets(places, secrets)).toEqual([]);

    // Each kind of place was looked at, and the secrets were in use.
    for (const part of ["file .temper/jobs/", "file .temper/runs/", "table public.events", "Discord POST", "Discord PATCH", "prompt 0"])
      expect(places.map(({ name }) => name)).toContainEqual(expect.stringContaining(part));
    expect(places.find(({ name }) => name.startsWith("table public.events"))?.text).toContain("Incorrect API key provided");
    expect([...environments.values()].every(({ text }) => text.includes("HF_HOME="))).toBe(true);
    expect(environments.size).toBeGreaterThan(0);
    expect(new Set(llm.authorizations)).toEqual(new Set([`Bearer ${secrets["the language model's key"]}`]));

    // A secret that somebody says aloud goes into rows, prompts, the page and messages: the same search finds it there.
    const said = secrets["the Hugging Face token"];
    await ask(thread, `focus on ${said}`);
    await ann.click(await withButton(thread, "Confirm"), "Confirm");
    await ask(thread, "sing of it again");
    appendFileSync(join(home, "notes.txt"), Buffer.from(` ${said}`).toString("base64"));
    const found = findSecrets(await everything(), secrets).join("\n");
    for (const part of ["table public.proposals", "Discord POST", "prompt", "file .temper/notes.txt"])
      expect(found).toContain(`the Hugging Face token in ${part}`);
    served?.kill("SIGINT");
    served?.kill("SIGTERM");
  });
});
