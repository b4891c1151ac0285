import type { Server } from "node:http";
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from "discord-api-types/v10";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";
import { presentUser } from "../world/present.ts";
import { presentGuildCreate } from "../world/present-guild.ts";
import type { World } from "../world/world.ts";
import { Session } from "./session.ts";

/** A socket that goes away without a close frame: discord.js then resumes. */
const resumableCloseCode = 4000;

const payloadSchema = z.discriminatedUnion("op", [
  z.object({ op: z.literal(GatewayOpcodes.Heartbeat), d: z.int().nullable() }),
  z.object({ op: z.literal(GatewayOpcodes.Identify), d: z.object({ token: z.string(), intents: z.int(), properties: z.object({}) }) }),
  z.object({ op: z.literal(GatewayOpcodes.PresenceUpdate), d: z.object({}) }),
  z.object({ op: z.literal(GatewayOpcodes.Resume), d: z.object({ token: z.string(), session_id: z.string(), seq: z.int() }) }),
]);

/** Discord's gateway on a WebSocket: hello, identify, resume, heartbeats, events by intent. */
export class Gateway {
  readonly #world: World;
  readonly #server: WebSocketServer;
  readonly #heartbeatIntervalMs: number;
  readonly #sessions = new Map<string, Session>();
  /** How often a bot identified and resumed. */
  readonly counts = { identified: 0, resumed: 0, heartbeats: 0 };

  constructor(world: World, server: Server, heartbeatIntervalMs = 41_250) {
    this.#world = world;
    this.#heartbeatIntervalMs = heartbeatIntervalMs;
    this.#server = new WebSocketServer({ server, path: "/gateway" });
    this.#server.on("connection", (socket) => this.#greet(socket));
    world.onEvent((event) => {
      for (const session of this.#sessions.values()) session.tell(event);
    });
  }

  get connected(): number {
    return [...this.#sessions.values()].filter(({ socket }) => socket !== null).length;
  }

  /** Cuts every socket; a session that is not resumable is forgotten. */
  drop(resumable: boolean): void {
    for (const session of this.#sessions.values()) session.socket?.terminate();
    if (!resumable) this.#sessions.clear();
  }

  reconnect(): void {
    this.#toAll({ op: GatewayOpcodes.Reconnect, d: null });
  }

  invalidate(resumable: boolean): void {
    const sockets = this.#sockets();
    if (!resumable) this.#sessions.clear();
    for (const socket of sockets) socket.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: resumable }));
  }

  repeat(count: number): void {
    for (const session of this.#sessions.values()) session.repeat(count);
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #sockets(): WebSocket[] {
    return [...this.#sessions.values()].flatMap(({ socket }) => (socket === null ? [] : [socket]));
  }

  #toAll(payload: object): void {
    for (const socket of this.#sockets()) socket.send(JSON.stringify(payload));
  }

  #greet(socket: WebSocket): void {
    socket.send(JSON.stringify({ op: GatewayOpcodes.Hello, d: { heartbeat_interval: this.#heartbeatIntervalMs } }));
    socket.on("message", (raw: Buffer) => this.#receive(socket, raw.toString("utf8")));
    socket.on("close", () => {
      for (const session of this.#sessions.values()) if (session.socket === socket) session.socket = null;
      this.#world.changed();
    });
    socket.on("error", () => socket.terminate());
  }

  #receive(socket: WebSocket, text: string): void {
    const parsed = payloadSchema.safeParse(JSON.parse(text));
    if (!parsed.success) {
      this.#world.faults.push(`gateway: a payload that Discord would not take: ${text.slice(0, 200)}`);
      socket.close(GatewayCloseCodes.DecodeError);
      return;
    }
    const payload = parsed.data;
    switch (payload.op) {
      case GatewayOpcodes.Heartbeat:
        this.counts.heartbeats += 1;
        socket.send(JSON.stringify({ op: GatewayOpcodes.HeartbeatAck, d: null }));
        return;
      case GatewayOpcodes.PresenceUpdate:
        return;
      case GatewayOpcodes.Identify:
        return this.#identify(socket, payload.d.token, payload.d.intents);
      case GatewayOpcodes.Resume:
        return this.#resume(socket, payload.d);
    }
  }

  #refuse(socket: WebSocket, code: number, why: string): void {
    this.#world.faults.push(`gateway: ${why}`);
    socket.close(code, why);
  }

  #identify(socket: WebSocket, token: string, intents: number): void {
    const world = this.#world;
    if (token !== world.token) return this.#refuse(socket, GatewayCloseCodes.AuthenticationFailed, "Authentication failed.");
    const refused =
      GatewayIntentBits.GuildPresences |
      (world.hasMemberEvents ? 0 : GatewayIntentBits.GuildMembers) |
      (world.hasMessageContent ? 0 : GatewayIntentBits.MessageContent);
    if ((intents & refused) !== 0) return this.#refuse(socket, GatewayCloseCodes.DisallowedIntents, "Disallowed intent(s).");
    for (const session of this.#sessions.values()) if (session.socket === null) this.#sessions.delete(session.id);
    const session = new Session(`session-${world.snowflake()}`, intents, socket);
    this.#sessions.set(session.id, session);
    this.counts.identified += 1;
    session.dispatch("READY", {
      v: 10,
      user: { ...presentUser(world.bot), mfa_enabled: false, verified: true },
      guilds: [...world.guilds.keys()].map((id) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: `${world.origin.replace("http", "ws")}/gateway`,
      application: { id: world.applicationId, flags: 0 },
      shard: [0, 1],
    });
    for (const guild of world.guilds.values())
      session.tell({ type: "GUILD_CREATE", intent: GatewayIntentBits.Guilds, data: presentGuildCreate(world, guild) });
    world.changed();
  }

  #resume(socket: WebSocket, { token, session_id, seq }: { token: string; session_id: string; seq: number }): void {
    const session = this.#sessions.get(session_id);
    if (token !== this.#world.token || session === undefined || seq > session.sequence) {
      socket.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: false }));
      return;
    }
    if (session.socket !== null && session.socket !== socket) session.socket.close(resumableCloseCode);
    session.socket = socket;
    this.counts.resumed += 1;
    session.replay(seq);
    session.dispatch("RESUMED", { _trace: [] });
    this.#world.changed();
  }
}
