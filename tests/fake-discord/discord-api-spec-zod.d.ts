/** The package ships its zod schemas as untyped JavaScript: here are the ones in use, with the types of discord-api-types. */
declare module "discord-api-spec/zod" {
  import type { z } from "zod";
  import type * as api from "discord-api-types/v10";

  type Schema<T> = z.core.$ZodType<T>;
  type CommandBody = api.RESTPostAPIChatInputApplicationCommandsJSONBody;

  export const ApplicationCommandCreateRequestSchema: Schema<CommandBody>;
  export const ApplicationCommandUpdateRequestSchema: Schema<CommandBody>;
  export const ApplicationCommandPatchRequestPartialSchema: Schema<Partial<CommandBody>>;
  export const ApplicationCommandResponseSchema: Schema<unknown>;
  export const ApplicationCommandAutocompleteCallbackRequestSchema: Schema<api.APIApplicationCommandAutocompleteResponse>;
  export const CreateMessageInteractionCallbackRequestSchema: Schema<
    api.APIInteractionResponseChannelMessageWithSource | api.APIInteractionResponseDeferredChannelMessageWithSource
  >;
  export const UpdateMessageInteractionCallbackRequestSchema: Schema<
    api.APIInteractionResponseUpdateMessage | api.APIInteractionResponseDeferredMessageUpdate
  >;
  export const ModalInteractionCallbackRequestSchema: Schema<api.APIModalInteractionResponse>;
  export const InteractionCallbackResponseSchema: Schema<unknown>;
  export const IncomingWebhookRequestPartialSchema: Schema<api.RESTPostAPIWebhookWithTokenJSONBody>;
  export const IncomingWebhookUpdateRequestPartialSchema: Schema<api.RESTPatchAPIChannelMessageJSONBody>;
  export const MessageCreateRequestSchema: Schema<api.RESTPostAPIChannelMessageJSONBody>;
  export const MessageEditRequestPartialSchema: Schema<api.RESTPatchAPIChannelMessageJSONBody>;
  export const MessageResponseSchema: Schema<unknown>;
  export const CreateTextThreadWithMessageRequestSchema: Schema<api.RESTPostAPIChannelMessagesThreadsJSONBody>;
  export const CreateTextThreadWithoutMessageRequestSchema: Schema<api.RESTPostAPIChannelThreadsJSONBody>;
  export const CreatePrivateChannelRequestSchema: Schema<api.RESTPostAPICurrentUserCreateDMChannelJSONBody>;
  export const UpdateThreadRequestPartialSchema: Schema<{ name?: string; archived?: boolean; locked?: boolean }>;
  export const GatewayBotResponseSchema: Schema<unknown>;
  export const GuildChannelResponseSchema: Schema<unknown>;
  export const ThreadResponseSchema: Schema<unknown>;
  export const PrivateChannelResponseSchema: Schema<unknown>;
  export const GuildMemberResponseSchema: Schema<unknown>;
  export const GuildRoleResponseSchema: Schema<unknown>;
  export const GuildWithCountsResponseSchema: Schema<unknown>;
  export const UserResponseSchema: Schema<unknown>;
  export const UserPIIResponseSchema: Schema<unknown>;
  export const PrivateApplicationResponseSchema: Schema<unknown>;
  export const ErrorResponseSchema: Schema<unknown>;
  export const RatelimitedResponseSchema: Schema<unknown>;
}
