import type { InteractionType } from "discord-api-types/v10";
import type { FakeAcknowledgement, FakeInteraction, FakeModal } from "../driver.ts";
import type { MessageRecord } from "./message-record.ts";

/** What an interaction is sent with. */
export interface NewInteraction {
  id: string;
  token: string;
  type: InteractionType;
  what: string;
  userId: string;
  channelId: string;
  guildId: string | null;
  /** The message whose component was used; of a modal, the one whose button opened it. */
  source: MessageRecord | null;
  /** By the world's clock. */
  sentAt: Date;
}

/** An interaction in the world, with what its deadlines need. */
export class InteractionRecord implements FakeInteraction {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly what: string;
  readonly userId: string;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly source: MessageRecord | null;
  readonly sentAt: Date;
  readonly #started = performance.now();
  acknowledgement: FakeAcknowledgement | null = null;
  acknowledgedAfterMs: number | null = null;
  hasFailed = false;
  modal: FakeModal | null = null;
  choices: FakeInteraction["choices"] = [];
  readonly messages: MessageRecord[] = [];
  /** What `@original` means: the answer, or the message that was updated. */
  original: MessageRecord | null = null;

  constructor(interaction: NewInteraction) {
    this.id = interaction.id;
    this.token = interaction.token;
    this.type = interaction.type;
    this.what = interaction.what;
    this.userId = interaction.userId;
    this.channelId = interaction.channelId;
    this.guildId = interaction.guildId;
    this.source = interaction.source;
    this.sentAt = interaction.sentAt;
  }

  acknowledge(acknowledgement: FakeAcknowledgement): void {
    this.acknowledgement = acknowledgement;
    this.acknowledgedAfterMs = performance.now() - this.#started;
  }
}
