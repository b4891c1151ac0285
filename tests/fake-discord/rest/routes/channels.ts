import {
  CreatePrivateChannelRequestSchema,
  CreateTextThreadWithMessageRequestSchema,
  CreateTextThreadWithoutMessageRequestSchema,
  UpdateThreadRequestPartialSchema,
} from "discord-api-spec/zod";
import { GatewayIntentBits, PermissionFlagsBits } from "discord-api-types/v10";
import type { FakeChannel } from "../../driver.ts";
import { presentChannel } from "../../world/present.ts";
import { removeChannel } from "../../world/remove-channel.ts";
import { newChannel, type World } from "../../world/world.ts";
import { discordErrors } from "../discord-error.ts";
import { findChannel, findMessage } from "../find.ts";
import type { Call, Route } from "../router.ts";

const { CreatePublicThreads, ManageChannels, ManageThreads, SendMessagesInThreads } = PermissionFlagsBits;

function openThread(world: World, parent: FakeChannel, id: string, name: string): object {
  const thread = newChannel({
    id,
    name,
    kind: "thread",
    guildId: parent.guildId,
    parentId: parent.id,
    members: new Set([world.bot.id]),
    denied: parent.denied,
  });
  world.channels.set(id, thread);
  const data = { ...presentChannel(world, thread), newly_created: true };
  world.emit({ type: "THREAD_CREATE", intent: GatewayIntentBits.Guilds, data });
  return data;
}

function mayOpenThread(call: Call): FakeChannel {
  const channel = findChannel(call, CreatePublicThreads);
  if (channel.kind !== "text") throw discordErrors.notInDirect();
  return channel;
}

function change(call: Call): object {
  const { world } = call;
  const channel = findChannel(call);
  const body = call.parse(UpdateThreadRequestPartialSchema);
  const [opener] = channel.members;
  if (channel.kind !== "thread") findChannel(call, ManageChannels);
  else if (opener !== world.bot.id || body.locked !== undefined) findChannel(call, ManageThreads);
  channel.name = body.name ?? channel.name;
  channel.isArchived = body.archived ?? channel.isArchived;
  const data = presentChannel(world, channel);
  const type = channel.kind === "thread" ? "THREAD_UPDATE" : "CHANNEL_UPDATE";
  world.emit({ type, intent: GatewayIntentBits.Guilds, data });
  return data;
}

function openDirect(call: Call): object {
  const { world } = call;
  const { recipient_id } = call.parse(CreatePrivateChannelRequestSchema);
  const user = world.users.get(recipient_id);
  if (user === undefined) throw discordErrors.unknownUser();
  return presentChannel(world, world.directOf(user));
}

/** Channels, threads and direct conversations. */
export const channelRoutes: Route[] = [
  { route: "GET /channels/:channel", answer: (call) => presentChannel(call.world, findChannel(call)) },
  { route: "PATCH /channels/:channel", answer: change },
  {
    route: "DELETE /channels/:channel",
    answer: (call) => {
      const channel = findChannel(call, ManageChannels);
      const data = presentChannel(call.world, channel);
      removeChannel(call.world, channel);
      return data;
    },
  },
  {
    route: "POST /channels/:channel/threads",
    answer: (call) => {
      const parent = mayOpenThread(call);
      const { name } = call.parse(CreateTextThreadWithoutMessageRequestSchema);
      return openThread(call.world, parent, call.world.snowflake(), name);
    },
  },
  {
    route: "POST /channels/:channel/messages/:message/threads",
    answer: (call) => {
      const parent = mayOpenThread(call);
      const message = findMessage(call, parent);
      const { name } = call.parse(CreateTextThreadWithMessageRequestSchema);
      if (call.world.channels.has(message.id)) throw discordErrors.threadExists();
      // A thread of a message has the message's id.
      return openThread(call.world, parent, message.id, name);
    },
  },
  {
    route: "PUT /channels/:channel/thread-members/:user",
    answer: (call) => {
      const channel = findChannel(call, SendMessagesInThreads);
      const id = call.param("user");
      channel.members.add(id === "@me" ? call.world.bot.id : id);
      call.world.changed();
      return null;
    },
  },
  { route: "POST /users/@me/channels", answer: openDirect },
];
