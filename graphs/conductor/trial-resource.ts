/** Name of a trial's lease. */
export function trialResource(runId: string, number: number): string {
  return `run:${runId}:trial:${number}`;
}
