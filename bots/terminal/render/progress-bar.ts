const barWidth = 20;

/** `|##########----------|` */
export function progressBar(done: number, total: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.floor(share * barWidth);
  return `|${"#".repeat(filled)}${"-".repeat(barWidth - filled)}|`;
}
