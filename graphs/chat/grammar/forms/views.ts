import type { Figure } from "#src/explain/answers/plot-answer.ts";
import type { Form, Intent } from "../intent.ts";

/** A view without parameters, by the sentences that ask for it. */
function fixed(intent: Intent, forms: readonly RegExp[]): Form {
  return (text) => (forms.some((form) => form.test(text)) ? intent : null);
}

const status = fixed({ kind: "status" }, [
  /^(?:the |current |run |what is the |what is )*(?:status|state|progress|situation)(?: of .+| update| report| now)?$/,
  /^how (?:is|are|was) (?:it|the run|this run|things|everything|we|the search|your run|[a-z0-9-]+) (?:going|doing|coming along|progressing|looking|getting on|getting along)(?: so far| now)?$/,
  /^how (?:goes it|far (?:is it|are we|along|has it|did it).*|is (?:it|the run|the search))$/,
  /^where (?:are we|do we stand|does (?:it|the run|this) stand|is (?:it|the run)|do things stand)(?: now| at)?$/,
  /^(?:an? |any |quick |status |the )*(?:updates?|progress|progress report|news)$/,
  /^what (?:is|are) (?:going on|happening|running|it doing|the run doing|you doing|you working on|under way|up|being trained|being tried|training)(?: now| at the moment| right now| here)?$/,
  /^(?:is (?:it|the run) (?:done|finished|over|ready|still (?:running|going)|running|alive)|are (?:we|you) (?:done|finished|there)(?: yet)?)(?: yet)?$/,
  /^(?:when (?:will|is) (?:it|the run) (?:be )?(?:done|finished|finish|over|ready)|how long (?:will it take|is left|to go|does it take).*)$/,
]);

const runs = fixed({ kind: "runs" }, [
  /^(?:list |all |the |show |which |what |my |our )*runs(?: list| are there| do (?:we|you) have| exist| are going on| are running)?$/,
  /^run list$/,
  /^list (?:all )?(?:of )?(?:the )?(?:runs|searches)$/,
]);

const leaderboard: Form = (text) => {
  const isAsked =
    /\b(?:leader ?board|ranking|scoreboard|standings|league table|hall of fame)\b/.test(text) ||
    /^(?:show |list |the |what are the |which are the |your |our )*(?:top|best) ?\d* ?(?:\d+ )?(?:models?|ones?|results?|pipelines?|scores?)?(?: so far| of the run| now| are)?$/.test(
      text,
    ) ||
    /^(?:what|which|who)(?: is| are| model is| models are| one is)? (?:the |our |your |currently )*(?:best|leading|winning|winner|on top|in the lead|ahead)(?: models?| ones?| pipelines?| score)?(?: so far| right now| now| at the moment| on top)?$/.test(
      text,
    ) ||
    /^(?:rank|sort) (?:the |all )*models?/.test(text) ||
    /^(?:who|which model|what model|what) (?:leads|wins|scores (?:best|highest)|is first|scored best|did best|has the (?:best|highest) score)(?: now| so far)?$/.test(
      text,
    ) ||
    /^(?:all |the )?(?:scores|results)(?: so far| table)?$/.test(text);
  if (!isAsked) return null;
  const limit = Number(/\b(\d{1,2})\b/.exec(text)?.[1] ?? 10);
  return { kind: "leaderboard", limit: Math.min(25, Math.max(1, limit)) };
};

const figureWords: readonly (readonly [Figure, RegExp])[] = [
  ["lineage", /\b(?:lineage|family|tree|ancest\w+|pipeline|parents|graph of m\d+|how .*made|m\d+)\b/],
  ["effects", /\b(?:effects?|learnt|learned|datasets?|what (?:helps|hurts))\b/],
  ["windows", /\b(?:windows?|per 15|deviation|mean and max\w*|spread|variance)\b/],
];

