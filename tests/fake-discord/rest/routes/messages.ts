import { MessageCreateRequestSchema, MessageEditRequestPartialSchema } from "discord-api-spec/zod";
import { PermissionFlagsBits } from "discord-api-types/v10";
import type { FakeChannel } from "../../driver.ts";
import type { MessageRecord } from "../../world/message-record.ts";
import { presentMessage } from "../../world/present-message.ts";
import { tellMessage } from "../../world/tell-message.ts";
import type { World } from "../../world/world.ts";
import { createMessage } from "../create-message.ts";
import { discordErrors } from "../discord-error.ts";
import { editMessage } from "../edit-message.ts";
import { findChannel, findMessage } from "../find.ts";
import type { Call, Route } from "../router.ts";

const { AttachFiles, EmbedLinks, ManageMessages, ReadMessageHistory, SendMessages, SendMessagesInThreads } = PermissionFlagsBits;
/** "The past few minutes", as Discord's documentation says. */
const nonceMs = 5 * 60_000;

function sameNonce(world: World, channel: FakeChannel, nonce: string): MessageRecord | undefined {
  const since = world.now().getTime() - nonceMs;
  return world
    .messagesIn(channel.id)
    .find((message) => message.nonce === nonce && message.author.id === world.bot.id && message.sentAt.getTime() >= since);
}

/** Whether the conversation's person shares a guild with the bot: else nothing can be sent. */
function isReachable(world: World, channel: FakeChannel): boolean {
  if (channel.recipientId === null) return true;
  const id = channel.recipientId;
  return [...world.guilds.values()].some(({ members }) => members.has(id));
}

function post(call: Call): object {
  const { world } = call;
  const body = call.parse(MessageCreateRequestSchema);
  const needed =
    (call.body.files.size > 0 ? AttachFiles : 0n) |
    (body.embeds?.length ? EmbedLinks : 0n) |
    (body.message_reference ? ReadMessageHistory : 0n);
  const channel = findChannel(call, needed);
  findChannel(call, channel.kind === "thread" ? SendMessagesInThreads : SendMessages);
  if (!isReachable(world, channel)) throw discordErrors.cannotReach();
  if (body.enforce_nonce === true && body.nonce !== undefined) {
    const known = sameNonce(world, channel, String(body.nonce));
    if (known !== undefined) return presentMessage(world, known, true);
  }
  channel.isArchived = false;
  const message = createMessage(world, { channel, body, upload: call.body });
  return presentMessage(world, message, true);
}

function list(call: Call): object {
  const { world, query } = call;
  const channel = findChannel(call, ReadMessageHistory);
  const limit = Number(query.get("limit") ?? 50);
  const before = query.get("before");
  const after = query.get("after");
  const found = world
    .messagesIn(channel.id)
    .filter(({ ephemeralFor }) => ephemeralFor === null)
    .filter(({ id }) => (before === null || BigInt(id) < BigInt(before)) && (after === null || BigInt(id) > BigInt(after)));
  const page = after === null ? found.slice(-limit) : found.slice(0, limit);
  return page.toReversed().map((message) => presentMessage(world, message, world.hasMessageContent));
}

/** Messages of a channel: send, read, change, delete, "typing…". */
export const messageRoutes: Route[] = [
  { route: "POST /channels/:channel/messages", answer: post },
  { route: "GET /channels/:channel/messages", answer: list },
  {
    route: "GET /channels/:channel/messages/:message",
    answer: (call) => {
      const message = findMessage(call, findChannel(call, ReadMessageHistory));
      return presentMessage(call.world, message, call.world.hasMessageContent);
    },
  },
  {
    route: "PATCH /channels/:channel/messages/:message",
    answer: (call) => {
      const message = findMessage(call, findChannel(call));
      const change = call.parse(MessageEditRequestPartialSchema);
      if (message.author.id !== call.world.bot.id) throw discordErrors.othersMessage();
      return presentMessage(call.world, editMessage(call.world, message, change, call.body), true);
    },
  },
  {
    route: "DELETE /channels/:channel/messages/:message",
    answer: (call) => {
      const message = findMessage(call, findChannel(call));
      if (message.author.id !== call.world.bot.id) findChannel(call, ManageMessages);
      message.isRemoved = true;
      tellMessage(call.world, "MESSAGE_DELETE", message);
      return null;
    },
  },
  {
    route: "POST /channels/:channel/typing",
    answer: (call) => {
      const { id } = findChannel(call);
      call.world.typing.push({ channelId: id, atMs: call.world.elapsedMs });
      return null;
    },
  },
];
