import type { IncomingMessage, ServerResponse } from "node:http";
import { ErrorResponseSchema, RatelimitedResponseSchema } from "discord-api-spec/zod";
import { answer } from "../world/answer.ts";
import type { World } from "../world/world.ts";
import { DiscordError, discordErrors, isFault } from "./discord-error.ts";
import type { Limiter } from "./limiter.ts";
import { readRequest, type RequestBody } from "./read-request.ts";
import { findRoute, makeCall, type Route } from "./router.ts";
import { channelRoutes } from "./routes/channels.ts";
import { commandRoutes } from "./routes/commands.ts";
import { guildRoutes } from "./routes/guilds.ts";
import { interactionRoutes } from "./routes/interactions.ts";
import { messageRoutes } from "./routes/messages.ts";
import { reactionRoutes } from "./routes/reactions.ts";

const routes: readonly Route[] = [
  ...channelRoutes,
  ...commandRoutes,
  ...guildRoutes,
  ...interactionRoutes,
  ...messageRoutes,
  ...reactionRoutes,
];

const apiPrefix = /^\/api\/v10/;

interface Reply {
  status: number;
  body: object | null;
  headers?: Record<string, string>;
}

/** Discord's REST API: authorises, limits, finds the route, answers in Discord's shapes and remembers every request. */
export class Rest {
  readonly #world: World;
  readonly #limiter: Limiter;

  constructor(world: World, limiter: Limiter) {
    this.#world = world;
    this.#limiter = limiter;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    if (url.pathname.startsWith("/cdn/")) return this.#sendFile(url.pathname, response);
    const path = url.pathname.replace(apiPrefix, "");
    const method = request.method ?? "GET";
    const found = findRoute(routes, method, path);
    const body = await readRequest(request);
    const record = {
      method,
      route: found?.route.route ?? `${method} ${path}`,
      path,
      body: body.json,
      status: 0,
      atMs: this.#world.elapsedMs,
    };
    this.#world.requests.push(record);
    const reply = await this.#reply(found, url.searchParams, body, request);
    record.status = reply.status;
    const type = reply.body === null ? {} : { "content-type": "application/json" };
    response.writeHead(reply.status, { ...type, ...reply.headers });
    response.end(reply.body === null ? undefined : JSON.stringify(reply.body));
    this.#world.changed();
  }

  async #reply(found: ReturnType<typeof findRoute>, query: URLSearchParams, body: RequestBody, request: IncomingMessage): Promise<Reply> {
    const name = found?.route.route ?? `${request.method} ${request.url}`;
    try {
      if (found === null) throw discordErrors.notFound();
      const major = found.params["channel"] ?? found.params["guild"] ?? "";
      const hindrance = this.#limiter.check(name, major);
      if (hindrance?.kind === "limited") return limited(hindrance.retryAfterSeconds, hindrance.isGlobal, hindrance.scope);
      if (hindrance?.kind === "broken") return { status: hindrance.status, body: { code: 0, message: `${hindrance.status}: Broken` } };
      const isAuthorised = request.headers.authorization === `Bot ${this.#world.token}`;
      if (found.route.isOpen !== true && !isAuthorised) throw discordErrors.unauthorized();
      const result = await found.route.answer(makeCall(this.#world, found.params, query, body));
      return { status: result === null ? 204 : 200, body: result, headers: this.#limiter.headers(name, major) };
    } catch (error) {
      return this.#refuse(name, error, body.json);
    }
  }

  #refuse(name: string, error: unknown, body: unknown): Reply {
    if (!(error instanceof DiscordError)) {
      this.#world.faults.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { status: 500, body: { code: 0, message: "500: Internal Server Error" } };
    }
    const { status, code, message, errors } = error;
    const shape = { code, message, ...(errors === undefined ? {} : { errors }) };
    if (isFault(error)) this.#world.faults.push(`${name}: ${status} ${JSON.stringify(shape)} to ${JSON.stringify(body)?.slice(0, 500)}`);
    // The published schema wants numbers for the codes of parts; Discord sends words (`BASE_TYPE_REQUIRED`).
    answer("error", ErrorResponseSchema, { code, message });
    return { status, body: shape };
  }

  #sendFile(path: string, response: ServerResponse): void {
    const file = this.#world.files.get(path.split("/")[3] ?? "");
    response.writeHead(file === undefined ? 404 : 200, { "content-type": file?.contentType ?? "text/plain" });
    response.end(file?.bytes);
  }
}

function limited(retryAfterSeconds: number, isGlobal: boolean, scope: string): Reply {
  return {
    status: 429,
    body: answer("rate limit", RatelimitedResponseSchema, {
      code: 0,
      message: "You are being rate limited.",
      retry_after: retryAfterSeconds,
      global: isGlobal,
    }),
    headers: {
      "retry-after": String(Math.ceil(retryAfterSeconds)),
      "x-ratelimit-scope": scope,
      "x-ratelimit-reset-after": String(retryAfterSeconds),
      ...(isGlobal ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}
