import type { Selectable } from "kysely";
import type { Picture } from "../explain/answer/answer.ts";
import type { Database } from "./database.ts";
import type { Timestamp } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** What a message of a chat platform shows; `thread` is the place where a run lives, `reply` an answer to a person's message. */
export type MessageKind = "thread" | "status" | "approval" | "proposal" | "milestone" | "reply";

/** What is said to a person, of however many messages it takes. */
export interface KeptAnswer {
  /** Markdown. */
  text: string;
  picture: Picture | null;
  /** Id of the proposal whose card follows. */
  proposal: string | null;
}

/** Which message of which platform shows what. One for each subject, so that a bot that starts again posts nothing twice. */
export interface ShownMessage {
  platform: string;
  kind: MessageKind;
  /** Id of what is shown: a run, an approval, a proposal, an event; for a reply the message that is answered. */
  subject: string;
  /** null for what belongs to no run yet. */
  runId: string | null;
  channel: string;
  /** For a thread: the server that its run lives in; null where that is not on record, and for other kinds. */
  guild: string | null;
  /** Sent along when it is posted, so that the platform knows a repeated post. */
  nonce: string;
  /** The platform's id; null until it is known to be posted. */
  message: string | null;
  /** `open` = kept up to date; `settled` = says its last word; `gone` = somebody deleted it or its channel. */
  state: "open" | "settled" | "gone";
  /** Fingerprint of what it shows; null until posted. */
  shown: string | null;
  /** For a thread: the last event of the run that was told there. */
  lastEvent: number;
  /** For a reply: all of it, until all of its messages are posted, so that another process can go on; null otherwise. */
  answer: KeptAnswer | null;
  createdAt: Timestamp;
  updatedAt: Timestamp;
}

type Subject = Pick<ShownMessage, "platform" | "kind" | "subject">;

export interface MessageStore {
  /** Notes that something is to be shown, before it is posted. What was noted already is given as it is. */
  reserve(message: Subject & Pick<ShownMessage, "runId" | "channel" | "nonce">): Promise<ShownMessage>;
  find(platform: string, kind: MessageKind, subject: string): Promise<ShownMessage | null>;
  /** What a message shows. */
  ofMessage(platform: string, message: string): Promise<ShownMessage | null>;
  /** The run that lives in a channel; of several the latest. */
  threadIn(platform: string, channel: string): Promise<ShownMessage | null>;
  /** A channel was deleted: nothing that stood there is to be seen any more. */
  closeChannel(platform: string, channel: string): Promise<void>;
  /** Oldest first. */
  list(platform: string, kind: MessageKind, state?: ShownMessage["state"]): Promise<ShownMessage[]>;
  update(
    subject: Subject,
    patch: Partial<Pick<ShownMessage, "runId" | "channel" | "guild" | "nonce" | "message" | "state" | "shown" | "lastEvent" | "answer">>,
  ): Promise<void>;
}

/** What bots show where. */
export function createMessages({ db, now }: StoreContext): MessageStore {
  const rows = () => db.selectFrom("messages").selectAll();
  const latest = async (query: ReturnType<typeof rows>) => {
    const row = await query.orderBy("position", "desc").limit(1).executeTakeFirst();
    return row === undefined ? null : toMessage(row);
  };
  const find = (platform: string, kind: MessageKind, subject: string) =>
    latest(rows().where("platform", "=", platform).where("kind", "=", kind).where("subject", "=", subject));

  return {
    async reserve(message) {
      const time = now();
      const row = await db
        .insertInto("messages")
        .values({
          ...message,
          guild: null,
          message: null,
          state: "open",
          shown: null,
          lastEvent: 0,
          answerJson: null,
          createdAt: time,
          updatedAt: time,
        })
        .onConflict((conflict) => conflict.columns(["platform", "kind", "subject"]).doNothing())
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined) return toMessage(row);
      const known = await find(message.platform, message.kind, message.subject);
      if (known === null) throw new Error(`The message of ${message.kind} ${message.subject} was removed while it was read.`);
      return known;
    },
    find,
    ofMessage: (platform, message) => latest(rows().where("platform", "=", platform).where("message", "=", message)),
    threadIn: (platform, channel) =>
      latest(
        rows().where("platform", "=", platform).where("kind", "=", "thread").where("channel", "=", channel).where("state", "!=", "gone"),
      ),
    async closeChannel(platform, channel) {
      await db
        .updateTable("messages")
        .set({ state: "gone", updatedAt: now() })
        .where("platform", "=", platform)
        .where("channel", "=", channel)
        .where("state", "!=", "gone")
        .execute();
    },
    async list(platform, kind, state) {
      const query = rows().where("platform", "=", platform).where("kind", "=", kind).orderBy("position");
      return (await (state === undefined ? query : query.where("state", "=", state)).execute()).map(toMessage);
    },
    async update({ platform, kind, subject }, { answer, ...patch }) {
      await db
        .updateTable("messages")
        .set({ ...patch, ...(answer === undefined ? {} : { answerJson: answer && JSON.stringify(answer) }), updatedAt: now() })
        .where("platform", "=", platform)
        .where("kind", "=", kind)
        .where("subject", "=", subject)
        .execute();
    },
  };
}

function toMessage({ position: _position, answerJson, ...row }: Selectable<Database["messages"]>): ShownMessage {
  return { ...row, answer: answerJson };
}
