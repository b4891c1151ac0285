import { TextInputStyle, type APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import { ComponentType, type ModalSubmitInteraction } from "discord.js";
import { type CustomId, formatCustomId } from "./custom-id.ts";

/** A question of a form. */
export interface FormField {
  name: string;
  label: string;
  /** What stands there at first. */
  value: string;
  isLong: boolean;
  isRequired: boolean;
}

/** A form that a button opens. */
export interface Form {
  title: string;
  /** At most five. */
  fields: FormField[];
}

const longest = { title: 45, label: 45, value: 4000 } as const;

/** The form as Discord's modal; it carries the button's custom id. */
export function askModal(id: CustomId, { title, fields }: Form): APIModalInteractionResponseCallbackData {
  return {
    custom_id: formatCustomId(id),
    title: title.slice(0, longest.title),
    components: fields.slice(0, 5).map(({ name, label, value, isLong, isRequired }) => ({
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.TextInput,
          custom_id: name,
          label: label.slice(0, longest.label),
          style: isLong ? TextInputStyle.Paragraph : TextInputStyle.Short,
          required: isRequired,
          max_length: isLong ? 2000 : 200,
          ...(value === "" ? {} : { value: value.slice(0, isLong ? 2000 : 200) }),
        },
      ],
    })),
  };
}

/** What was filled in, by the fields' names. */
export function fieldsOf(interaction: ModalSubmitInteraction): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, field] of interaction.fields.fields) {
    if ("value" in field && typeof field.value === "string") values[name] = field.value.trim();
  }
  return values;
}
