/** What a person may do in a run. The local terminal is the owner; bots map their own roles to these. */
export const roles = ["viewer", "operator", "approver", "owner"] as const;
export type Role = (typeof roles)[number];

/** Approvers and owners decide on approvals; operators start, pause and steer. */
export function mayDecide(role: Role): boolean {
  return role === "approver" || role === "owner";
}

/** Operators start, pause, stop and steer runs; approvers and owners may too. */
export function mayOperate(role: Role): boolean {
  return role !== "viewer";
}
