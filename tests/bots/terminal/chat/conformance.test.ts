import { testBot, type OpenBot } from "#tests/conformance/bot.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

testBot("temper chat", {
  roles: ["owner"],
  open: async ({ home, store, run }): Promise<OpenBot> => {
    const at = (answers?: string[]) =>
      new RecordingTerminal({ cwd: home, env: { NO_COLOR: "1" }, ...(answers === undefined ? {} : { answers }) });
    return {
      async say(_, text) {
        const { out } = await at().run("chat", text, "--home", ".");
        return { text: out, hasPicture: out.includes("Picture  ") };
      },
      async wish(_, text, button) {
        const { out } = await at([text, button === "confirm" ? "y" : "n", "quit"]).run("chat", "--home", ".");
        return { asked: out, answered: out };
      },
      async decide(_, { id }, answer, reason = "") {
        const pending = await store.approvals.list(run.id, "pending");
        const later = pending
          .slice(
            0,
            pending.findIndex((each) => each.id === id),
          )
          .map(() => "");
        const { out } = await at(["approvals", ...later, ...(answer === "approve" ? ["y"] : ["n", reason])]).run("chat", "--home", ".");
        return out;
      },
      close: async () => {},
    };
  },
});
