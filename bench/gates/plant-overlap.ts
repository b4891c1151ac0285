import type { Rng } from "#src/policy/rng.ts";

/** A row of `prompt_completion` or `messages`, as a person's file has it. */
export type Row = { prompt: string; completion: string } | { messages: { role: "user" | "assistant"; content: string }[] };

/** A way in which an item gets into training data. `exact`: its prompt stands there word for word. */
export interface Planting {
  name: string;
  exact: boolean;
  /** Items of fewer words cannot be planted so: another word would make another question of them. */
  leastWords: number;
  plant(item: string, rng: Rng): Row;
}

const anyItem = 5;
const longItem = 16;

const pair = (prompt: string, completion = "7"): Row => ({ prompt, completion });

/** Puts something in the place of a word that is no number, or beside it. */
function edit(item: string, rng: Rng, change: (word: string) => string): string {
  const words = item.split(" ");
  const places = words.flatMap((word, index) => (/^\p{L}+$/u.test(word) ? [index] : []));
  const place = rng.pick(places);
  return words
    .map((word, index) => (index === place ? change(word) : word))
    .filter((word) => word !== "")
    .join(" ");
}

const otherWords = ["really", "often", "nearly", "kindly", "there"];

/** The ways of a benchmark question into a training set that are known from contamination studies, rewording left out. */
export const plantings: readonly Planting[] = [
  { name: "as it is, with another answer", exact: true, leastWords: 1, plant: (item) => pair(item, "another answer") },
  { name: "in capitals", exact: true, leastWords: 1, plant: (item) => pair(item.toUpperCase()) },
  {
    name: "with other spacing and punctuation",
    exact: true,
    leastWords: 1,
    plant: (item) => pair(`${item.replaceAll(/[.?](?=\s|$)/g, " !").replaceAll(" ", "  ")}\n`),
  },
  {
    name: "as a later turn of a conversation",
    exact: true,
    leastWords: 1,
    plant: (item) => ({
      messages: [
        { role: "user", content: "Are you ready for a few questions?" },
        { role: "assistant", content: "I am." },
        { role: "user", content: item },
        { role: "assistant", content: "7" },
      ],
    }),
  },
  {
    name: "between other words",
    exact: false,
    leastWords: anyItem,
    plant: (item, rng) => pair(`Take your time, ${rng.pick(otherWords)}. ${item} Write the answer after a mark.`),
  },
  {
    name: "in an answer",
    exact: false,
    leastWords: anyItem,
    plant: (item) => pair("Write a question that a test could hold.", `Here is one. ${item} Shall I answer it?`),
  },
  {
    name: "with another word",
    exact: false,
    leastWords: longItem,
    plant: (item, rng) => pair(edit(item, rng, () => rng.pick(otherWords))),
  },
  { name: "with a word left out", exact: false, leastWords: longItem, plant: (item, rng) => pair(edit(item, rng, () => "")) },
  {
    name: "with a word put in",
    exact: false,
    leastWords: longItem,
    plant: (item, rng) => pair(edit(item, rng, (word) => `${word} ${rng.pick(otherWords)}`)),
  },
];

/** Words of an item as the gate counts them: punctuation is none. */
export const countWords = (item: string): number => item.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}.,;:!?'"]/gu)?.length ?? 0;
