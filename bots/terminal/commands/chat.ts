import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

interface ChatOptions extends CommonOptions {
  run?: string;
  server?: string;
}

/** `temper chat`: talk to Temper at the terminal, as in Discord. */
export function addChat(host: CommandHost): void {
  host
    .add("chat [words...]", "Talk to Temper: ask why, steer, see charts, answer what waits", [
      "temper chat",
      'temper chat "why was the latest merge chosen?"',
      'echo "how is it going?" | temper chat',
    ])
    .option("--run <run>", "name or id of the run (default: the one going on)")
    .option("--server <file>", "the owner's settings (default: server.yaml here, when there is one)")
    .action(
      host.handle(async (words: string[], options: ChatOptions) => {
        const { openChatSession } = await import("../chat/open-chat-session.ts");
        const { withHome } = await import("../home.ts");
        const { terminal } = host;
        const { readServerSettings } = await import("../read-server-settings.ts");
        const server = await readServerSettings(terminal, options.server ?? null);
        return withHome({ terminal, home: options.home }, (opened) =>
          openChatSession({ terminal, opened, run: options.run, server, isJson: options.json === true }, async (session) => {
            if (words.length > 0) return (await session.say(words.join(" "))) ? exitCodes.done : exitCodes.failed;
            if (terminal.isInteractive && options.json !== true) {
              await session.talk();
              return exitCodes.done;
            }
            for await (const line of terminal.lines()) if (line.trim() !== "") await session.say(line);
            return exitCodes.done;
          }),
        );
      }),
    );
}
