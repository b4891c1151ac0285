/** What one Discord message holds. */
export const longestMessage = 2000;
const fence = "```";

/** Where a piece best ends: after a paragraph, a line or a word. */
function breakAt(text: string, room: number): number {
  for (const mark of ["\n\n", "\n", " "]) {
    const place = text.lastIndexOf(mark, room - mark.length);
    if (place > room / 2) return place + mark.length;
  }
  // Never between the halves of one character.
  const code = text.charCodeAt(room - 1);
  return code >= 0xd800 && code <= 0xdbff ? room - 1 : room;
}

function isInsideFence(text: string): boolean {
  return text.split(fence).length % 2 === 0;
}

/** Splits a text into messages, at line ends where it can; a code block that is cut is closed and opened again. */
export function splitText(text: string, longest = longestMessage): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > longest) {
    const end = breakAt(rest, longest - fence.length - 1);
    const piece = rest.slice(0, end).trimEnd();
    const isCut = isInsideFence(piece);
    pieces.push(isCut ? `${piece}\n${fence}` : piece);
    rest = `${isCut ? `${fence}\n` : ""}${rest.slice(end).trimStart()}`;
  }
  return rest === "" ? pieces : [...pieces, rest];
}
