import type { Form } from "../intent.ts";

const kind = String.raw`(?:(?:all|any|every|more|further|new|the) )*(?<kind>[a-z][\w-]*?)?s?(?: (?:trainings?|trials?|jobs?|runs?|actions?))?`;
const unasked = "(?:by yourself|on your own|automatically|beforehand|unasked|without (?:asking|a question)(?: (?:me|us))?)";
const yes =
  "(?:yes(?: beforehand)?|approval beforehand|(?:standing|automatic|blanket) (?:yes|approval)|pre-?approval|what was approved beforehand)";

const numbered = [
  new RegExp(
    String.raw`^(?:revoke|take back|withdraw|cancel|undo|end|retract|drop|remove) (?:the |my |our )?(?:${yes})(?: number| no\.?)? ?#?(?:\S+-)?[sy]?(?<number>\d+)$`,
  ),
  /^(?:revoke|take back|withdraw|undo|retract) (?:\S+-)?[sy](?<number>\d+)$/,
  /^(?:the )?(?:yes|standing approval) (?:\S+-)?[sy]?(?<number>\d+) (?:no longer holds|is over|is void|should end|can go|is taken back)$/,
];
const worded = [
  new RegExp(
    `^(?:stop|quit|no more|no longer|never|do not|don't) (?:approv(?:e|ing)|allow(?:ing)?|say(?:ing)? yes to|let(?:ting)? through|start(?:ing)?)(?: ${kind})? ${unasked}(?: any ?more| again)?$`,
  ),
  new RegExp(
    `^(?:no more|no|stop the|end the|without) (?:automatic|standing|blanket) (?:yes(?:es)?|approvals?)(?: (?:for|to|of) ${kind})?$`,
  ),
  new RegExp(
    String.raw`^(?:revoke|take back|withdraw|undo|retract|end) (?:all |every |the |my |our )*(?:${yes}|(?:yes(?:es)?|approvals?) beforehand|(?:standing|automatic) (?:yeses|approvals))(?: (?:for|to|of) ${kind})?$`,
  ),
  new RegExp(`^ask (?:me|us) (?:again )?(?:before|about) (?:every|each|any|all) ${kind}(?: again| from now on)?$`),
];

/** "Revoke yes s2", "stop approving dpo by yourself": which yes is meant is read by the run's own names. */
export const revokeStanding: Form = (text) => {
  for (const form of numbered) {
    const number = form.exec(text)?.groups?.["number"];
    if (number !== undefined) return { kind: "revoke-standing", which: `s${number}` };
  }
  for (const form of worded) {
    const found = form.exec(text);
    if (found !== null) return { kind: "revoke-standing", which: found.groups?.["kind"] ?? "everything" };
  }
  return null;
};
