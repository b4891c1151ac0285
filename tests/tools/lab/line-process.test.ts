import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startLineProcess } from "#tools/lab/line-process.ts";

const script = `
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const asked = JSON.parse(line);
  if (asked === "end") { process.stderr.write("out of luck"); process.exit(3); }
  process.stdout.write(JSON.stringify({ asked, names: Object.keys(process.env).filter((name) => name.startsWith("LAB_")) }) + "\\n");
});`;
const answer = z.strictObject({ asked: z.string(), names: z.array(z.string()) });

describe("a process that answers lines", () => {
  it("answers in the order of the questions, and sees no other environment than it is given", async () => {
    const worker = startLineProcess({ command: process.execPath, parameters: ["-e", script], environment: { LAB_OWN: "1" } });
    const answers = await Promise.all(["a", "b", "c"].map((each) => worker.ask(each, answer)));
    await worker.close();
    expect(answers).toEqual(["a", "b", "c"].map((asked) => ({ asked, names: ["LAB_OWN"] })));
  });

  it("says what it said last when it ends instead of answering", async () => {
    const worker = startLineProcess({ command: process.execPath, parameters: ["-e", script], environment: {} });
    await expect(worker.ask("end", answer)).rejects.toThrow(/ended instead of answering: out of luck/);
    await worker.close();
  });
});
