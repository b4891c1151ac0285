import {
  ApplicationCommandAutocompleteCallbackRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  ModalInteractionCallbackRequestSchema,
  UpdateMessageInteractionCallbackRequestSchema,
} from "discord-api-spec/zod";
import { InteractionResponseType, InteractionType } from "discord-api-types/v10";
import { z } from "zod";
import type { InteractionRecord } from "../world/interaction-record.ts";
import { isLate } from "../world/is-late.ts";
import type { MessageRecord } from "../world/message-record.ts";
import type { World } from "../world/world.ts";
import { createMessage } from "./create-message.ts";
import { discordErrors } from "./discord-error.ts";
import { editMessage } from "./edit-message.ts";
import { openModal } from "./open-modal.ts";
import type { Call } from "./router.ts";

const typeSchema = z.object({ type: z.enum(InteractionResponseType) });

function findInteraction(call: Call): InteractionRecord {
  const interaction = call.world.interactions.get(call.param("interaction"));
  if (interaction === undefined || interaction.token !== call.param("token")) throw discordErrors.unknownInteraction();
  if (interaction.acknowledgement !== null) throw discordErrors.alreadyAcknowledged();
  if (interaction.hasFailed || isLate(call.world, interaction)) {
    interaction.hasFailed = true;
    throw discordErrors.unknownInteraction();
  }
  return interaction;
}

function badType(): Error {
  return discordErrors.badBody(["type"], "INTERACTION_APPLICATION_COMMAND_INVALID_TYPE", "Not a valid answer to this interaction");
}

function answerWithMessage(call: Call, interaction: InteractionRecord, isPending: boolean): MessageRecord {
  const { data } = call.parse(CreateMessageInteractionCallbackRequestSchema);
  const channel = call.world.channel(interaction.channelId);
  const message = createMessage(call.world, { channel, body: data ?? {}, upload: call.body, interaction, isPending });
  interaction.original = message;
  interaction.acknowledge(isPending ? "deferred-message" : "message");
  return message;
}

function update(call: Call, interaction: InteractionRecord, isDeferred: boolean): MessageRecord | null {
  const body = call.parse(UpdateMessageInteractionCallbackRequestSchema);
  const { source } = interaction;
  if (source === null) throw badType();
  interaction.original = source;
  if (!isDeferred && !source.isRemoved) editMessage(call.world, source, ("data" in body ? body.data : null) ?? {}, call.body);
  interaction.acknowledge(isDeferred ? "deferred-update" : "update");
  return isDeferred ? null : source;
}

function openFor(call: Call, interaction: InteractionRecord): null {
  if (interaction.type === InteractionType.ModalSubmit) throw badType();
  const { data } = call.parse(ModalInteractionCallbackRequestSchema);
  interaction.modal = openModal(data, interaction.id);
  interaction.acknowledge("modal");
  return null;
}

function choose(call: Call, interaction: InteractionRecord): null {
  const { data } = call.parse(ApplicationCommandAutocompleteCallbackRequestSchema);
  interaction.choices = (data.choices ?? []).map(({ name, value }) => ({ name, value }));
  interaction.acknowledge("choices");
  return null;
}

function dispatch(call: Call, interaction: InteractionRecord): MessageRecord | null {
  const { type } = call.parse(typeSchema);
  const isAutocomplete = interaction.type === InteractionType.ApplicationCommandAutocomplete;
  if (isAutocomplete !== (type === InteractionResponseType.ApplicationCommandAutocompleteResult)) throw badType();
  switch (type) {
    case InteractionResponseType.ChannelMessageWithSource:
      return answerWithMessage(call, interaction, false);
    case InteractionResponseType.DeferredChannelMessageWithSource:
      return answerWithMessage(call, interaction, true);
    case InteractionResponseType.DeferredMessageUpdate:
      return update(call, interaction, true);
    case InteractionResponseType.UpdateMessage:
      return update(call, interaction, false);
    case InteractionResponseType.Modal:
      return openFor(call, interaction);
    case InteractionResponseType.ApplicationCommandAutocompleteResult:
      return choose(call, interaction);
    case InteractionResponseType.Pong:
    case InteractionResponseType.PremiumRequired:
    case InteractionResponseType.LaunchActivity:
      throw badType();
  }
}

/** Takes the first answer to an interaction: within 3 seconds, once, of a kind that fits. */
export function acknowledge(call: Call): { interaction: InteractionRecord; message: MessageRecord | null } {
  const interaction = findInteraction(call);
  const message = dispatch(call, interaction);
  call.world.changed();
  return { interaction, message };
}

/** The message that `@original` means for a webhook route. */
export function originalOf(world: World, interaction: InteractionRecord): MessageRecord {
  const { original } = interaction;
  if (original === null || original.isRemoved || !world.messages.has(original.id)) throw discordErrors.unknownMessage();
  return original;
}
