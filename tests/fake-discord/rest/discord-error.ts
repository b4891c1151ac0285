/** An answer that is an error of Discord's API. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  /** Which part of the body is wrong, nested as Discord nests it. */
  readonly errors: object | undefined;

  constructor(status: number, code: number, message: string, errors?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** The errors in use, with Discord's codes and words. */
export const discordErrors = {
  unknownApplication: () => new DiscordError(404, 10_002, "Unknown Application"),
  unknownChannel: () => new DiscordError(404, 10_003, "Unknown Channel"),
  unknownGuild: () => new DiscordError(404, 10_004, "Unknown Guild"),
  unknownMember: () => new DiscordError(404, 10_007, "Unknown Member"),
  unknownMessage: () => new DiscordError(404, 10_008, "Unknown Message"),
  unknownUser: () => new DiscordError(404, 10_013, "Unknown User"),
  unknownWebhook: () => new DiscordError(404, 10_015, "Unknown Webhook"),
  unknownInteraction: () => new DiscordError(404, 10_062, "Unknown interaction"),
  unknownCommand: () => new DiscordError(404, 10_063, "Unknown application command"),
  tooManyCommands: () => new DiscordError(400, 30_032, "Maximum number of application commands reached (100)."),
  alreadyAcknowledged: () => new DiscordError(400, 40_060, "Interaction has already been acknowledged."),
  threadExists: () => new DiscordError(400, 160_004, "A thread has already been created for this message"),
  unauthorized: () => new DiscordError(401, 0, "401: Unauthorized"),
  notFound: () => new DiscordError(404, 0, "404: Not Found"),
  missingAccess: () => new DiscordError(403, 50_001, "Missing Access"),
  notInDirect: () => new DiscordError(403, 50_003, "Cannot execute action on a DM channel"),
  othersMessage: () => new DiscordError(403, 50_005, "Cannot edit a message authored by another user"),
  emptyMessage: () => new DiscordError(400, 50_006, "Cannot send an empty message"),
  cannotReach: () => new DiscordError(403, 50_007, "Cannot send messages to this user"),
  missingPermissions: () => new DiscordError(403, 50_013, "Missing Permissions"),
  expiredToken: () => new DiscordError(401, 50_027, "Invalid Webhook Token"),
  badBody: (path: readonly PropertyKey[], code: string, message: string) => {
    const leaf: object = { _errors: [{ code, message }] };
    return new DiscordError(
      400,
      50_035,
      "Invalid Form Body",
      path.reduceRight<object>((inner, part) => ({ [String(part)]: inner }), leaf),
    );
  },
} as const;

/** What a bot meets without having done wrong: things deleted, permissions taken, doors closed. */
const innocentCodes = new Set([10_003, 10_004, 10_007, 10_008, 10_013, 10_063, 50_001, 50_007, 50_013, 160_004]);

/** Whether this answer says that the bot sent what it never should. */
export function isFault(error: DiscordError): boolean {
  return !innocentCodes.has(error.code);
}
