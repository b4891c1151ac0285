import { userInfo } from "node:os";

/** Who speaks at this terminal, for events and approvals. The local terminal has the role of the owner. */
export function localAuthor(): string {
  try {
    return userInfo().username;
  } catch {
    return "owner";
  }
}
