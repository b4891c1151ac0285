import { EmbedBuilder } from "discord.js";
import { describe, expect, it } from "vitest";
import { connect } from "./connect.ts";
import { imageSize } from "./picture/image-size.ts";
import { parseMarkdown, type Names } from "./picture/parse-markdown.ts";
import { tellTime } from "./picture/tell-time.ts";

const names: Names = { user: () => "Ada", role: () => "trainers", channel: () => "general", time: () => "in 2 hours" };

describe("picture", () => {
  it("draws a message whose text has ink", async () => {
    const { discord, channel, client } = await connect();
    const at = client.channels.cache.get(channel.id);
    if (at?.isSendable() !== true) throw new Error("no channel");
    await at.send({ embeds: [new EmbedBuilder().setTitle("Approve?").setDescription("**DPO** of m17").setColor(0xfaa61a)] });
    const ada = discord.user({ name: "Ada" });
    await ada.say(channel, "yes");
    const [card, said] = discord.messages(channel);
    if (card === undefined || said === undefined) throw new Error("no messages");
    const picture = await discord.picture(card);
    expect(imageSize(picture)).toMatchObject({ width: 1360 });
    const empty = await discord.picture({ ...said, content: "", buttons: [], selects: [] });
    expect((await discord.picture(said)).length).toBeGreaterThan(empty.length + 200);
    const both = imageSize(await discord.picture([card, said]))?.height ?? 0;
    expect(both).toBeGreaterThan(imageSize(picture)?.height ?? 0);
  });

  it.each([
    ["**bold** rest", [{ text: "bold", bold: true }, { text: " rest" }]],
    ["*it* and _it_", [{ text: "it", italic: true }, { text: " and " }, { text: "it", italic: true }]],
    ["best_so_far_2", [{ text: "best_so_far_2" }]],
    ["`a*b*` \\*c\\*", [{ text: "a*b*", kind: "code" }, { text: " " }, { text: "*" }, { text: "c" }, { text: "*" }]],
    [
      "**SFT \\_merge\\_** merge\\_ties",
      [{ text: "SFT ", bold: true }, { text: "_" }, { text: "merge" }, { text: "_" }, { text: " merge" }, { text: "_" }, { text: "ties" }],
    ],
    ["[report](https://example.org)", [{ text: "report", kind: "link" }]],
    ["<@1> <@&2> <#3> <t:5:R>", [{ text: "@Ada" }, {}, { text: "@trainers" }, {}, { text: "# general" }, {}, { text: "in 2 hours" }]],
  ])("reads %s as Discord does", (text, spans) => {
    expect(parseMarkdown(text, names)).toMatchObject([{ kind: "line", spans }]);
  });

  it("tells times from now on", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    expect(tellTime(now.getTime() / 1000 + 7200, "R", now)).toBe("in 2 hours");
    expect(tellTime(now.getTime() / 1000 - 60, "R", now)).toBe("1 minute ago");
    expect(tellTime(now.getTime() / 1000, "f", now)).toBe("2026-01-01 00:00");
  });
});

describe("transcript", () => {
  it("tells who said what, with names for ids", async () => {
    const { discord, channel } = await connect();
    await discord.user({ name: "Ada" }).say(channel, "status?", { mention: true });
    expect(discord.transcript()).toBe("## #general\n\n**Ada** 03:04:05\n> @Temper status?\n");
  });
});
