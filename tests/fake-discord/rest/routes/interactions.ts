import {
  IncomingWebhookRequestPartialSchema,
  IncomingWebhookUpdateRequestPartialSchema,
  InteractionCallbackResponseSchema,
} from "discord-api-spec/zod";
import { InteractionResponseType } from "discord-api-types/v10";
import { answer } from "../../world/answer.ts";
import type { InteractionRecord } from "../../world/interaction-record.ts";
import { isExpired } from "../../world/is-late.ts";
import type { MessageRecord } from "../../world/message-record.ts";
import { presentMessage } from "../../world/present-message.ts";
import { tellMessage } from "../../world/tell-message.ts";
import { acknowledge, originalOf } from "../acknowledge.ts";
import { createMessage } from "../create-message.ts";
import { discordErrors } from "../discord-error.ts";
import { editMessage } from "../edit-message.ts";
import type { Call, Route, RouteAnswer } from "../router.ts";

function callback(call: Call): RouteAnswer {
  const { interaction, message } = acknowledge(call);
  if (call.query.get("with_response") !== "true") return null;
  const isUpdate = interaction.acknowledgement === "update";
  return answer("callback", InteractionCallbackResponseSchema, {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message === null
        ? {}
        : {
            response_message_id: message.id,
            response_message_loading: message.isPending,
            response_message_ephemeral: message.ephemeralFor !== null,
            channel_id: message.channelId,
          }),
    },
    ...(message === null
      ? {}
      : {
          resource: {
            type: isUpdate ? InteractionResponseType.UpdateMessage : InteractionResponseType.ChannelMessageWithSource,
            message: presentMessage(call.world, message, true),
          },
        }),
  });
}

function findByToken(call: Call): InteractionRecord {
  const interaction = [...call.world.interactions.values()].find(({ token }) => token === call.param("token"));
  if (interaction === undefined || call.param("application") !== call.world.applicationId) throw discordErrors.unknownWebhook();
  if (isExpired(call.world, interaction)) throw discordErrors.expiredToken();
  if (interaction.acknowledgement === null) throw discordErrors.unknownWebhook();
  return interaction;
}

function followUp(call: Call): RouteAnswer {
  const { world } = call;
  const interaction = findByToken(call);
  const body = call.parse(IncomingWebhookRequestPartialSchema);
  const { original } = interaction;
  // The first follow-up of a deferred answer becomes the answer, public or ephemeral as it was deferred.
  if (original?.isPending) return presentMessage(world, editMessage(world, original, body, call.body), true);
  const message = createMessage(world, { channel: world.channel(interaction.channelId), body, upload: call.body, interaction });
  return presentMessage(world, message, true);
}

function findAnswer(call: Call): MessageRecord {
  const interaction = findByToken(call);
  const id = call.param("message");
  if (id === "@original") return originalOf(call.world, interaction);
  const message = interaction.messages.find((each) => each.id === id && !each.isRemoved);
  if (message === undefined && interaction.source?.id === id) return interaction.source;
  if (message === undefined) throw discordErrors.unknownMessage();
  return message;
}

const webhookMessage = "/webhooks/:application/:token/messages/:message";

/** First answers to interactions, then follow-ups and changes by the interaction's token, for 15 minutes. */
export const interactionRoutes: Route[] = [
  { route: "POST /interactions/:interaction/:token/callback", isOpen: true, answer: callback },
  { route: "POST /webhooks/:application/:token", isOpen: true, answer: followUp },
  { route: `GET ${webhookMessage}`, isOpen: true, answer: (call) => presentMessage(call.world, findAnswer(call), true) },
  {
    route: `PATCH ${webhookMessage}`,
    isOpen: true,
    answer: (call) => {
      const message = findAnswer(call);
      const change = call.parse(IncomingWebhookUpdateRequestPartialSchema);
      return presentMessage(call.world, editMessage(call.world, message, change, call.body), true);
    },
  },
  {
    route: `DELETE ${webhookMessage}`,
    isOpen: true,
    answer: (call) => {
      const message = findAnswer(call);
      message.isRemoved = true;
      tellMessage(call.world, "MESSAGE_DELETE", message);
      return null;
    },
  },
];
