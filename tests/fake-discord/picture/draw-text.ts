import { colours } from "./colours.ts";
import { column, row, type Element } from "./element.ts";
import { parseMarkdown, type Block, type Names, type Span } from "./parse-markdown.ts";

/** How a text is set. */
export interface TextLook {
  size: number;
  color: string;
  names: Names;
}

const headingSizes = [0, 24, 20, 17];

function styleOf(span: Span): Record<string, string | number> {
  const style: Record<string, string | number> = {};
  if (span.bold) Object.assign(style, { fontWeight: 700, color: colours.strong });
  if (span.italic) style["fontStyle"] = "italic";
  if (span.struck) style["textDecoration"] = "line-through";
  if (span.kind === "link") style["color"] = colours.link;
  if (span.kind === "mention")
    Object.assign(style, { color: colours.mention, backgroundColor: colours.mentionBackground, borderRadius: 3, padding: "0 2px" });
  if (span.kind === "time") Object.assign(style, { backgroundColor: "#3f4147", borderRadius: 3, padding: "0 2px" });
  if (span.kind === "code")
    Object.assign(style, {
      fontFamily: "DejaVu Sans Mono",
      fontSize: "0.87em",
      backgroundColor: colours.code,
      borderRadius: 4,
      padding: "1px 4px",
    });
  return style;
}

/** Words are boxes of their own, so that a line of several styles wraps; spaces stay at the end of the word before. */
function drawSpans(spans: Span[]): Element[] {
  return spans.flatMap((span) => {
    const words = span.kind === "text" || span.kind === "link" ? (span.text.match(/\s*\S+\s*|\s+/g) ?? []) : [span.text];
    return words.map((word) =>
      row({ whiteSpace: "pre-wrap", maxWidth: "100%", ...styleOf(span) }, word.trim() === "" ? word.replaceAll(" ", "\u00a0") : word),
    );
  });
}

function drawBlock(block: Block, look: TextLook): Element {
  if (block.kind === "code")
    return column(
      {
        backgroundColor: colours.code,
        border: `1px solid ${colours.line}`,
        borderRadius: 6,
        padding: 10,
        margin: "4px 0",
        fontFamily: "DejaVu Sans Mono",
        fontSize: look.size * 0.85,
      },
      ...block.lines.map((line) => row({ whiteSpace: "pre-wrap" }, line === "" ? " " : line)),
    );
  const size = block.isSmall ? look.size * 0.85 : headingSizes[block.level] || look.size;
  const text = row(
    {
      flexWrap: "wrap",
      flexShrink: 1,
      maxWidth: "100%",
      fontSize: size,
      minHeight: block.spans.length === 0 ? size * 0.75 : size * 1.4,
      alignItems: "baseline",
      lineHeight: 1.4,
      color: block.isSmall ? colours.muted : look.color,
      ...(block.level > 0 ? { fontWeight: 700, color: colours.strong, marginTop: 6, marginBottom: 2 } : {}),
    },
    ...drawSpans(block.spans),
  );
  if (block.bullet) return row({ paddingLeft: 6 }, row({ width: 16, fontSize: size, lineHeight: 1.4 }, "•"), text);
  if (block.isQuote) return row({ borderLeft: `4px solid ${colours.line}`, paddingLeft: 10 }, text);
  return text;
}

/** Sets a text in Discord's Markdown. */
export function drawText(text: string, look: TextLook): Element {
  return column({ color: look.color, maxWidth: "100%" }, ...parseMarkdown(text, look.names).map((block) => drawBlock(block, look)));
}
