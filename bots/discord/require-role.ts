import { roles, type Role } from "#src/approval/role.ts";
import type { Person } from "#src/approval/person.ts";
import { UserInputError } from "#src/errors.ts";

/**
 * Makes sure that a person may do something.
 * @param what `pause a run`, for the refusal.
 * @throws UserInputError that says who may.
 */
export function requireRole(person: Person, needed: Role, what: string): void {
  if (roles.indexOf(person.role) >= roles.indexOf(needed)) return;
  throw new UserInputError(
    `${person.name} is ${person.role} and may not ${what}. It takes ${needed === "owner" ? "the owner" : `the role ${needed}`}; the owner gives roles in server.yaml.`,
    { role: person.role, needed },
    "not_allowed",
  );
}
