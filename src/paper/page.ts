import { paperParts, type PaperPart, type PaperResult, type ResultOf } from "./results.ts";
import { bullets, type Figure, type Section } from "./section.ts";
import { dataSizeSection } from "./sections/data-size.ts";
import { experimentOneSection } from "./sections/experiment-one.ts";
import { experimentTwoSection } from "./sections/experiment-two.ts";
import { figureFiveSection } from "./sections/figure-five.ts";
import { figureThreeSection } from "./sections/figure-three.ts";
import { modelSizeSection } from "./sections/model-size.ts";

/** What the page calls a part that was not measured. */
const titles: Readonly<Record<PaperPart, string>> = {
  "experiment-1": "Experiment 1: several skills into one base model",
  "figure-3": "Fig. 3: the best pipelines found",
  "figure-5": "Fig. 5: mean, maximum and deviation per 15 trials",
  "experiment-2": "Experiment 2 (Fig. 4): tool use into an instruct model",
  "data-size": "Data-size scaling",
  "model-size": "Model-size scaling",
};

/** Fewer seeds say too little: the page says so. */
export const enoughSeeds = 5;

function sectionOf(result: PaperResult): Section {
  switch (result.part) {
    case "experiment-1":
      return experimentOneSection(result);
    case "experiment-2":
      return experimentTwoSection(result);
    case "figure-3":
      return figureThreeSection(result);
    case "figure-5":
      return figureFiveSection(result);
    case "data-size":
      return dataSizeSection(result);
    case "model-size":
      return modelSizeSection(result);
  }
}

/** The page, and the pictures that it shows. */
export interface PaperPage {
  markdown: string;
  figures: Figure[];
  /** Parts that are missing or not whole, or that have too few seeds. */
  lacking: PaperPart[];
}

/** Whether arms of it are still to be measured. */
function isPart(result: PaperResult | undefined): boolean {
  return result !== undefined && "lacks" in result && result.lacks.some((text) => text.startsWith("Not measured yet"));
}

function find<Part extends PaperPart>(results: readonly PaperResult[], part: Part): ResultOf<Part> | undefined {
  return results.find((result): result is ResultOf<Part> => result.part === part);
}

/**
 * `docs/paper.md` from results alone: the same results give the same page.
 * @param figureFolder where the pictures lie, as the page links to them.
 */
export function paperPage(results: readonly PaperResult[], figureFolder: string): PaperPage {
  const figures: Figure[] = [];
  const lacking: PaperPart[] = [];
  const blockOf = (block: string | Figure) => {
    if (typeof block === "string") return block;
    figures.push(block);
    return `![${block.alt}](${figureFolder}/${block.name}.png)`;
  };
  const sections = paperParts.flatMap((part) => {
    const result = find(results, part);
    const isEnough = (result?.basis.seeds.length ?? 0) >= enoughSeeds;
    if (!isEnough || isPart(result)) lacking.push(part);
    if (result === undefined) return [`## ${titles[part]}`, `Not measured yet: \`temper paper ${part}\`.`];
    const { title, blocks } = sectionOf(result);
    const warning = `**Only ${result.basis.seeds.length} of ${enoughSeeds} seeds were measured.** \`temper paper ${part} --seeds ${enoughSeeds}\` does the rest.`;
    return [`## ${title}`, ...(isEnough ? [] : [warning]), ...blocks.map(blockOf)];
  });
  const isTiny = results.every(({ basis }) => basis.isTiny);
  const head = [
    "# The paper's experiments",
    `What [LaMDAgent](https://arxiv.org/abs/2505.21963) measured with Gemma 2 2B and an LLM agent, done again${isTiny ? " on the built-in [tiny world](tiny-world.md): real trainings, merges and evaluations of a very small model" : ""}. \`temper paper all\` makes every number, picture and sentence below; the results, with every decision and score, lie in \`${figureFolder}/*.json\`, and \`temper paper page\` makes this page of them alone.`,
    bullets([
      "Every number is a mean over seeds with a 95 % interval in brackets: Student's t over seeds, Wilson's for shares of seeds. Differences are paired by seed. The paper gives single runs.",
      'Where a line says "as in the paper", the whole interval lies on the paper\'s side of zero; "not shown here" is a tie, or too few seeds.',
      ...(isTiny
        ? [
            "What is the same by design: searching over fine-tunings and merges of one base, scored on held-out items of several tasks. What is not: a model of some 170 thousand parameters, procedural tasks, preference learning and linear merges among the actions, fewer trials, and where no language model is configured an optimiser in the agent's place. Compare directions, not heights.",
          ]
        : []),
    ]),
  ];
  return { markdown: `${[...head, ...sections].join("\n\n")}\n`, figures, lacking };
}
