import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const folder = fileURLToPath(new URL("../../deploy", import.meta.url));
const duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const command = z.union([z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()), z.string()]);

/** The part of the Compose specification that the file uses; an unknown key is an error, as it is there. */
const composeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(
    z.string(),
    z
      .strictObject({
        image: z.string().optional(),
        build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
        restart: z.enum(["no", "always", "on-failure", "unless-stopped"]),
        environment: z.record(z.string(), z.string()).optional(),
        env_file: z.array(z.string()).optional(),
        depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).optional(),
        volumes: z.array(z.string()).default([]),
        ports: z.array(z.string()).default([]),
        secrets: z.array(z.string()).default([]),
        healthcheck: z.strictObject({
          test: command,
          interval: duration,
          timeout: duration,
          retries: z.int().positive(),
          start_period: duration.optional(),
        }),
        stop_grace_period: duration.optional(),
      })
      .refine(({ image, build }) => (image === undefined) !== (build === undefined), "either an image or a build"),
  ),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

const { stdout: version } = await execa("docker", ["compose", "version"], { reject: false });

describe("deploy/compose.yaml", () => {
  const compose = composeSchema.parse(parse(readFileSync(`${folder}/compose.yaml`, "utf8")));
  const services = Object.values(compose.services);

  it("names only services, volumes and secrets that it declares", () => {
    for (const { depends_on = {}, volumes, secrets } of services) {
      for (const service of Object.keys(depends_on)) expect(compose.services).toHaveProperty(service);
      for (const volume of volumes.map((text) => text.split(":")[0] ?? "")) {
        if (!volume.startsWith(".")) expect(compose.volumes).toHaveProperty(volume);
      }
      for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret);
    }
  });

  it("holds no secret, and publishes its ports on this host only", () => {
    for (const { environment = {}, ports } of services) {
      for (const name of Object.keys(environment)) expect(name).not.toMatch(/(PASSWORD|TOKEN|KEY|SECRET)$/);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  // Where docker has no compose plugin, the schema above is what the file is held to.
  if (version === undefined || !version.includes("version")) return;
  it("is a Compose file to docker itself", async () => {
    const { exitCode, stderr } = await execa(
      "docker",
      ["compose", "--file", `${folder}/compose.yaml`, "config", "--quiet", "--no-env-resolution"],
      {
        reject: false,
      },
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  });
});
