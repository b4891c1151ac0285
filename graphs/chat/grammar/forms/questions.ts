import type { Form } from "../intent.ts";

const notWords =
  /^(?:not|did(?:n't| you not| we not| it not)|do(?:n't| you not| we not)|does(?:n't| it not)|was(?:n't)?|were(?:n't)?|is(?:n't)?|are(?:n't)?|have(?:n't| you not| we not)|has(?:n't| it not))\b/;
const negation = /n't\b|\bnot\b|\bnever\b|\binstead of\b|\brather than\b/;

/** "Why not DPO?", "why didn't you merge m3 and m9?", "what about KTO instead?" */
const whyNot: Form = (text) => {
  const why = /^(?:why|how come)(?: you| we| it)?\s+(.+)$/.exec(text);
  const rest = why?.[1] ?? "";
  if (why !== null && notWords.test(rest) && negation.test(rest)) {
    return {
      kind: "why-not",
      about: rest
        .replace(negation, " ")
        .replace(/^(?:did|do|does|was|were|is|are|have|has)\s+/, "")
        .trim(),
    };
  }
  const other =
    /^(?:what (?:speaks|spoke|is there) against|what is wrong with|what kept you from|any reason not to|reasons? against|why (?:avoid|skip|ignore|leave out))\s+(.+)$/.exec(
      text,
    );
  return other === null ? null : { kind: "why-not", about: other[1] ?? "" };
};

const whyForms = [
  /^(?:why|how come)\b\s*(.*)$/,
  /^(?:explain|justify|describe)\s+(.+)$/,
  /^(?:what(?: was| is| were)?|give) (?:the |your )?(?:reasons?|reasoning|rationale|thinking|idea|logic|evidence|case|motivation|basis)(?: behind| for| of| on)?\s*(.*)$/,
  /^(?:for what reason|on what grounds|what (?:made|led) you(?: to)?|what speaks for|what is the point of|what was the point of)\s*(.*)$/,
  /^(?:the )?(?:reason|reasoning|rationale)s?(?: for| behind| of)\s+(.+)$/,
  /^how (?:was|were|did|is) (?!you\b)(.+?) (?:made|chosen|picked|selected|built|trained|created|come about|come to be|decided|happen)(?: on)?$/,
  /^(?:tell me )?(?:more )?about ((?:m\d+|trial #?\d+|this|that|the (?:best|latest|last)).*)$/,
  /^what (?:is|was|are) ((?:m\d+|trial #?\d+)\b(?!.*\b(?:logging|printing|saying|doing)\b).*)$/,
  /^what (?:came|became|has become) of ((?:m\d+|trial #?\d+|this|that|the (?:best|latest|last)).*)$/,
  /^(?:how|what) did ((?:m\d+|trial #?\d+)\b.*?) (?:do|turn out|go|score)$/,
  /^how did you (?:come up with|choose|pick|decide on|arrive at|get to|select) (.+)$/,
  /^who (?:chose|picked|decided on|approved|rejected) (.+)$/,
];

const why: Form = (text) => {
  for (const form of whyForms) {
    const match = form.exec(text);
    if (match === null) continue;
    const about = match[1] ?? "";
    if (/\b(?:paused|stopped|stuck|slow|waiting|taking so long)\b/.test(about) && !/m\d|trial/.test(about)) return { kind: "status" };
    return { kind: "why", about };
  }
  return /^(?:m\d+|trial #?\d+|#\d+)$/.test(text) ? { kind: "why", about: text } : null;
};

const compareForms = [
  /^(?:is|are|was|has) (.+?) (?:really |actually |truly |significantly |clearly |any |much |even |just |now )*(?:better|worse|stronger|weaker|ahead|different|an improvement|as good|no better|superior|preferable)(?: than| as| over| on| of| from| to)+ (.+)$/,
  /^how (?!did you|do you)(?:much |does |do |did |well does |well do |good is )*(?:better |worse )?(?:is |are )?(.+?) (?:compare|do|stand|fare|hold up|better|stack up)?\s*(?:to|with|against|than|compared to|compared with|next to|beside) (.+)$/,
  /^(?:does|do|did) (.+?) (?:really |actually )?(?:beat|outperform|improve(?: on| over| upon)?|win against|surpass|top) (.+)$/,
  /^(?:please )?(?:compare|contrast) (.+?)(?: with| to| and| against| vs\.?| versus|,) (.+)$/,
  /^(?:what is )?(?:the )?(?:paired )?(?:difference|gap|comparison|margin) (?:between|of) (.+?) (?:and|to|over|vs\.?) (.+)$/,
  /^(?:which|what|who) (?:one |model )?is (?:really )?(?:better|worse|stronger)[,:]? (.+?) or (.+)$/,
  /^(.+?) (?:vs\.?|versus|against|or) (.+)$/,
];

const compare: Form = (text) => {
  for (const form of compareForms) {
    const match = form.exec(text);
    if (match !== null && /\bm\d+\b|\btrial\b|\b(?:best|base|latest|last|this|that|it|winner)\b/.test(`${match[1]} ${match[2]}`)) {
      return { kind: "compare", a: match[1] ?? "", b: match[2] ?? "" };
    }
  }
  return null;
};

const learnedForms = [
  /^what (?:did|have|do|does|can|has) (?:you|we|it|the run)(?: all)? (?:already |now )?(?:learn(?:ed|t)?|know|find out|found out|found|discover(?:ed)?|see|seen|say|gather(?:ed)?|tell)(?: so far| until now| yet| by now)?(?:\s+(?:about|of|on|from|with|regarding)\s+(.+))?$/,
  /^(?:what are )?(?:the |your |any )?(?:lessons?|findings|insights|learnings?)(?: learnt| learned)?(?: so far)?(?:\s+(?:about|on|for|from|of|with)\s+(.+))?$/,
  /^what (?:is known|has been learnt|has been learned|was learnt|was learned|is there to know|do the trials say|does the memory say|does memory say)(?:\s+(?:about|of|on)\s+(.+))?$/,
  /^(?:what|how much|how) (?:does|do|did) (?!you\b|it\b|i\b|this\b)(.+?) (?:do|bring|help|contribute|achieve|change|give|add)(?: us| to the score| to scores)?$/,
  /^(?:does|do|did) (.+?) (?:help|hurt|work|pay off|matter|do anything|bring anything)(?: at all)?$/,
  /^(?:is|are|was) (.+?) (?:any good|useful|helpful|harmful|worth it|worthwhile|of any use|good for anything|any use)$/,
  /^how (?:useful|good|helpful|harmful|valuable|bad) (?:is|are|was) (.+)$/,
  /^what (?:is|are) the effects? of (.+)$/,
  /^(?:the )?effects? of (.+)$/,
];

const learned: Form = (text) => {
  for (const form of learnedForms) {
    const match = form.exec(text);
    if (match !== null) return { kind: "learned", about: match[1] ?? "" };
  }
  return null;
};

const nextForms = [
  /^next$/,
  /^what (?:would|will|should|do|are|could|shall|is|can) (?:you|we|i|it|the run|temper)\b.*\b(?:next|after this|after that|now|from here|suggest|recommend|propose|advise|planning|plan)\b/,
  /^what (?:is|comes|'s) (?:up )?next\b/,
  /^(?:the |your |any )?next (?:steps?|moves?|trials?|ideas?|experiments?|up)?$/,
  /^(?:any |your )?(?:ideas|suggestions|recommendations|proposals)\b/,
  /^(?:what is )?(?:the|your) (?:current )?plan\b/,
  /^plans?$/,
  /^where (?:would|do|should) (?:you|we) go (?:from here|next)/,
  /^what (?:looks|is|seems) (?:most )?promising/,
  /^what (?:else )?(?:is|would be) worth trying/,
  /^how (?:would|should|will) (?:you|we|it) (?:go on|continue|proceed)/,
  /^what do you (?:have in mind|intend|want to try)/,
  /^should (?:we|i) (?:go on|stop|continue)/,
];

const changesForms = [
  /^(?:what|anything|has anything|did anything)\b.*\b(?:changed?|happen(?:ed|s)?|new|different|improved?|progress)\b(.*)$/,
  /^what (?:did|have|has) (?:i|we) miss(?:ed)?\b(.*)$/,
  /^(?:catch me up|fill me in|bring me up to date|summary|summari[sz]e|recap|changes|news)\b(.*)$/,
  /^what (?:did|have) (?:you|we|it) (?:do|done|try|tried|run|achieve|achieved|get done|got done)\b(.*)$/,
  /^((?:since|in the last|over the last|during the last)\b.*)$/,
  /^how did (?:the night|last night|today|yesterday|it) go\b(.*)$/,
];

const changes: Form = (text) => {
  const isTimed =
    /\b(?:since|yesterday|today|overnight|last night|this morning|lately|recently|in the (?:last|past)|over the (?:last|past)|ago|while i was|miss|up to date|fill me in|catch me|recap|changes|changed|news|summar|new)\b/.test(
      text,
    );
  if (!isTimed) return null;
  return changesForms.some((form) => form.test(text)) ? { kind: "changes", since: text } : null;
};

const sources: Form = (text) =>
  /^(?:the |your |any |cite |list |what are )*(?:sources?|references|citations)(?: for (?:that|this|it)| of that| please)?$/.test(text) ||
  /^(?:where|from where) (?:does|do|did|is) (?:that|this|it|you|these|those).*(?:from|come|get|got|have)/.test(text) ||
  /^how do you know(?: that| this| all that)?$/.test(text) ||
  /^(?:prove|back) (?:it|that|this)(?: up)?$/.test(text) ||
  /^(?:what is |what are )?(?:that|this|it|those numbers|these numbers) based on/.test(text) ||
  /^(?:what is (?:that|this|it) based on|says who|says which record|on what evidence|what is (?:the|your) (?:source|evidence)(?: for (?:that|this|it))?|can (?:i|you) (?:check|verify) that|which records?(?: say (?:that|so))?)$/.test(
    text,
  ) ||
  /^(?:show|list|name|cite|give)(?: me)? (?:the |your |me )*(?:sources?|evidence|records|references)(?: for (?:that|this|it))?$/.test(
    text,
  ) ||
  /^(?:the )?evidence$/.test(text) ||
  /^(?:is (?:that|this) (?:true|on record)|are you sure(?: about (?:that|this))?|the records)$/.test(text)
    ? { kind: "sources" }
    : null;

/** Questions answered from records, the more particular first. */
export const questionForms: readonly Form[] = [
  sources,
  whyNot,
  (text) => (nextForms.some((form) => form.test(text)) ? { kind: "next" } : null),
  compare,
  learned,
  changes,
  why,
];
