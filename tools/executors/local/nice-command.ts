import { getPriority } from "node:os";

/** So nice are jobs where a run's config says nothing. */
const defaultNiceness = 10;

/**
 * How a program is started for jobs: nicer than this process, so that what drives runs and answers people is not held up by
 * trainings on the same cores. Where there is no other work, jobs are as fast as before.
 * @param niceness 0 to 19; never less than this process's own, which only root may undercut.
 */
export function niceCommand(program: string, niceness: number = defaultNiceness): [string, ...string[]] {
  const more = niceness - getPriority();
  return more > 0 ? ["nice", "-n", String(more), program] : [program];
}