const plot: Form = (text) => {
  const match =
    /^(?:plot|chart|draw|graph|visuali[sz]e|sketch|picture)\b\s*(?:of |me |us |a |the )*(.*)$/.exec(text) ??
    /^(?:show |see |a |an |the |new )*(?:plot|chart|graph|picture|figure|drawing|diagram|curve)(?: of| for| with|s)?\s*(?:the )?(.*)$/.exec(
      text,
    ) ??
    /^(?:show )?(?:the )?(lineage|family tree|ancestry|pedigree)(?: of| for)?\s*(?:.*)$/.exec(text) ??
    /^(?:show )?(?:the )?(?:learning curve|progress|best so far|score)s? (?:as a )?(?:plot|chart|graph|curve)()$/.exec(text) ??
    /^(?:show )?(?:the )?(best[ -]so[ -]far|effects (?:plot|chart))()$/.exec(text) ??
    /^what does (.*) look like$/.exec(text);
  if (match === null) return null;
  const figure = figureWords.find(([, words]) => words.test(text))?.[0] ?? "best-so-far";
  return { kind: "plot", figure, about: text };
};

const recipe: Form = (text) => {
  const match =
    /^(?:show |get |export |write |print |the |a |what is the |download |send )*recipe(?:s)?\b\s*(?:of |for |that made |behind |to )?(.*)$/.exec(
      text,
    ) ??
    /^how (?:do|can|could|would) (?:i|we|you|one|anyone) (?:reproduce|replay|rebuild|remake|make|redo|recreate|repeat) (.+)$/.exec(text) ??
    /^(?:reproduce|replay|export) (.+)$/.exec(text) ??
    /^(?:steps|instructions) (?:to (?:make|reproduce|rebuild)|for) (.+)$/.exec(text) ??
    /^(.+?)(?:'s)? recipe$/.exec(text);
  return match === null ? null : { kind: "recipe", about: match[1] ?? "" };
};

const budget = fixed({ kind: "budget" }, [
  /^(?:the |show |what is the |current |remaining |how is the |our |what is our )*(?:budget|spend|spending|costs?|expenses|bill|caps|limits)(?: status| left| so far| now| of the run| remaining| looking)?$/,
  /^how (?!many (?:trials|experiments) (?:used|merged|trained|tried) \S)(?:much|many) (?:of (?:the |our )?)?(?:budget|money|time|compute|trials|tokens|(?:gpu|device)[ -]?hours|gpu time|device time|dollars|hours)?\s*(?:is|are|was|were|has|have|did|do|does|will|have we|has it)?\b.*\b(?:left|spent|spend|used|use|cost|remain(?:s|ing)?|gone|burn(?:t|ed)?|over)\b.*$/,
  /^what (?:has|have|did|does|will) (?:it|we|you|this|the run|that|this run)(?: all)? (?:cost|spent|spend|used)(?: so far| us| until now| in all)?$/,
  /^(?:(?:can|could) we )?(?:still )?afford\b/,
  /^(?:what|how much) (?:is|has been) (?:left|spent|used)(?: of the budget| so far| to spend| over)?$/,
  /^(?:are we|is it) (?:still )?(?:within|over|under|in) (?:the )?budget$/,
]);

const trials: Form = (text) => {
  if (
    /^(?:what|which trials?|which ones|anything|has anything|did anything) (?:has |have )?(?:failed?|went wrong|crashed|broke)(?: so far)?$/.test(
      text,
    ) ||
    /^(?:the |any |list |show )*(?:failures|failed trials|errors|crashes)$/.test(text)
  ) {
    return { kind: "trials", about: "", isFailed: true };
  }
  const match =
    /^(?:search|find|list|show|look for|look up|filter|get|see)(?: all| for| the| me| any| every)* (?:(.+?) )?(?:trials?|experiments?|trainings)\b\s*(.*)$/.exec(
      text,
    ) ??
    /^(?:which|what|how many) (?:(\S+) )?(?:trials?|experiments?)\b\s*(.+)$/.exec(text) ??
    /^(?:all |the )?()(?:trials|experiments)\b\s*((?:with|that|on|of|using|by|from|about)\b.*)?$/.exec(text);
  if (match === null) return null;
  const about = `${match[1] ?? ""} ${match[2] ?? ""}`.trim();
  return { kind: "trials", about, isFailed: /\bfail\w*|crash\w*|wrong\b/.test(about) };
};

const tail: Form = (text) => {
  const match =
    /^(?:tail|logs?)\b\s*(?:of |for |from )?(.*)$/.exec(text) ??
    /^(?:show |see |print |read |get |the |last lines of |end of )*(?:logs?|output|last lines)(?: file)?(?: of| for| from)\s+(.+)$/.exec(
      text,
    ) ??
    /^what (?:does|did|is) (trial #?\d+|it|this|that) (?:print|log|say|write|printing|logging|saying|doing)$/.exec(text) ??
    /^(?:follow|watch) (trial #?\d+)$/.exec(text) ??
    /^how far is (trial #?\d+)$/.exec(text) ??
    /^(trial #?\d+) logs?$/.exec(text);
  return match === null ? null : { kind: "tail", about: match[1] ?? "" };
};

const waiting = fixed({ kind: "waiting" }, [
  /^(?:the |any |open |pending |list |show |which |what |are there any )*(?:approvals?|open questions?|cards?)(?: pending| open| waiting| are open| are waiting| wait| list)*$/,
  /^(?:what|who|which ones|anything|is anything|does anything) (?:is |are )?(?:wait(?:s|ing)?|pending|open)(?: for (?:me|us|people|approval|an approval|an answer|a decision|somebody))*$/,
  /^what (?:do|does|should|must|can) (?:you|it|the run|i|we) (?:(?:need|have|want)(?: from (?:me|us)| to (?:approve|decide)(?: on)?)+|approve|decide)$/,
  /^(?:anything|something|what is there|is there anything|what is left) (?:for me )?to (?:approve|decide)$/,
]);

const wishes = fixed({ kind: "wishes" }, [
  /^(?:the |all |list |show |standing |current |active |what are the |which |people's |our |my )*(?:wishes|directives|steers?|steering|bans|instructions|preferences)(?: list| so far| now| are (?:active|honoured|standing)| do you (?:follow|honou?r))*$/,
  /^(?:what|who) (?:did|have|has|was|were|is|are) (?:people|we|i|anyone|anybody|you|they|it)? ?(?:ask(?:ed)?|wish(?:ed)?|told|tell|steer(?:ed)?|ban(?:ned)?|want(?:ed)?|been told|told you)(?: for| you| so far| of you| to do| to avoid)*$/,
  /^what (?:is|are|was) (?:banned|forbidden|preferred|ruled out|off limits|not allowed)$/,
  /^what (?:do|must|should) you (?:avoid|honou?r|leave out|follow)$/,
]);

const info = fixed({ kind: "info" }, [
  /^(?:info|information|about|about you|version|versions|uptime|whoami|ping|health)$/,
  /^(?:what|which) (?:version|release)(?: of temper)?(?: is this| are you| do you run| is running| are you on)*$/,
  /^how long (?:have you been|are you|has (?:it|temper|the bot) been) (?:up|running|online|alive)$/,
  /^(?:who|what) are you$/,
  /^what is (?:your|the) (?:version|uptime)$/,
  /^are you (?:there|alive|online|up|ok|awake)$/,
  /^(?:bot|system|server|temper) (?:info|status|version|health)$/,
]);

const help = fixed({ kind: "help" }, [
  /^(?:help|help me|commands|usage|manual|menu|\?|examples?|list commands|start here|instructions)$/,
  /^(?:what|which) (?:can|could|do|all can|else can) (?:you|i|one|we) (?:do|say|ask|ask you|know|understand|type|tell you|use)(?: here| for me)?$/,
  /^(?:what|which) (?:are the |are your |questions|commands|things)(?:.*)(?:commands|can i ask|are there|do you (?:know|understand)|abilities|options|can you answer)$/,
  /^how (?:do|can|does) (?:i|this|one|we|it|you|temper) (?:use|work|talk to|start|ask|begin|works)(?: this| you| temper| with this| something| it)*$/,
  /^(?:hi|hello|hey|good morning|good evening|yo|moin|thanks|thank you|cheers|ok|okay|great|nice|cool)(?: there| temper| all)?$/,
  /^(?:thanks|thank you|please)$/,
]);

/** What can be looked at. */
export const viewForms: readonly Form[] = [recipe, plot, tail, runs, budget, waiting, wishes, trials, leaderboard, info, help, status];
