import { UserInputError } from "../../errors.ts";
import type { DirectiveBody } from "../../memory/directive.ts";
import { steeredWeights } from "../../score/aggregate.ts";
import type { Run, Store } from "../../store/store.ts";

/** Checks that a wish leaves a task that counts. @throws UserInputError with what to take back first, when it does not. */
export async function checkWeightLeft(store: Store, run: Pick<Run, "id" | "name" | "config">, body: DirectiveBody): Promise<void> {
  if (body.kind !== "weight") return;
  const standing = (await store.directives.list(run.id)).filter(({ revokedAt }) => revokedAt === null);
  if (steeredWeights(run.config, [...standing, { body, revokedAt: null }]).some((weight) => weight > 0)) return;
  const zeroed = standing.filter((other) => other.body.kind === "weight" && other.body.task !== body.task && other.body.factor <= 0);
  const how = zeroed.length === 0 ? "in the config" : `take back ${zeroed.map(({ id, text }) => `wish ${id} ("${text}")`).join(" or ")}`;
  throw new UserInputError(`No task of ${run.name} would have a weight left. Give another task a weight first: ${how}.`, {
    task: body.task,
  });
}
