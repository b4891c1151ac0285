import type { Rng } from "#src/policy/rng.ts";

const names = ["Ada", "Bruno", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kofi", "Lena"];
const places = ["bakery", "garden", "library", "harbour", "workshop", "school kitchen", "toy shop", "farm", "museum", "station"];
const things = ["apples", "lanterns", "notebooks", "tickets", "pots", "ropes", "cakes", "maps", "shells", "chairs", "lamps", "coats"];
const colours = ["red", "green", "wooden", "small", "heavy", "painted", "old", "cheap", "striped", "round"];
const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const number = (rng: Rng) => 2 + rng.below(97);

/** What may happen in a story; each has other words around what is drawn. */
const events: readonly ((rng: Rng, thing: string) => string)[] = [
  (rng, thing) => `On ${rng.pick(days)} a friend called ${rng.pick(names)} brings ${number(rng)} more ${thing} as a present.`,
  (rng, thing) => `${number(rng)} of the ${thing} turn out to be ${rng.pick(colours)} and are thrown away.`,
  (rng, thing) => `Before lunch somebody from the ${rng.pick(places)} buys ${number(rng)} ${thing} for ${number(rng)} euros each.`,
  (rng, thing) => `Half of the remaining ${thing} are packed into ${number(rng)} ${rng.pick(colours)} boxes.`,
  (rng) => `The rent of the ${rng.pick(places)} is ${number(rng)} euros, which has to be paid every ${rng.pick(days)}.`,
  (rng, thing) => `${rng.pick(names)} borrows ${number(rng)} ${thing} and gives ${number(rng)} of them back after ${number(rng)} days.`,
];

const questions: readonly ((thing: string, name: string) => string)[] = [
  (thing, name) => `How many ${thing} does ${name} have left at the end of the week?`,
  (thing, name) => `What did ${name} earn with the ${thing} in all?`,
  (thing) => `By how much did the number of ${thing} change since the beginning?`,
];

/** A word problem of 25 to 70 words, such as benchmarks of arithmetic hold; hardly two are alike. */
export function storyProblem(rng: Rng): string {
  const name = rng.pick(names);
  const thing = rng.pick(things);
  const beginning = `${name} keeps ${number(rng)} ${rng.pick(colours)} ${thing} in a ${rng.pick(places)} near the ${rng.pick(places)}.`;
  const told = rng
    .shuffle(events)
    .slice(0, 1 + rng.below(3))
    .map((event) => event(rng, thing));
  return [beginning, ...told, rng.pick(questions)(thing, name)].join(" ");
}
