const openers =
  /^(?:(?:hey|hi|hello|ok|okay|so|and|but|then|well|please|pls|temper|thanks|sorry)\b[,:!.]*\s+|@temper[,:]?\s+|<@!?&?\d+>[,:]?\s*|[/!](?=[a-z]))+/i;
const requests =
  /^(?:(?:can|could|would|will) (?:you|i|we)(?: please)? (?:see |have |get )?|please |(?:do you know|i(?:'d| would)? (?:like|want|need|wonder)(?: to (?:know|see|have))?|let me (?:see|know)|let us see|let's see|remind me|tell me|tell us|show me|show us|give me|give us|say)\s+)/i;
const endings = /[\s,]*(?:please|pls|for me|for us|thanks|thank you|temper|btw|then|exactly|again|right now)$/i;

/** Takes off what politeness puts around a wish: greetings, mentions, "can you", "please", the question mark. */
export function tidy(message: string): string {
  let text = message
    .normalize("NFKC")
    .replaceAll(/[‘’`]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/\s+/g, " ")
    .trim();
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(/(?<=[^\s?!.,;:])[\s?!.,;:]+$/, "");
    text = text.replace(endings, "") || text;
    const bare = text.replace(openers, "").replace(requests, "");
    if (bare !== "") text = bare;
  }
  return text
    .replace(/\b(what|how|where|who|that|it|why)'s\b/gi, "$1 is")
    .replace(/\b(what|how|why)'d\b/gi, "$1 did")
    .trim();
}
