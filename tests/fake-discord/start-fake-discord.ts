import { createServer } from "node:http";
import type { FakeDiscord, FakeDiscordOptions } from "./driver.ts";
import { ControlledDiscord } from "./controlled-discord.ts";
import { Gateway } from "./gateway/gateway.ts";
import { Limiter } from "./rest/limiter.ts";
import { Rest } from "./rest/rest.ts";
import { World } from "./world/world.ts";

/** Starts a Discord on loopback, with nobody in it yet. */
export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const world = new World(options);
  const limiter = new Limiter(options.limitsMessages ?? false);
  const rest = new Rest(world, limiter);
  const server = createServer((request, response) => {
    rest.handle(request, response).catch((error: unknown) => {
      world.faults.push(`${request.method} ${request.url}: ${String(error)}`);
      response.writeHead(500).end();
    });
  });
  const gateway = new Gateway(world, server, options.heartbeatIntervalMs);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The fake Discord has no port.");
  world.origin = `http://127.0.0.1:${address.port}`;
  return new ControlledDiscord(world, gateway, limiter, async () => {
    await gateway.close();
    await new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  });
}
