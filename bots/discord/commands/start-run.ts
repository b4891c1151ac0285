import { UserInputError } from "#src/errors.ts";
import { answer, type Answer } from "../answer.ts";
import type { AttachedFile } from "../command.ts";
import type { Place } from "../place.ts";
import { requireRole } from "../require-role.ts";

/** What a run is to be started from, and limits that hold for it. */
export interface StartAsk {
  config: string | null;
  file: AttachedFile | null;
  trials: number | null;
  steps: number | null;
  deviceHours: number | null;
  name: string | null;
}

/** Plans a run; its card shows what it will do and cost, and waits. */
export async function startRun(ask: StartAsk, place: Place): Promise<Answer> {
  requireRole(place.person, "operator", "start a run");
  if (ask.config === null && ask.file === null) {
    const known = place.desk.catalogue.runs;
    const hint = known.length === 0 ? "The catalogue in server.yaml has none yet." : `The catalogue has ${known.join(", ")}.`;
    throw new UserInputError(`Name a run of the catalogue (config), or send a config as a file. ${hint}`);
  }
  const proposal = await place.desk.wishes.start(ask, place.person);
  return answer("Here is the plan. Nothing starts before somebody presses Start.", { proposal });
}
