import { enableCompileCache } from "node:module";
import { endWithLauncher } from "./end-with-launcher.ts";

// Before anything else is loaded: halves the start of commands that need the graphs.
enableCompileCache();
endWithLauncher();
const { exitCodes } = await import("./exit-code.ts");
const { createProcessTerminal } = await import("./process-terminal.ts");
const { runTerminal } = await import("./run-terminal.ts");

const terminal = createProcessTerminal();
// Node itself would print all of the error, with whatever a library hung on it, past the redactor.
process.on("uncaughtException", (error) => {
  terminal.err(`${error.stack ?? error.message}\n`);
  process.exit(exitCodes.failed);
});
process.exitCode = await runTerminal(process.argv.slice(2), terminal);
// Whatever a library left open must not hold the person's prompt.
setTimeout(() => process.exit(), 2000).unref();
