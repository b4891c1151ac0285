import type { ConfigPath } from "../../config/config-source.ts";
import type { RunConfig } from "../../config/run-config.ts";
import type { ChatRunInput } from "./run-from-chat.ts";

type Limits = Readonly<Record<string, number | undefined>>;
type Problem = { path: ConfigPath; message: string };

const budgetCaps = ["trials", "steps", "device_hours", "usd", "llm_usd", "llm_tokens", "disk_gb"] as const;

/** The tighter of two limits, where either may be missing. */
function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

/** Each wish within its ceiling; a wish that is left out is the ceiling. */
function within(wishes: Limits, ceilings: Limits, place: readonly string[], problems: Problem[]): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const name of new Set([...Object.keys(wishes), ...Object.keys(ceilings)])) {
    const [wish, ceiling] = [wishes[name], ceilings[name]];
    if (wish !== undefined && ceiling !== undefined && wish > ceiling)
      problems.push({
        path: [...place, name],
        message: `${wish} is above the owner's limit of ${ceiling}: by chat limits can only be tightened`,
      });
    const limit = wish ?? ceiling;
    if (limit !== undefined) limits[name] = limit;
  }
  return limits;
}

/** Budget and approvals of a run that was asked for by chat. What goes over the owner's limits is added to `problems`. */
export function tighten({ ask, server, template }: ChatRunInput, problems: Problem[]): Pick<RunConfig, "budget"> & { approval: object } {
  const { caps, approval: owners } = server;
  const ceilings = Object.fromEntries(budgetCaps.map((name) => [name, least(template?.budget[name], caps[name])]));
  const budget = within(ask.budget ?? {}, ceilings, ["budget"], problems);
  const theirs = template?.approval;
  const over = {
    device_hours: least(theirs?.over.device_hours, owners.over.device_hours),
    usd: least(theirs?.over.usd, owners.over.usd),
  };
  const two = {
    device_hours: least(theirs?.two_approvers_over?.device_hours, owners.two_approvers_over?.device_hours),
    usd: least(theirs?.two_approvers_over?.usd, owners.two_approvers_over?.usd),
  };
  const expires = { expires_hours: least(theirs?.expires_hours, owners.expires_hours) };
  const second = within(ask.approval?.two_approvers_over ?? {}, two, ["approval", "two_approvers_over"], problems);
  return {
    budget: {
      trials: budget["trials"] ?? caps.trials,
      usd_per_device_hour: template?.budget.usd_per_device_hour ?? caps.usd_per_device_hour,
      ...budget,
    },
    approval: {
      ...theirs,
      ...within({ expires_hours: ask.approval?.expires_hours }, expires, ["approval"], problems),
      over: within(ask.approval?.over ?? {}, over, ["approval", "over"], problems),
      ...(Object.keys(second).length === 0 ? {} : { two_approvers_over: second }),
      requester_may_approve_alone: owners.requester_may_approve_alone && (theirs?.requester_may_approve_alone ?? true),
      ...(ask.approval?.on_expiry === undefined ? {} : { on_expiry: ask.approval.on_expiry }),
      ...(ask.approval?.max_pending === undefined ? {} : { max_pending: ask.approval.max_pending }),
    },
  };
}
