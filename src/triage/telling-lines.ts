const telling = /error|exception|out of memory|killed|cannot|could not|not found|no such|invalid|refused|denied|failed|fatal|nan\b/i;
/** Lines of Python's and torch's own that say where, not what. */
const frames = /^\s*(File "|\^+|~+|Traceback|warnings?\.warn)/;
const longestLine = 240;

/** The lines of a log that say most about what went wrong, in their order: at most `count`, the last ones; without any, the end of the log. */
export function tellingLines(log: string, count = 4): string[] {
  const lines = log
    .split("\n")
    .map((line) => line.trim().slice(0, longestLine))
    .filter((line) => line !== "" && !frames.test(line));
  const found = lines.filter((line) => telling.test(line));
  const kept = found.length > 0 ? found : lines;
  return kept.filter((line, index) => kept.indexOf(line) === index).slice(-count);
}
