import { createHash } from "node:crypto";
import type { MessageKind } from "#src/store/messages.ts";
import { longestNonce } from "./wire.ts";

/** The nonce of what shows a subject: the same in every process, so that Discord knows a repeat. `turn` rises when it is posted anew. */
export function nonceOf(kind: MessageKind, subject: string, channel: string, turn = 0): string {
  return createHash("sha256")
    .update(`${kind}\n${subject}\n${channel}\n${turn}`)
    .digest("hex")
    .slice(0, longestNonce - 1);
}
