/** A few lines at the bottom of a terminal that are redrawn in place, with ordinary lines printed above them. */
export interface LiveBlock {
  /** Draws the block anew. */
  show(lines: readonly string[]): void;
  /** Prints a line that stays, above the block. */
  print(line: string): void;
  /** Takes the block away. */
  clear(): void;
}

const draw = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

/** On a terminal: cursor codes. `columns` of drawn lines must not exceed the terminal's width. */
export function createTerminalBlock(write: (text: string) => void): LiveBlock {
  let shown: readonly string[] = [];
  const erase = () => (shown.length === 0 ? "" : `\u001b[${shown.length}A\r\u001b[0J`);
  return {
    show(lines) {
      if (lines.length === shown.length && lines.every((line, index) => line === shown[index])) return;
      write(erase() + draw(lines));
      shown = [...lines];
    },
    print(line) {
      write(`${erase()}${line}\n${draw(shown)}`);
    },
    clear() {
      write(erase());
      shown = [];
    },
  };
}

/** In a pipe: only lines that stay, and the last line of the block every `everyMs`, so that a log shows that something goes on. */
export function createPlainBlock(write: (text: string) => void, now: () => Date, everyMs = 30_000): LiveBlock {
  let shownAt = now().getTime();
  return {
    show(lines) {
      const last = lines.at(-1);
      if (last === undefined || now().getTime() - shownAt < everyMs) return;
      shownAt = now().getTime();
      write(`${last.trim()}\n`);
    },
    print: (line) => write(`${line}\n`),
    clear: () => undefined,
  };
}
