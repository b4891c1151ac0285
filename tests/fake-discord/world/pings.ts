import { AllowedMentionsTypes, PermissionFlagsBits, type APIAllowedMentions } from "discord-api-types/v10";
import type { FakeChannel } from "../driver.ts";
import { memberPermissions } from "./permissions.ts";
import type { World } from "./world.ts";

interface Pinging {
  content: string;
  channel: FakeChannel;
  authorId: string;
  /** Whose message it answers. */
  repliedTo: string | null;
  /** undefined: everything that the text mentions. */
  allowed: APIAllowedMentions | null | undefined;
}

/** Whom a message pings: users and roles it mentions and `everyone`, less what `allowed_mentions` leaves out. Embeds ping nobody. */
export function pings(world: World, { content, channel, authorId, repliedTo, allowed }: Pinging): string[] {
  const parse = (type: AllowedMentionsTypes) => !allowed || (allowed.parse?.includes(type) ?? false);
  const users = [...content.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => (id !== undefined && world.users.has(id) ? [id] : []));
  const guild = world.guildOf(channel);
  const roles = [...content.matchAll(/<@&(\d+)>/g)].flatMap(([, id]) => (guild?.roles.some((role) => role.id === id) ? [id ?? ""] : []));
  const mayPingAll = guild !== null && (memberPermissions(guild, authorId) & PermissionFlagsBits.MentionEveryone) !== 0n;
  const found = [
    ...users.filter((id) => parse(AllowedMentionsTypes.User) || (allowed?.users?.includes(id) ?? false)),
    ...roles.filter((id) => mayPingAll && (parse(AllowedMentionsTypes.Role) || (allowed?.roles?.includes(id) ?? false))),
    ...(mayPingAll && /@(everyone|here)\b/.test(content) && parse(AllowedMentionsTypes.Everyone) ? ["everyone"] : []),
    ...(repliedTo !== null && (allowed ? (allowed.replied_user ?? false) : true) ? [repliedTo] : []),
  ];
  return [...new Set(found)];
}
