import { type Argument, Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { CommandHost } from "./command-host.ts";
import { addApprove } from "./commands/approve.ts";
import { addChat } from "./commands/chat.ts";
import { addCheck } from "./commands/check.ts";
import { addDemo } from "./commands/demo.ts";
import { addDb } from "./commands/db.ts";
import { addDeployCommands } from "./commands/deploy-commands.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addFetch } from "./commands/fetch.ts";
import { addFinalize } from "./commands/finalize.ts";
import { addGc } from "./commands/gc.ts";
import { addInit } from "./commands/init.ts";
import { addLeaderboard } from "./commands/leaderboard.ts";
import { addPaper } from "./commands/paper.ts";
import { addPause } from "./commands/pause.ts";
import { addPin } from "./commands/pin.ts";
import { addRecipe } from "./commands/recipe.ts";
import { addReject } from "./commands/reject.ts";
import { addRemake } from "./commands/remake.ts";
import { addReplay } from "./commands/replay.ts";
import { addReport } from "./commands/report.ts";
import { addResume } from "./commands/resume.ts";
import { addSchema } from "./commands/schema.ts";
import { addServe } from "./commands/serve.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addSteer } from "./commands/steer.ts";
import { addStop } from "./commands/stop.ts";
import { addUnpin } from "./commands/unpin.ts";
import { addWatch } from "./commands/watch.ts";
import { addWhy } from "./commands/why.ts";
import type { Terminal } from "./terminal.ts";

/** In the order of a first day with Temper: that is the order of `--help`. */
const commands = [
  addDemo,
  addInit,
  addCheck,
  addSchema,
  addFetch,
  addStart,
  addWatch,
  addStatus,
  addApprove,
  addReject,
  addWhy,
  addChat,
  addSteer,
  addPause,
  addResume,
  addStop,
  addLeaderboard,
  addReport,
  addRecipe,
  addReplay,
  addFinalize,
  addServe,
  addDeployCommands,
  addPin,
  addUnpin,
  addRemake,
  addPaper,
  addGc,
  addDoctor,
  addDb,
];

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** The whole command line. Commands load what they need when they run. */
export function createProgram(terminal: Terminal): CommandHost {
  const program = new Command("temper")
    .description("Finds language-model post-training pipelines: what to fine-tune on what, when to use preferences, what to merge.")
    .usage("<command> [options]")
    .helpCommand(false)
    .version(packageJson.version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .configureHelp({
      helpWidth: Math.min(120, terminal.columns()),
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(" "),
    })
    .showHelpAfterError("See: temper --help")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, "")),
    })
    .addHelpText(
      "after",
      "\nStart with:\n  temper demo                 see it work on a tiny model, no key, no GPU\n  temper init                 write temper.yaml for your own model and data\n  temper <command> --help     what a command does, with an example\n",
    );
  const host = new CommandHost(program, terminal);
  for (const add of commands) add(host);
  return host;
}
