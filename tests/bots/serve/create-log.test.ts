import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createLog } from "#bots/serve/create-log.ts";

const lineSchema = z.looseObject({ level: z.string(), time: z.iso.datetime(), text: z.string() });

describe("createLog", () => {
  const lines: string[] = [];
  const log = createLog({
    env: { DISCORD_TOKEN: 'bot"token\\123', TEMPER_DATABASE_URL: "postgres://temper:hunter22@db/temper" },
    destination: { write: (line) => void lines.push(line) },
  });

  it("writes one JSON object a line, with the ids that it is about", () => {
    log.info({ run: "three-skills.1", trial: 4, attempt: "abc-1" }, "Attempt abc-1 is done.");
    const line = lineSchema.parse(JSON.parse(lines.at(-1) ?? ""));
    expect(line).toMatchObject({ level: "info", run: "three-skills.1", trial: 4, attempt: "abc-1", text: "Attempt abc-1 is done." });
  });

  it("keeps an error's message and stack", () => {
    log.warn({ error: new Error("broken pipe") }, "It broke.");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      level: "warn",
      error: { message: "broken pipe", stack: expect.stringContaining("Error") },
    });
  });

  it("blanks secrets wherever they stand in a line", () => {
    log.info({ url: "postgres://temper:hunter22@db/temper", nested: { token: 'bot"token\\123' } }, 'with bot"token\\123');
    const line = lines.at(-1) ?? "";
    expect(line).not.toContain("hunter22");
    expect(line).not.toContain("token\\\\123");
    expect(lineSchema.parse(JSON.parse(line)).text).toBe("with ***");
  });
});
