import { mayDecide, mayOperate, type Role } from "../approval/role.ts";
import { widens } from "../service/change-budget.ts";
import type { Run } from "../store/store.ts";
import type { ProposalBody } from "./proposal.ts";

/** Which role a proposal takes, and whether a person's role is enough. A yes beforehand and its end, more money and dear measurements are an approver's. */
export function neededRole(body: ProposalBody, run: Run | null): { role: "operator" | "approver"; isEnough: (role: Role) => boolean } {
  const isDear = body.kind === "standing" || body.kind === "revoke-standing" || (body.kind === "extend" && body.asks !== null);
  const spends = isDear || (body.kind === "budget" && run !== null && widens(run.config, body.change));
  return spends ? { role: "approver", isEnough: mayDecide } : { role: "operator", isEnough: mayOperate };
}
