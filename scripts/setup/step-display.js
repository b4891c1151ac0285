const barWidth = 14;

/** `[#########-----]` */
export function bar(fraction) {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * barWidth);
  return `[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}]`;
}

/** `about 70 s left`; empty while there is too little to go by. */
export function timeLeft(fraction, elapsedMs) {
  if (fraction < 0.03 || elapsedMs < 4000 || fraction >= 1) return "";
  const seconds = ((elapsedMs / fraction) * (1 - fraction)) / 1000;
  if (seconds >= 90) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.max(5, Math.round(seconds / 5) * 5)} s left`;
}

/** ` 2/3 Python packages  torch 2.13.0    [#########-----]  63 %   about 70 s left` */
export function stepLine({ step, of, title, current, fraction, elapsedMs }) {
  const head = ` ${step}/${of} ${title.padEnd(16)}`;
  const percent = `${Math.floor(fraction * 100)
    .toString()
    .padStart(3)} %`;
  return `${head}  ${current.padEnd(28).slice(0, 28)}  ${bar(fraction)} ${percent}   ${timeLeft(fraction, elapsedMs)}`.trimEnd();
}

/**
 * Shows one step: a line that is rewritten on a terminal, a line every 15 s in a pipe. `update` may be called as often
 * as one likes.
 */
export function createStepDisplay(stream, { step, of, title, now = Date.now }) {
  const startedAt = now();
  const everyMs = stream.isTTY ? 100 : 15_000;
  let shownAt = Number.NEGATIVE_INFINITY;
  const clear = stream.isTTY ? "\r\u001b[2K" : "";
  return {
    update({ current, fraction }) {
      if (now() - shownAt < everyMs) return;
      shownAt = now();
      const line = stepLine({ step, of, title, current, fraction, elapsedMs: now() - startedAt });
      stream.write(stream.isTTY ? clear + line.slice(0, Math.max(20, (stream.columns ?? 100) - 1)) : `${line}\n`);
    },
    done(note) {
      const seconds = Math.round((now() - startedAt) / 1000);
      stream.write(`${clear} ${step}/${of} ${title.padEnd(16)}  ${note ?? `done (${seconds} s)`}\n`);
    },
    failed() {
      if (stream.isTTY) stream.write("\n");
    },
  };
}
