import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployFromHere } from "#bots/discord/deploy-from-here.ts";
import { commands } from "#bots/discord/commands/commands.ts";
import type { FakeDiscord } from "#tests/fake-discord/driver.ts";
import { startFakeDiscord } from "#tests/fake-discord/start-fake-discord.ts";

let discord: FakeDiscord;
beforeEach(async () => {
  discord = await startFakeDiscord();
});
afterEach(() => discord.close());

const deploy = (token = discord.token) => deployFromHere({}, { DISCORD_TOKEN: token, TEMPER_DISCORD_API: discord.api });

describe("temper deploy-commands", () => {
  it("tells Discord each command once, and nothing the second time", async () => {
    const first = await deploy();
    expect(first).toEqual({ created: commands.map(({ definition }) => definition.name), changed: [], removed: [] });
    expect(await deploy()).toEqual({ created: [], changed: [], removed: [] });
  });

  it("says what to check when Discord does not take the token, and does not say the token", async () => {
    const failed = deploy("not-the-token").catch((error: unknown) => String(error));
    expect(await failed).toMatch(/Discord did not take the commands: .*Check the token/);
    expect(await failed).not.toContain("not-the-token");
    expect(discord.takeFaults()).toEqual([expect.stringContaining("401")]);
  });
});
