import type { Form } from "../intent.ts";
import { readBudget } from "../read-budget.ts";
import { add } from "./add.ts";
import { revokeStanding } from "./revoke-standing.ts";

const startWords =
  /^(?:start|launch|begin|kick off|create|set up|spin up|open|make|do|try|i want|i need|let's (?:do|start)|we need)\s+(?:a |an |the |another |me |up |one |with )*(?:new |quick |short |small |fresh )*(?:run|search|experiment|study|exploration)\b/;
const otherStarts = [
  /^(?:new|another) (?:run|search)\b/,
  /^run (?:start|new)\b/,
  /^(?:a|one) (?:new )?(?:run|search) (?:on|with|from|of)\b/,
  /^(?:run|start|launch) (?:the )?(?!it\b|again\b|trial\b)([a-z0-9][a-z0-9-]*)(?: (?:run|template|example|search))?(?=$|[ ,]+(?:with|for|at most|using|and|up to|on|within|under|in|no more|not more)\b)/,
  /^(?:find|search for|look for) (?:me |us )?(?:a|an|the) (?:best|better|good)\b.*\b(?:model|pipeline|recipe)\b.*/,
];
const templateForms = [
  /\b(?:on|from|using|with|of|for|like|called|named|template|example)\s+(?:the )?(?:template |example |run |config |catalogue entry )?"?([a-z0-9][a-z0-9-]*-[a-z0-9-]+|(?!(?:\d+|at|up|no|most|the|a|an|trials?|gpu|device|budget|run|new|short|me|us|it)\b)[a-z][a-z0-9-]*)"?/,
  /^(?:run|start|launch) (?:the )?([a-z0-9][a-z0-9-]*)/,
];
/** Words that follow "start" and are no name. */
const noNames = new Set(["a", "an", "the", "new", "another", "run", "search", "experiment", "one", "me", "up", "start"]);

const start: Form = (text, said) => {
  if (!startWords.test(text) && !otherStarts.some((form) => form.test(text))) return null;
  const names = templateForms.map((form) => form.exec(text)?.[1]).filter((name) => name !== undefined && !noNames.has(name));
  return { kind: "start", text: said, template: names[0] ?? null, budget: readBudget(text) ?? { mode: "to" } };
};

const budgetForms = [
  /^(?:set|change|raise|lower|increase|decrease|reduce|cut|extend|double|adjust|put|bump|shrink|lift|limit|cap|restrict|keep) (?:the |this |our |my |its )*(?:budget|run|search|limits?|caps?|spending|trials|number of trials|device[- ]hours|gpu[- ]hours|money)\b/,
  /^(?:give|allow|grant) (?:it|the run|this run|yourself|us|the search) /,
  /^(?:add|allow) (?:another )?\$?\d/,
  /^(?:the )?budget (?:to|is|of|=|:|should be|becomes)? ?\$?\d/,
  /^(?:spend|use|do|run|stop after|stop at) (?:at most|no more than|not more than|up to|only|a maximum of|just|max)? ?\$?\d/,
  /^(?:make it|let it be|let it have|let it use|let it run) (?:for |up to |at most )?\$?\d/,
  /^(?:at most|no more than|not more than|max(?:imum)?|only) \$?\d.*\b(?:in all|in total|altogether|overall|for the (?:whole )?run|trials)\b/,
  /^(?:\d+|another \d+) more (?:trials|device|gpu|hours)/,
  /^(?:raise|increase|lower|extend|reduce) (?:it |that )?(?:to|by) /,
];

const changeBudget: Form = (text) => {
  if (!budgetForms.some((form) => form.test(text)) || /\b(?:per|a|each) trial\b|\bat night\b/.test(text)) return null;
  const budget = readBudget(text);
  return budget === null ? null : { kind: "change-budget", budget };
};

const revoke: Form = (text) => {
  const match =
    /^(?:revoke|take back|undo|remove|delete|drop|cancel|forget|withdraw|lift|end|retract) (?:the |my |our )?(?:wish|directive|steer|steering|ban|preference|instruction|rule)(?: number| no\.?| #| nr)?\s*#?(\d+)/.exec(
      text,
    ) ??
    /^(?:steer )?(?:revoke|unsteer|unban) #?(\d+)$/.exec(text) ??
    /^(?:wish|directive|steer|ban) #?(\d+) (?:no longer|is over|is off|off|can go|should go|does not count|is void|is not needed).*$/.exec(
      text,
    ) ??
    /^(?:never mind|ignore|no more|disregard|stop (?:following|honou?ring)|i take back) (?:the )?(?:wish|directive|steer|ban) #?(\d+)$/.exec(
      text,
    );
  return match === null ? null : { kind: "revoke", wish: Number(match[1]) };
};

