import { ConfigError, TemperError } from "#src/errors.ts";
import { codeBlock, escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";

const longestList = 1700;

/** What went wrong, for the person who asked; null when it is nothing that they can mend. */
export function renderError(error: unknown): string | null {
  if (error instanceof ConfigError) return `This config cannot be used:\n${codeBlock(error.message.slice(0, longestList))}`;
  if (error instanceof TemperError) return escapeMarkdown(error.message);
  return null;
}
