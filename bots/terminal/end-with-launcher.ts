/**
 * Ends this process when the launcher that started it is killed: whoever kills what they started means the whole of it.
 * Jobs go on by themselves. Does nothing where no launcher stands between (`bin/temper.js`).
 */
export function endWithLauncher(): void {
  if (process.channel == null) return;
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // Listening alone must not keep the program from ending.
  process.channel.unref();
}
