const [boldOn, boldOff] = ["\u001B[1m", "\u001B[22m"];

/** Control characters of whoever wrote the text must not reach the terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are what is taken out
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B]/g;

/** Markdown of a reply as a terminal shows it: bold where there are colours, code blocks indented, escapes taken off. */
export function renderChatText(markdown: string, { isStyled }: { isStyled: boolean }): string {
  return markdown
    .replaceAll(controls, "")
    .split("```")
    .map((part, index) => {
      if (index % 2 === 1)
        return part
          .replace(/^\n/, "")
          .replaceAll(/^(?=.)/gm, "  ")
          .trimEnd();
      const strong = part.replaceAll(/\*\*([^*]+(?:\\\*[^*]*)*)\*\*/g, isStyled ? `${boldOn}$1${boldOff}` : "$1");
      return strong.replaceAll(/\\([\\`*_~|<>#+.)-])/g, "$1");
    })
    .join("")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
