import type { ActionType } from "./action-type.ts";
import type { ActionTypeName } from "./action.ts";
import { dpo } from "./types/dpo.ts";
import { kto } from "./types/kto.ts";
import { mergeDareTies } from "./types/merge-dare-ties.ts";
import { mergeLinear } from "./types/merge-linear.ts";
import { mergeSlerp } from "./types/merge-slerp.ts";
import { mergeTaskArithmetic } from "./types/merge-task-arithmetic.ts";
import { mergeTies } from "./types/merge-ties.ts";
import { orpo } from "./types/orpo.ts";
import { sft } from "./types/sft.ts";

/** Every way to make a model that Temper knows. */
export const actionTypes: Readonly<Record<ActionTypeName, ActionType>> = {
  sft,
  dpo,
  kto,
  orpo,
  merge_linear: mergeLinear,
  merge_task_arithmetic: mergeTaskArithmetic,
  merge_ties: mergeTies,
  merge_dare_ties: mergeDareTies,
  merge_slerp: mergeSlerp,
};
