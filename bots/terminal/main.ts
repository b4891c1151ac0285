import { enableCompileCache } from "node:module";

// Before anything else is loaded: halves the start of commands that need the graphs.
enableCompileCache();
const { createProcessTerminal } = await import("./process-terminal.ts");
const { runTerminal } = await import("./run-terminal.ts");

process.exitCode = await runTerminal(process.argv.slice(2), createProcessTerminal());
// Whatever a library left open must not hold the person's prompt.
setTimeout(() => process.exit(), 2000).unref();
