import { GatewayIntentBits, PermissionFlagsBits } from "discord-api-types/v10";
import { presentUser } from "../../world/present.ts";
import { findChannel, findMessage } from "../find.ts";
import type { Call, Route } from "../router.ts";

function tell(call: Call, type: string): void {
  const channel = call.world.channel(call.param("channel"));
  call.world.emit({
    type,
    intent: channel.guildId === null ? GatewayIntentBits.DirectMessageReactions : GatewayIntentBits.GuildMessageReactions,
    data: {
      user_id: call.world.bot.id,
      channel_id: channel.id,
      message_id: call.param("message"),
      emoji: { id: null, name: call.param("emoji") },
      burst: false,
      type: 0,
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
    },
  });
}

function add(call: Call): null {
  const { AddReactions, ReadMessageHistory } = PermissionFlagsBits;
  const message = findMessage(call, findChannel(call, AddReactions | ReadMessageHistory));
  const emoji = call.param("emoji");
  const known = message.reactions.find((reaction) => reaction.emoji === emoji);
  if (known === undefined) message.reactions.push({ emoji, userIds: [call.world.bot.id] });
  else if (!known.userIds.includes(call.world.bot.id)) known.userIds.push(call.world.bot.id);
  tell(call, "MESSAGE_REACTION_ADD");
  return null;
}

function remove(call: Call): null {
  const message = findMessage(call, findChannel(call));
  const emoji = call.param("emoji");
  const index = message.reactions.findIndex((reaction) => reaction.emoji === emoji);
  const reaction = message.reactions[index];
  if (reaction !== undefined) {
    reaction.userIds = reaction.userIds.filter((id) => id !== call.world.bot.id);
    if (reaction.userIds.length === 0) message.reactions.splice(index, 1);
  }
  tell(call, "MESSAGE_REACTION_REMOVE");
  return null;
}

/** The bot's own reactions. */
export const reactionRoutes: Route[] = [
  { route: "PUT /channels/:channel/messages/:message/reactions/:emoji/@me", answer: add },
  { route: "DELETE /channels/:channel/messages/:message/reactions/:emoji/@me", answer: remove },
  {
    route: "GET /channels/:channel/messages/:message/reactions/:emoji",
    answer: (call) => {
      const message = findMessage(call, findChannel(call));
      const users = message.reactions.find(({ emoji }) => emoji === call.param("emoji"))?.userIds ?? [];
      return users.map((id) => presentUser(call.world.user(id)));
    },
  },
];
