import { GatewayIntentBits } from "discord-api-types/v10";
import type { FakeChannel } from "../driver.ts";
import { presentChannel } from "./present.ts";
import type { World } from "./world.ts";

/** Deletes a channel with its threads and all their messages. */
export function removeChannel(world: World, channel: FakeChannel): void {
  for (const thread of [...world.channels.values()].filter(({ parentId }) => parentId === channel.id)) removeChannel(world, thread);
  const data = presentChannel(world, channel);
  world.channels.delete(channel.id);
  for (const message of world.messagesIn(channel.id)) message.isRemoved = true;
  world.emit({ type: channel.kind === "thread" ? "THREAD_DELETE" : "CHANNEL_DELETE", intent: GatewayIntentBits.Guilds, data });
}
