import { actionTypeNames, isMerge } from "#src/action/action.ts";
import type { ResultOf, Row } from "#src/paper/results.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { type ArmPolicy, needsModel } from "./open-roles.ts";
import type { PaperConfig, PaperLab, SearchSpec } from "./paper-lab.ts";
import { fixedRows, gatherRows, readSearch, type RowPart, singleTrainings } from "./rows.ts";
import { shortRun } from "./short-run.ts";

const isMergeName = (name: string) => actionTypeNames.some((type) => type === name && isMerge(type));

/** Merging alone gets the single SFTs for nothing, beside its budget: without them there is nothing to merge. */
const mergesOnly: NonNullable<SearchSpec["only"]> = { name: "merges only", types: isMergeName, start: singleTrainings };
const sftOnly: NonNullable<SearchSpec["only"]> = { name: "SFT only", types: (type) => type === "sft" };

/** Policies that can run, and what is said of those that cannot. */
export function splitPolicies({ config }: PaperConfig, policies: readonly ArmPolicy[]): { run: ArmPolicy[]; lacks: string[] } {
  const left = config.llm === undefined ? policies.filter(needsModel) : [];
  const lacks =
    left.length === 0
      ? []
      : [
          `Left out: ${left.join(", ")}. No language model is configured; give one with \`--llm MODEL\` (and \`--llm-url URL\`), or as \`llm:\` in a config.`,
        ];
  return { run: policies.filter((policy) => !left.includes(policy)), lacks };
}

function searchParts(records: readonly RunRecord[], trials: number, { id, label }: { id: string; label: string }): RowPart[] {
  return records.map((record) => ({ id, label, kind: "search", read: readSearch(record, trials) }));
}

interface Arm {
  id: string;
  label: string;
  spec: SearchSpec;
}

type Measured = Pick<ResultOf<"experiment-1">, "basis" | "rows" | "runs" | "lacks">;
/** Takes a result that says what it lacks yet: hours lie between the arms. */
type Keep = (measured: Measured) => void;

interface ExperimentInput {
  of: PaperConfig;
  /** Measured in this order; what is fixed comes after the first ones. */
  arms: readonly Arm[];
  ablations: readonly Arm[];
  lacks: readonly string[];
  keep: Keep;
}

async function experiment(lab: PaperLab, { of, arms, ablations, lacks, keep }: ExperimentInput): Promise<Measured> {
  const { trials, seeds } = lab.options;
  const basis = lab.basis(of, await lab.world(of, seeds[0] ?? 0));
  const parts: RowPart[] = [];
  const records: RunRecord[] = [];
  const todo = [...arms, ...ablations].map(({ label }) => label);
  const measured = (): Measured => {
    const missing = todo.length === 0 ? [] : [`Not measured yet: ${todo.join("; ")}.`];
    return { basis, rows: order(gatherRows(parts)), runs: records.map(shortRun), lacks: [...lacks, ...missing] };
  };
  const search = async ({ id, label, spec }: Arm) => {
    const made = await lab.search(spec);
    records.push(...made);
    parts.push(...searchParts(made, trials, { id, label }));
    todo.splice(todo.indexOf(label), 1);
  };
  for (const arm of arms) await search(arm);
  const fixed = await lab.ofSeeds(async (seed) => fixedRows(await lab.world(of, seed), seed));
  parts.push(...fixed.flat());
  for (const arm of ablations) {
    keep(measured());
    await search(arm);
  }
  return measured();
}

const kinds: readonly Row["kind"][] = ["base", "search", "all", "merge", "single"];
const order = (rows: readonly Row[]) => kinds.flatMap((kind) => rows.filter((row) => row.kind === kind));

const policyArms = (of: PaperConfig, policies: readonly ArmPolicy[]): Arm[] =>
  policies.map((policy) => ({ id: policy, label: `search: ${policy}`, spec: { of, policy } }));

/** Experiment 1: every policy, merging alone, SFT alone, and what is fixed. @param keep takes what is there between the arms. */
export async function runExperimentOne(
  lab: PaperLab,
  of: PaperConfig,
  { policies, keep }: { policies: readonly ArmPolicy[]; keep(result: ResultOf<"experiment-1">): void },
): Promise<ResultOf<"experiment-1">> {
  const { run, lacks } = splitPolicies(of, policies);
  const types = Object.keys(of.config.actions);
  const [lead = "lookahead"] = run;
  const ablations: Arm[] = [
    ...(types.some(isMergeName) && types.includes("sft")
      ? [{ id: "merges_only", label: `search: ${lead}, merging alone`, spec: { of, policy: lead, only: mergesOnly } }]
      : []),
    ...(types.includes("sft") && types.length > 1
      ? [{ id: "sft_only", label: `search: ${lead}, SFT alone`, spec: { of, policy: lead, only: sftOnly } }]
      : []),
  ];
  const part = "experiment-1";
  const input = { of, arms: policyArms(of, run), ablations, lacks, keep: (measured: Measured) => keep({ part, ...measured }) };
  return { part, ...(await experiment(lab, input)) };
}

/** Experiment 2: single sets, all sets, and the best that the first policy finds. */
export async function runExperimentTwo(lab: PaperLab, of: PaperConfig, policies: readonly ArmPolicy[]): Promise<ResultOf<"experiment-2">> {
  const { run, lacks } = splitPolicies(of, policies);
  const input = { of, arms: policyArms(of, run.slice(0, 1)), ablations: [], lacks, keep: () => undefined };
  return { part: "experiment-2", ...(await experiment(lab, input)) };
}