const cancel: Form = (text) => {
  const match =
    /^(?:cancel|kill|abort|end|stop|terminate|halt|skip|drop|interrupt|quit|give up(?: on)?) (?:the )?(?:trial|training|job|experiment|#)(?: number| no\.?| of trial)? ?#?(\d+)(?: now| at once| immediately)?$/.exec(
      text,
    ) ??
    /^(?:cancel|kill|abort|terminate) #?(\d+)$/.exec(text) ??
    /^(?:trial|#)\s*#?(\d+) (?:should (?:stop|end|be (?:cancelled|canceled|killed|stopped))|can (?:stop|be cancelled|be killed)|must stop)$/.exec(
      text,
    );
  return match === null ? null : { kind: "cancel", trial: Number(match[1]) };
};

const runWords =
  "(?: (?:the |this |that |my |our )?(?:run|search|it|everything|all|whole thing|whole run|work|new trials|now)(?: now| for now| for a while| for today| again)?)?";
const controls: readonly (readonly ["pause" | "resume" | "stop", readonly RegExp[]])[] = [
  [
    "pause",
    [
      new RegExp(`^(?:run )?(?:pause|hold|suspend|freeze|take a break|wait|hold on)${runWords}$`),
      /^(?:start no (?:new|more) trials|no new trials(?: for now)?|put (?:it|the run) on hold|pause .*run)$/,
    ],
  ],
  [
    "resume",
    [
      new RegExp(`^(?:run )?(?:resume|continue|unpause|go on|carry on|proceed|unfreeze|keep going|restart)(?: with)?${runWords}$`),
      /^(?:start (?:it |the run )?again|resume .*run|take (?:it|the run) off hold)$/,
    ],
  ],
  [
    "stop",
    [
      new RegExp(`^(?:run )?(?:stop|end|finish|abort|quit|halt|terminate|kill|shut down|wrap up)${runWords}$`),
      /^(?:stop .*\brun|call it a day|that is enough|we are done|enough)$/,
    ],
  ],
];

const control: Form = (text) => {
  const found = controls.find(([, forms]) => forms.some((form) => form.test(text)));
  return found === undefined ? null : { kind: "control", to: found[0] };
};

const decide: Form = (text) =>
  /^(?:i )?(?:approve|reject|accept|deny|decline|confirm)d?(?: (?:it|this|that|them|all|everything|a\d+|p\d+|\S+-a\d+|trial #?\d+|the (?:training|card|merge|trial|plan|approval|request)s?|baselines|finalize))*$/.test(
    text,
  ) ||
  /^(?:yes|yep|no|nope|yes please|go ahead|do it|go for it|lgtm|sure|approved|rejected|fine by me|you may|permission granted|green light)(?: (?:with it|approve it|then))?$/.test(
    text,
  )
    ? { kind: "decide" }
    : null;

const steerForms = [
  /^(?:steer[: ]+)(?=\S)/,
  /^(?:stop|ban|avoid|never|no more|leave out|drop|don't|do not|without|skip|exclude|forbid|quit|enough of) (?:using|use|training|train|merging|merge|try|trying|any|more|doing|do|[a-z0-9_]+)/,
  /^(?:prefer|try more|more|do more|use more|favou?r|lean towards?|like) \S/,
  /^(?:weigh|weight) \S+/,
  /^.+? (?:matters?|counts?|weighs?|is (?:twice|three times|half) as important|should (?:count|matter|weigh))\b/,
  /^\S+ (?:x|×|\*) ?\d/,
  /^(?:cap|limit|at most|no more than|not over|no (?:run|trial|training|job)s? (?:over|above|longer than|of more than)|nothing (?:over|above|longer than)|only (?:short|small) (?:runs|trials))\b/,
  /^(?:focus(?: on)?|aim for|concentrate on|look for|go for)[: ]/,
  /^(?:at night|by night|during the night|from \d{1,2}(?::\d{2})? )/,
];

const steer: Form = (text, said) =>
  steerForms.some((form) => form.test(text)) ? { kind: "steer", text: said.replace(/^steer[: ]+/i, "") } : null;

/** "Approve all SFT up to 5 device-hours until tomorrow evening": the words after it are read by the run's own names. */
const standing: Form = (text, said) => {
  const match =
    /^(?:(?:approve|allow|permit|ok|okay|accept|confirm|wave through|let through|pre-?approve|green-?light|say yes to|yes to) )?(?:all |every |any |each )?(?:of )?(?:the )?(?:new |further |coming )?(\S+?)(?: (?:trainings?|trials?|jobs?|runs?|merges?|actions?))?,? (?:up to|at most|for up to|within|no more than) ([\d.]+) ?(?:more )?((?:device|gpu)[- ]?hours?|hours?|h)(?: in all| in total| altogether| together)?,? (?:until|till) (\S+(?: \d{1,2}:\d{2})?)(?: without (?:asking|a question))?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, kind = "", amount = "", , until = ""] = match;
  const at = text.lastIndexOf(until);
  return { kind: "standing", text: `${kind} up to ${amount} device-hours until ${said.slice(at, at + until.length)}` };
};

/** What changes something: each becomes a card, or is told where it is decided. */
export const wishForms: readonly Form[] = [start, add, changeBudget, steer];

/** Those that are looked for before questions: their words mean nothing else. */
export const firstWishForms: readonly Form[] = [revokeStanding, revoke, cancel, control, decide, standing];
