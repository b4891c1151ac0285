import { expect, it } from "vitest";
import { ChoiceCache } from "#bots/discord/interactions/choice-cache.ts";
import { complete } from "#bots/discord/interactions/complete.ts";

const choice = (name: string) => [{ name, value: name }];

it("reads once for the letters of a moment, then shows what it has while it reads anew", async () => {
  const clock = { now: new Date(0) };
  const cache = new ChoiceCache(() => clock.now);
  let reads = 0;
  const ask = () => cache.of("general/model", async () => choice(`m${(reads += 1)}`));
  expect(await Promise.all([ask(), ask()])).toEqual([choice("m1"), choice("m1")]);
  clock.now = new Date(2000);
  expect(await ask()).toEqual(choice("m1"));
  clock.now = new Date(5000);
  expect(await ask()).toEqual(choice("m1"));
  expect(await ask()).toEqual(choice("m2"));
  clock.now = new Date(600_000);
  expect(await ask()).toEqual(choice("m3"));
});

it("keeps nothing of a read that failed", async () => {
  const cache = new ChoiceCache(() => new Date(0));
  await expect(cache.of("a", () => Promise.reject(new Error("the store is away")))).rejects.toThrow("away");
  expect(await cache.of("a", async () => choice("m1"))).toEqual(choice("m1"));
});

it("offers what fits the letters so far, at most 25 and within Discord's lengths", () => {
  const choices = Array.from({ length: 40 }, (_, index) => ({ name: `m${index} ${"long ".repeat(40)}`, value: `m${index}` }));
  expect(complete(choices, "M3")).toHaveLength(11);
  const all = complete(choices, "");
  expect(all).toHaveLength(25);
  expect(all.every(({ name }) => name.length <= 100)).toBe(true);
});
