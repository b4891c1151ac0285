import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { RecordingTerminal } from "#tests/bots/terminal/recording-terminal.ts";

const unit = readFileSync(fileURLToPath(new URL("../../deploy/temper.service", import.meta.url)), "utf8");
const verifier = await execa("systemd-analyze", ["--version"], { reject: false });

describe("deploy/temper.service", () => {
  it.skipIf(verifier.exitCode !== 0)("is a sound unit to systemd itself", async () => {
    const folder = mkdtempSync(join(tmpdir(), "temper-unit-"));
    const file = join(folder, "temper.service");
    // The program stands elsewhere here than on a server.
    writeFileSync(file, unit.replaceAll("/opt/temper/node_modules/node/bin/node", process.execPath));
    const { exitCode, stderr } = await execa("systemd-analyze", ["verify", "--man=no", file], { reject: false });
    expect({ exitCode, stderr: stderr.split("\n").filter((line) => line.includes("temper.service")) }).toEqual({ exitCode: 0, stderr: [] });
    rmSync(folder, { recursive: true });
  });

  it("starts a command that there is, with options that it has", async () => {
    const [, command = "", ...options] = /^ExecStart=\S+ \S+temper\.js (.*)$/m.exec(unit)?.[1]?.split(" ") ?? [];
    const name = /temper\.js (\w+)/.exec(unit)?.[1] ?? "";
    const { out } = await new RecordingTerminal({ cwd: tmpdir() }).run(name, "--help");
    for (const option of [command, ...options].filter((word) => word.startsWith("--"))) expect(out).toContain(option);
  });

  it("lets jobs live on when the process is stopped", () => {
    expect(unit).toMatch(/^KillMode=process$/m);
    expect(unit).not.toMatch(/^Private(Tmp|Devices)=(yes|true)/m);
  });
});
