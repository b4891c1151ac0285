import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadServerConfig, parseServerConfig } from "#src/server/load-server-config.ts";
import { roleOf } from "#src/server/role-of.ts";
import { serverConfigSchema } from "#src/server/server-config.ts";

describe("server.yaml", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "temper-server-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("counts the catalogue's paths from its own directory, and leaves hub ids and the tiny world alone", () => {
    writeFileSync(join(directory, "math.jsonl"), "");
    const text =
      "catalogue:\n  models: { gemma: { path: google/gemma-2-2b }, tiny: { path: 'tiny-world:S/base' } }\n  datasets: { math: { path: ./math.jsonl } }\n";
    const { catalogue } = parseServerConfig(text, join(directory, "server.yaml"));
    expect(catalogue.datasets["math"]?.path).toBe(join(directory, "math.jsonl"));
    expect(catalogue.models).toMatchObject({ gemma: { path: "google/gemma-2-2b" }, tiny: { path: "tiny-world:S/base" } });
  });

  it("counts the token's file from its own directory", () => {
    const { discord } = parseServerConfig("discord: { token_file: secret/token, guilds: {} }\n", join(directory, "server.yaml"));
    expect(discord?.token_file).toBe(join(directory, "secret/token"));
  });

  it.each([
    ["catalogue:\n  datasets: { math: { path: ./gone.jsonl } }\n", /server\.yaml:2:\d+ .*no such file or directory: \.\/gone\.jsonl/],
    ["discord:\n  guilds: { 12345678: { roles: { trainers: aprover } } }\n", /server\.yaml:2:\d+ .*trainers/],
    ["time_zone: Berlin\n", /time_zone.*no IANA time zone/],
    ["approval: { over: { devce_hours: 1 } }\n", /devce_hours — unknown key.*device_hours/],
  ])("names the line of what is wrong: %j", (text, message) => {
    expect(() => parseServerConfig(text, join(directory, "server.yaml"))).toThrow(message);
  });

  it("says where to begin when there is none", async () => {
    await expect(loadServerConfig(join(directory, "server.yaml"))).rejects.toThrow("there is no such file. docs/server.md");
  });
});

describe("roles in Discord", () => {
  const server = serverConfigSchema.parse({
    discord: {
      guilds: { 11111: { roles: { trainers: "approver", everyone: "viewer", 777: "operator" }, users: { 42424: "owner" } }, 22222: {} },
    },
  });
  const member = { guild: "11111", userId: "1", roleIds: [], roleNames: [] };

  it.each([
    ["by name", { ...member, roleNames: ["trainers"] }, "approver"],
    ["by id", { ...member, roleIds: ["777"] }, "operator"],
    ["the strongest of several", { ...member, roleNames: ["everyone", "trainers"] }, "approver"],
    ["of a single member", { ...member, userId: "42424", roleNames: ["everyone"] }, "owner"],
    ["none without a role", member, null],
    ["none in a server that gives no roles", { ...member, guild: "22222", roleNames: ["trainers"] }, null],
    ["none in a server that is not the owner's", { ...member, guild: "33333", roleNames: ["trainers"] }, null],
    ["none by a name of JavaScript's own", { ...member, roleNames: ["constructor", "__proto__"] }, null],
  ])("are given %s", (_, who, role) => {
    expect(roleOf(server, who)).toBe(role);
  });
});
