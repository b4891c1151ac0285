import { GatewayBotResponseSchema, PrivateApplicationResponseSchema, UserPIIResponseSchema } from "discord-api-spec/zod";
import { answer } from "../../world/answer.ts";
import { presentChannel, presentMember, presentRole, presentUser } from "../../world/present.ts";
import { presentGuild } from "../../world/present-guild.ts";
import type { World } from "../../world/world.ts";
import { discordErrors } from "../discord-error.ts";
import { findGuild } from "../find.ts";
import type { Call, Route } from "../router.ts";

function member(call: Call): object {
  const guild = findGuild(call);
  const id = call.param("user");
  if (!guild.members.has(id)) throw discordErrors.unknownMember();
  return presentMember(call.world, guild, id);
}

function channels(call: Call, isThread: boolean): object[] {
  const guild = findGuild(call);
  return [...call.world.channels.values()]
    .filter(({ guildId, kind, isArchived }) => guildId === guild.id && (kind === "thread") === isThread && !isArchived)
    .map((channel) => presentChannel(call.world, channel));
}

function application(world: World): object {
  const owner = presentUser({ id: "1", name: "owner", isBot: false });
  return answer("application", PrivateApplicationResponseSchema, {
    id: world.applicationId,
    name: world.bot.name,
    icon: null,
    description: "",
    type: null,
    flags: 0,
    flags_new: "0",
    bot: presentUser(world.bot),
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner,
    team: null,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
  });
}

/** The gateway's address, guilds with their members, users, the application. */
export const guildRoutes: Route[] = [
  {
    route: "GET /gateway/bot",
    answer: ({ world }) =>
      answer("gateway", GatewayBotResponseSchema, {
        url: `${world.origin.replace("http", "ws")}/gateway`,
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
      }),
  },
  { route: "GET /guilds/:guild", answer: (call) => presentGuild(findGuild(call)) },
  { route: "GET /guilds/:guild/channels", answer: (call) => channels(call, false) },
  { route: "GET /guilds/:guild/threads/active", answer: (call) => ({ threads: channels(call, true), members: [], has_more: false }) },
  { route: "GET /guilds/:guild/roles", answer: (call) => findGuild(call).roles.map((role, index) => presentRole(role, index)) },
  { route: "GET /guilds/:guild/members/:user", answer: member },
  {
    route: "GET /users/@me",
    answer: ({ world }) =>
      answer("user", UserPIIResponseSchema, { ...presentUser(world.bot), mfa_enabled: false, locale: "en-US", verified: true }),
  },
  {
    route: "GET /users/:user",
    answer: ({ world, param }) => {
      const user = world.users.get(param("user"));
      if (user === undefined) throw discordErrors.unknownUser();
      return presentUser(user);
    },
  },
  { route: "GET /applications/@me", answer: ({ world }) => application(world) },
  { route: "GET /oauth2/applications/@me", answer: ({ world }) => application(world) },
];
