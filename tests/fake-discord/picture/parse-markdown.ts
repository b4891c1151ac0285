/** A stretch of text in one style. */
export interface Span {
  text: string;
  bold: boolean;
  italic: boolean;
  struck: boolean;
  kind: "text" | "code" | "link" | "mention" | "time";
}

/** A line or a block of Discord's Markdown. */
export type Block =
  | { kind: "line"; spans: Span[]; level: number; isQuote: boolean; isSmall: boolean; bullet: boolean }
  | { kind: "code"; lines: string[] };

/** Puts names in place of ids and times. */
export interface Names {
  user(id: string): string;
  role(id: string): string;
  channel(id: string): string;
  /** `<t:UNIX:STYLE>` in words. */
  time(unixSeconds: number, style: string): string;
}

type Look = Pick<Span, "bold" | "italic" | "struck">;

interface Rule {
  pattern: RegExp;
  read(match: RegExpExecArray, look: Look, names: Names): Span[];
}

const rules: Rule[] = [
  { pattern: /^\\([^A-Za-z0-9\s])/, read: ([, character = ""], look) => [{ ...look, kind: "text", text: character }] },
  { pattern: /^(`{1,2})(.+?)\1/, read: ([, , code = ""], look) => [{ ...look, kind: "code", text: code }] },
  { pattern: /^\*\*(.+?)\*\*(?!\*)/, read: ([, inner = ""], look, names) => parseSpans(inner, names, { ...look, bold: true }) },
  { pattern: /^__(.+?)__(?!_)/, read: ([, inner = ""], look, names) => parseSpans(inner, names, look) },
  { pattern: /^~~(.+?)~~/, read: ([, inner = ""], look, names) => parseSpans(inner, names, { ...look, struck: true }) },
  { pattern: /^\*(?!\s)(.+?)\*(?!\*)/, read: ([, inner = ""], look, names) => parseSpans(inner, names, { ...look, italic: true }) },
  { pattern: /^_(?!\s)(.+?)_(?!\w)/, read: ([, inner = ""], look, names) => parseSpans(inner, names, { ...look, italic: true }) },
  { pattern: /^\[([^\]]+)\]\(<?(https?:[^\s)>]+)>?\)/, read: ([, label = ""], look) => [{ ...look, kind: "link", text: label }] },
  { pattern: /^<?(https?:\/\/[^\s>]+)>?/, read: ([, url = ""], look) => [{ ...look, kind: "link", text: url }] },
  {
    pattern: /^<t:(-?\d+)(?::([tTdDfFR]))?>/,
    read: ([, seconds = "0", style = "f"], look, names) => [{ ...look, kind: "time", text: names.time(Number(seconds), style) }],
  },
  { pattern: /^<@&(\d+)>/, read: ([, id = ""], look, names) => [{ ...look, kind: "mention", text: `@${names.role(id)}` }] },
  { pattern: /^<@!?(\d+)>/, read: ([, id = ""], look, names) => [{ ...look, kind: "mention", text: `@${names.user(id)}` }] },
  { pattern: /^<#(\d+)>/, read: ([, id = ""], look, names) => [{ ...look, kind: "mention", text: `# ${names.channel(id)}` }] },
];

const plainLook: Look = { bold: false, italic: false, struck: false };

/** Parses one line's bold, italic, code, links, mentions and times. */
function parseSpans(text: string, names: Names, look: Look = plainLook): Span[] {
  const spans: Span[] = [];
  let rest = text;
  let plain = "";
  const flush = () => {
    if (plain !== "") spans.push({ ...look, kind: "text", text: plain });
    plain = "";
  };
  while (rest !== "") {
    // A single underscore inside a word (`best_so_far`) is no emphasis.
    const insideWord = /\w$/.test(plain) && rest.startsWith("_");
    const found = insideWord ? undefined : firstMatch(rest);
    if (found === undefined) {
      plain += rest[0];
      rest = rest.slice(1);
      continue;
    }
    flush();
    spans.push(...found.rule.read(found.match, look, names));
    rest = rest.slice(found.match[0].length);
  }
  flush();
  return spans;
}

function firstMatch(text: string): { rule: Rule; match: RegExpExecArray } | undefined {
  for (const rule of rules) {
    const match = rule.pattern.exec(text);
    if (match !== null) return { rule, match };
  }
  return undefined;
}

function parseLine(line: string, names: Names): Block {
  const isQuote = line.startsWith("> ");
  const unquoted = isQuote ? line.slice(2) : line;
  const level = /^(#{1,3}) /.exec(unquoted)?.[1]?.length ?? 0;
  const isSmall = unquoted.startsWith("-# ");
  const bullet = !isSmall && /^\s*[-*] /.test(unquoted);
  const text = level > 0 ? unquoted.slice(level + 1) : isSmall ? unquoted.slice(3) : unquoted.replace(/^\s*[-*] /, "");
  return { kind: "line", spans: parseSpans(text, names), level, isQuote, isSmall, bullet };
}

/** Parses the part of Discord's Markdown that bots use. */
export function parseMarkdown(text: string, names: Names): Block[] {
  return text.split(/(```[\s\S]*?```)/).flatMap((part, index): Block[] => {
    if (index % 2 === 0) {
      const trimmed = part.replace(/^\n/, "").replace(/\n$/, "");
      return trimmed === "" && part.length < 3 ? [] : trimmed.split("\n").map((line) => parseLine(line, names));
    }
    const inner = part.slice(3, -3).replace(/^[a-z]*\n/, "");
    return [{ kind: "code", lines: inner.replace(/\n$/, "").split("\n") }];
  });
}
