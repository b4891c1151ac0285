import {
  ComponentType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type APITextInputComponent,
} from "discord-api-types/v10";
import type { FakeModal } from "../driver.ts";
import { discordErrors } from "./discord-error.ts";

function asField(input: APITextInputComponent, label: string, isLabelled: boolean): FakeModal["fields"][number] {
  return {
    customId: input.custom_id,
    label,
    value: input.value ?? "",
    isRequired: input.required ?? true,
    maxLength: input.max_length ?? null,
    style: input.style === TextInputStyle.Short ? "short" : "paragraph",
    isLabelled,
  };
}

/** Reads a modal as the person sees it: text inputs, in rows or under labels. */
export function openModal(modal: APIModalInteractionResponseCallbackData, interactionId: string): FakeModal {
  if (modal.components.length > 5)
    throw discordErrors.badBody(["data", "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  const fields = modal.components.flatMap((part) => {
    if (part.type === ComponentType.ActionRow) return part.components.map((input) => asField(input, input.label ?? "", false));
    if (part.type === ComponentType.Label && part.component.type === ComponentType.TextInput)
      return [asField(part.component, part.label, true)];
    return [];
  });
  const ids = fields.map(({ customId }) => customId);
  if (new Set(ids).size !== ids.length)
    throw discordErrors.badBody(["data", "components"], "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
  return { customId: modal.custom_id, title: modal.title, fields, interactionId };
}
