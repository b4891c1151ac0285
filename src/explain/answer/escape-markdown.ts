/** Between the signs that would make a mention or a link: seen by nobody, read by no client. */
const breaker = "\u200B";

/**
 * Makes text from records, configs and people safe in Markdown: it cannot format, link, ping or end a block. `@everyone`,
 * `<@1>` and addresses stay readable.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, "")
    .replaceAll(/[\\`*_~|<>]/g, String.raw`\$&`)
    .replaceAll(/\](?=[([:])/g, `]${breaker}`)
    .replaceAll(/^(\s*)([#+-])(?=\s)/gm, String.raw`$1\$2`)
    .replaceAll(/^(\s*\d+)([.)])(?=\s)/gm, String.raw`$1\$2`)
    .replaceAll("@", `@${breaker}`)
    .replaceAll("://", `:${breaker}//`);
}

/** Text in a code block, which it cannot end. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${text.replaceAll("`", "ˋ").replaceAll("@", `@${breaker}`).trimEnd()}\n\`\`\``;
}
