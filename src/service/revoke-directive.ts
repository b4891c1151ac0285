import { UserInputError } from "../errors.ts";
import type { Run, Store } from "../store/store.ts";

/** Takes a wish back. @throws UserInputError when no such wish holds. */
export async function revokeDirective(
  store: Store,
  run: Pick<Run, "id" | "name">,
  { id, author }: { id: number; author: string },
): Promise<void> {
  await store.transaction(async (inside) => {
    if (!(await inside.directives.revoke(run.id, id))) {
      throw new UserInputError(`No wish ${id} holds in ${run.name}. See them with: temper steer --list`, { id }, "not_found");
    }
    await inside.events.append({
      runId: run.id,
      kind: "directive-revoke",
      actor: author,
      trial: null,
      text: `${author} took back wish ${id}.`,
      fields: { directive: id },
    });
  });
}
