import type { Role } from "./role.ts";

/** Somebody who speaks to Temper or presses a button, with the role that they have at this moment. */
export interface Person {
  platform: "terminal" | "discord" | "web";
  /** The platform's id: a Discord user id, a login name. */
  id: string;
  /** What people call them; shown, never used to find anybody. */
  name: string;
  role: Role;
}
