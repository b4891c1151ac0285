import type { Terminal } from "../terminal.ts";

/** What Ctrl-C means while a run goes on: once = no new trials; twice = leave now, jobs go on; three times = at once. */
export interface Interrupts {
  drain: AbortSignal;
  leave: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** Listens to Ctrl-C. `say` prints above the live block; `comeBack` is the command that goes on with the run. */
export function listenToInterrupts(terminal: Terminal, say: (line: string) => void, comeBack: string): Interrupts {
  const drain = new AbortController();
  const leave = new AbortController();
  const release = terminal.onInterrupt(() => {
    if (leave.signal.aborted) terminal.leaveNow(1);
    else if (drain.signal.aborted) {
      say(`Leaving. Jobs under way go on by themselves; their results are taken up by: ${comeBack}`);
      leave.abort();
    } else {
      say("No new trials; those under way are finished. Ctrl-C again leaves now, and jobs go on by themselves.");
      say(`Come back with: ${comeBack}   End it for good with: temper stop --now`);
      drain.abort();
    }
  });
  return { drain: drain.signal, leave: leave.signal, release };
}
