import { TemperError } from "../errors.ts";
import { cancelTrial } from "../service/cancel-trial.ts";
import { changeBudget, describeBudgetChange } from "../service/change-budget.ts";
import { createRun } from "../service/create-run.ts";
import { describeAdded } from "../service/extension/added-objects.ts";
import { extendRun } from "../service/extension/extend-run.ts";
import { pauseRun } from "../service/pause-run.ts";
import { resumeRun } from "../service/resume-run.ts";
import { revokeDirective } from "../service/revoke-directive.ts";
import { addStanding, describeStanding, revokeStanding } from "../service/standing-approval.ts";
import { addDirective } from "../service/steer.ts";
import { stopRun } from "../service/stop-run.ts";
import type { Person } from "../approval/person.ts";
import type { Run, Store } from "../store/store.ts";
import type { Proposal } from "./proposal.ts";

/** What came of a confirmed proposal: the run that it is about, and a sentence. */
export interface Applied {
  runId: string;
  outcome: string;
}

interface Confirmed {
  proposal: Proposal;
  /** The run as it stands now; null for one that is to be made. */
  run: Run | null;
  person: Person;
  now: Date;
}

/** Does what was confirmed, with the one who confirmed it as its author. To be called in the transaction that decided it. */
export async function applyProposal(store: Store, { proposal, run, person, now }: Confirmed): Promise<Applied> {
  const { body } = proposal;
  const author = person.name;
  if (body.kind === "start") {
    const { config, prepared } = body;
    const made = await createRun(store, { config, prepared, now, author: proposal.authorName, requester: proposal.author });
    return { runId: made.id, outcome: `run ${made.id} started` };
  }
  if (run === null) throw new TemperError("not_found", `The run of proposal ${proposal.id} is gone.`, { proposal: proposal.id });
  const done = (outcome: string): Applied => ({ runId: run.id, outcome });
  switch (body.kind) {
    case "steer": {
      const wish = await addDirective(store, run, { text: body.text, author: proposal.authorName, body: body.wish });
      return done(`wish ${wish.id} holds from the next decision on`);
    }
    case "forget":
      await revokeDirective(store, run, { id: body.directive, author });
      return done(`wish ${body.directive} no longer holds`);
    case "budget": {
      const change = describeBudgetChange(run.config, body.change);
      await changeBudget(store, run, { change: body.change, author });
      return done(change);
    }
    case "standing": {
      const { actionType, deviceHours, until } = body;
      const standing = await addStanding(store, run, { wish: { actionType, deviceHours, until }, by: author, role: person.role });
      const answered = standing.answered.map((question) => question.id).join(", ");
      return done(`standing approval ${standing.id}: ${describeStanding(standing)}${answered === "" ? "" : `; it answers ${answered}`}`);
    }
    case "revoke-standing": {
      const ids = body.standing.map(({ id }) => id);
      for (const id of ids) await revokeStanding(store, run, { id, by: author, role: person.role });
      return done(`${ids.join(", ")} no longer ${ids.length === 1 ? "holds" : "hold"}; what runs goes on`);
    }
    case "extend": {
      const { added, prepared, compared = [], estimate } = body;
      await extendRun(store, run, { added, prepared, compared, estimate, person, now });
      return done(`${describeAdded(added)} joined ${run.name}`);
    }
    case "cancel-trial":
      await cancelTrial(store, run, { trial: body.trial, author });
      return done(`trial ${body.trial} is being cancelled`);
    case "control": {
      if (body.to === "stop") await stopRun(store, run, { now: false, author });
      else await (body.to === "pause" ? pauseRun : resumeRun)(store, run, { author });
      return done({ stop: "stops after what is under way", pause: "paused", resume: "goes on" }[body.to]);
    }
  }
}
