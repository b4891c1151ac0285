import { GatewayIntentBits, GatewayOpcodes } from "discord-api-types/v10";
import type { WebSocket } from "ws";
import type { WorldEvent } from "../world/world.ts";

/** A gateway session: outlives its socket, so that a bot may resume it. */
export class Session {
  readonly id: string;
  readonly intents: number;
  readonly #sent: { s: number; t: string; d: unknown }[] = [];
  socket: WebSocket | null;

  constructor(id: string, intents: number, socket: WebSocket) {
    this.id = id;
    this.intents = intents;
    this.socket = socket;
  }

  get sequence(): number {
    return this.#sent.length;
  }

  /** Passes an event on, if the session asked for its kind; kept for a resume when the socket is gone. */
  tell({ type, intent, data, withheld }: WorldEvent): void {
    if (intent !== 0 && (this.intents & intent) === 0) return;
    const readsContent = (this.intents & GatewayIntentBits.MessageContent) !== 0;
    this.dispatch(type, withheld === undefined || readsContent ? data : withheld);
  }

  dispatch(t: string, d: unknown): void {
    const event = { s: this.#sent.length + 1, t, d: structuredClone(d) };
    this.#sent.push(event);
    this.#send(event);
  }

  /** Sends everything after a sequence number again. */
  replay(after: number): void {
    for (const event of this.#sent.slice(after)) this.#send(event);
  }

  /** Dispatches the last events once more, as new ones. */
  repeat(count: number): void {
    for (const { t, d } of this.#sent.filter((event) => event.t !== "READY" && event.t !== "RESUMED").slice(-count)) this.dispatch(t, d);
  }

  #send({ s, t, d }: { s: number; t: string; d: unknown }): void {
    this.socket?.send(JSON.stringify({ op: GatewayOpcodes.Dispatch, s, t, d }));
  }
}
