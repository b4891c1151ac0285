import { actionTypeNames, type ActionTypeName } from "../action/action.ts";
import type { RunConfig } from "../config/run-config.ts";
import type { Directive } from "../memory/directive.ts";
import type { Approval, Store } from "../store/store.ts";

/** An action type that is not tried now. */
export interface PausedType {
  type: ActionTypeName;
  /** `asked` = people may still say that it goes on; `out` = it is left out for the rest of the run. */
  state: "asked" | "out";
  approval: Approval;
}

/** Ends that say little of the action type: with nobody there to ask they are taken for bad luck that is over. */
const accidents: readonly string[] = ["lost", "crashed"];

/** A question whether a paused action type goes on is an approval whose batch is the type's name; it stands under this key. */
export function pauseKey(type: ActionTypeName, failure: string, trial: number): string {
  return `pause:${type}:${failure}:${trial}`;
}

/** The action type that an approval is about, or null. */
export function pausedTypeOf({ trial, batch }: Pick<Approval, "trial" | "batch">): ActionTypeName | null {
  return trial === null ? (actionTypeNames.find((type) => type === batch) ?? null) : null;
}

/** What the latest question about an action type means now; null when the type may be tried. */
export function readPause(type: ActionTypeName, approval: Approval, onExpiry: RunConfig["approval"]["on_expiry"]): PausedType | null {
  switch (approval.state) {
    case "approved":
    // The run was stopped before anybody answered: whoever lets it go on may try once more.
    case "cancelled":
      return null;
    case "pending":
      return { type, state: "asked", approval };
    case "rejected":
      return { type, state: "out", approval };
    case "expired": {
      const failure = approval.key.split(":")[2] ?? "";
      if (onExpiry === "ask_again") return { type, state: "asked", approval };
      return onExpiry === "skip" && accidents.includes(failure) ? null : { type, state: "out", approval };
    }
  }
}

/** The paused action types of a run. */
export async function readPausedTypes(store: Store, { id, config }: { id: string; config: RunConfig }): Promise<PausedType[]> {
  const types = actionTypeNames.filter((type) => config.actions[type] !== undefined);
  const questions = await store.approvals.latestOfBatches(id, types);
  return types.flatMap((type) => {
    const approval = questions.find(({ batch }) => batch === type);
    return approval === undefined ? [] : (readPause(type, approval, config.approval.on_expiry) ?? []);
  });
}

/** A pause as policies and agents see it: a ban that nobody spoke and that goes when people say so. */
export function asBan({ type, state, approval }: PausedType, index: number): Directive {
  const how = state === "asked" ? "paused until people have answered" : "left out";
  return {
    id: -1 - index,
    author: "triage",
    createdAt: approval.createdAt,
    revokedAt: null,
    text: `${type} is ${how}: ${approval.why}`,
    body: { kind: "ban", actionType: type },
  };
}
