import { ButtonStyle, ComponentType, type APIButtonComponent, type APIStringSelectComponent } from "discord-api-types/v10";
import type { FakeButton, FakeFile, FakeMessage, FakeSelect } from "../driver.ts";

const buttonStyles: Partial<Record<ButtonStyle, FakeButton["style"]>> = {
  [ButtonStyle.Primary]: "primary",
  [ButtonStyle.Secondary]: "secondary",
  [ButtonStyle.Success]: "success",
  [ButtonStyle.Danger]: "danger",
  [ButtonStyle.Link]: "link",
};

function asButton(button: APIButtonComponent): FakeButton {
  return {
    label: "label" in button ? (button.label ?? "") : "",
    style: buttonStyles[button.style] ?? "secondary",
    customId: "custom_id" in button ? button.custom_id : null,
    url: "url" in button ? button.url : null,
    isDisabled: button.disabled ?? false,
  };
}

function asSelect(select: APIStringSelectComponent): FakeSelect {
  return {
    customId: select.custom_id,
    placeholder: select.placeholder ?? null,
    options: select.options.map(({ label, value, description }) => ({ label, value, description: description ?? null })),
    isDisabled: select.disabled ?? false,
  };
}

/** What a message is made with. */
export type NewMessage = Pick<FakeMessage, "id" | "channelId" | "guildId" | "author" | "content" | "sentAt"> & Partial<FakeMessage>;

/** A message in the world: the driver's view of it; buttons and menus are read from its components. */
export class MessageRecord implements FakeMessage {
  readonly id: string;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly author: FakeMessage["author"];
  content: string;
  embeds: FakeMessage["embeds"];
  components: FakeMessage["components"];
  files: FakeFile[];
  ephemeralFor: string | null;
  isPending: boolean;
  readonly nonce: string | null;
  readonly replyToId: string | null;
  interactionId: string | null;
  pinged: string[];
  readonly sentAt: Date;
  editedAt: Date | null = null;
  readonly earlier: FakeMessage["earlier"] = [];
  readonly reactions: FakeMessage["reactions"] = [];
  isRemoved = false;

  constructor(message: NewMessage) {
    this.id = message.id;
    this.channelId = message.channelId;
    this.guildId = message.guildId;
    this.author = message.author;
    this.content = message.content;
    this.sentAt = message.sentAt;
    this.embeds = message.embeds ?? [];
    this.components = message.components ?? [];
    this.files = message.files ?? [];
    this.ephemeralFor = message.ephemeralFor ?? null;
    this.isPending = message.isPending ?? false;
    this.nonce = message.nonce ?? null;
    this.replyToId = message.replyToId ?? null;
    this.interactionId = message.interactionId ?? null;
    this.pinged = message.pinged ?? [];
  }

  get buttons(): FakeButton[] {
    return this.#inRows().flatMap((component) => (component.type === ComponentType.Button ? [asButton(component)] : []));
  }

  get selects(): FakeSelect[] {
    return this.#inRows().flatMap((component) => (component.type === ComponentType.StringSelect ? [asSelect(component)] : []));
  }

  #inRows() {
    return this.components.flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []));
  }
}
