import { citeTrials } from "../../memory/cite-trials.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

const effectsTold = 6;

/** "What did you learn so far?": the memory as it stands, with its clearest effects and failures. */
export async function memoryAnswer({ store, run }: RunFacts): Promise<Answer> {
  const sheet = new AnswerSheet();
  const memory = await store.memories.latest(run.id);
  if (memory === null)
    return sheet.finish({ lead: `${run.name} has learnt nothing yet: no trial has ended.`, sections: [], suggestions: ["status"] });
  sheet.source("memory", memory.version, `memory version ${memory.version}, written after trial ${memory.trial}`);
  const clear = memory.effects
    .filter(({ low, high, count }) => count > 1 && (low > 0 || high < 0))
    .toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  const told = clear.slice(0, effectsTold).map((effect) => {
    const subjects = [effect.name, ...effect.name.split(/[:×+]|\bafter\b/).map((part) => part.trim())];
    return `${effect.name} ${sheet.effect(subjects, effect)} over ${sheet.count(subjects, effect.count, "trials")} (${citeTrials(effect.trials)})`;
  });
  const failures = memory.failures.map(
    ({ reason, count, trials }) => `${reason} ${sheet.count("run", count, "×")} (${citeTrials(trials)})`,
  );
  const sections: AnswerSection[] = [];
  if (memory.directions !== "") sections.push({ title: "What looks promising", text: sheet.quote("memory", memory.directions) });
  if (told.length > 0) sections.push({ title: "Clearest effects", text: `${told.join("; ")}.` });
  if (failures.length > 0) sections.push({ title: "Failures", text: `${failures.join("; ")}.` });
  return sheet.finish({
    lead: sheet.quote("memory", memory.experience) || "Nothing stands out yet.",
    sections,
    suggestions: ["what would you try next?", "plot effects"],
  });
}
