import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRng, type Rng } from "#src/policy/rng.ts";

interface Problem {
  name: string;
  numbers: number[];
  verbs: string[];
  signs: string[];
  result: number;
}

const names = ["tom", "ann", "bob", "sue"];
const verbsBySign = { "+": ["gets", "finds"], "-": ["loses", "gives"] } as const;

/** Writes files of the names and forms that real data has, in words that the tiny world's models know. */
export function writeTinyData(directory: string): void {
  const rng = createRng(0, "tiny-data", 0);
  for (const folder of ["gsm8k", "mawps", "llama-factory"]) mkdirSync(join(directory, folder), { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  // Each problem stands in one file only: what is trained on must not be asked.
  const drawn = new Set<string>();
  const problems = (count: number) => Array.from({ length: count }, (_, index) => drawNew(rng, (index % 2) + 1, drawn));
  const worked = problems(160).map((problem) => ({ question: asText(problem), answer: `${problem.result}\n# ${problem.result}` }));
  write("gsm8k/train.jsonl", worked.map((row) => `${JSON.stringify(row)}\n`).join(""));
  write("mawps/train.csv", asMawps(problems(240)));
  write("mawps/dev.csv", asMawps(problems(200)));
  const preferences = problems(80).map((problem) => ({
    conversations: [{ from: "human", value: asText(problem) }],
    chosen: { from: "gpt", value: `# ${problem.result}` },
    rejected: { from: "gpt", value: `${rng.pick(names)} has ${problem.result}` },
  }));
  write("llama-factory/dpo_en_demo.json", JSON.stringify(preferences));
}

function drawNew(rng: Rng, steps: number, drawn: Set<string>): Problem {
  for (;;) {
    const problem = drawProblem(rng, steps);
    if (drawn.has(asText(problem))) continue;
    drawn.add(asText(problem));
    return problem;
  }
}

/** `Q tom has 4 gets 3 loses 2 total ?` with one or two changes, all numbers within the world's 0 to 20. */
function drawProblem(rng: Rng, steps: number): Problem {
  for (;;) {
    const numbers = Array.from({ length: steps + 1 }, () => 1 + rng.below(9));
    const signs = Array.from({ length: steps }, () => rng.pick(["+", "-"] as const));
    const values = signs.map((sign, index) => (sign === "+" ? 1 : -1) * (numbers[index + 1] ?? 0));
    const between = (numbers[0] ?? 0) + (values[0] ?? 0);
    const result = between + (values[1] ?? 0);
    if (between < 0 || result < 0 || between > 20 || result > 20) continue;
    return { name: rng.pick(names), numbers, signs, verbs: signs.map((sign) => rng.pick(verbsBySign[sign])), result };
  }
}

function asText({ name, numbers, verbs }: Problem, written: (index: number) => string = (index) => String(numbers[index])): string {
  const changes = verbs.map((verb, index) => ` ${verb} ${written(index + 1)}`).join("");
  return `Q ${name} has ${written(0)}${changes} total ?`;
}

function asMawps(problems: Problem[]): string {
  const rows = problems.map((problem) => {
    const { numbers, signs, result } = problem;
    const equation = `${signs.toReversed().join(" ")} ${numbers.map((_, index) => `number${index}`).join(" ")}`;
    return [
      asText(problem, (index) => `number${index}`),
      numbers.map((number) => `${number}.0`).join(" "),
      equation,
      `${result}.0`,
      `"[1, ""2""]"`,
    ].join(",");
  });
  return ["Question,Numbers,Equation,Answer,group_nums", ...rows].join("\n");
}
