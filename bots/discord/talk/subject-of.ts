import { setTimeout as sleep } from "node:timers/promises";
import type { ReplySubject } from "#graphs/chat/chat.ts";
import type { Store } from "#src/store/store.ts";
import type { ShownMessage } from "#src/store/messages.ts";
import { platform } from "../keeper/board.ts";

const retryMs = 200;

/** What a message of the bot is about, for somebody who replies to it with "why was this chosen?"; null when it is not known. */
export async function subjectOf(store: Store, message: string): Promise<ReplySubject | null> {
  const shown = await findShown(store, message);
  if (shown === null) return null;
  switch (shown.kind) {
    case "approval":
    case "proposal":
    case "status":
      return { kind: shown.kind, id: shown.subject };
    case "milestone":
      return milestoneSubject(shown.subject);
    case "thread":
      return { kind: "status", id: shown.subject };
    case "reply":
      return null;
  }
}

/** Somebody may answer a message before its id is noted: that takes a moment. */
async function findShown(store: Store, message: string, tries = 5): Promise<ShownMessage | null> {
  const shown = await store.messages.ofMessage(platform, message);
  if (shown !== null || tries <= 1) return shown;
  await sleep(retryMs);
  return findShown(store, message, tries - 1);
}

/** `three-skills.1:best:m24` is about m24; other milestones are about the run. */
function milestoneSubject(subject: string): ReplySubject {
  const [run = "", name, model = ""] = subject.split(":");
  return name === "best" ? { kind: "milestone", id: model } : { kind: "status", id: run };
}
