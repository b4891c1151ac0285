import type { z } from "zod";
import type { World } from "../world/world.ts";
import { discordErrors } from "./discord-error.ts";
import { parseBody } from "./parse-body.ts";
import type { RequestBody } from "./read-request.ts";

/** A request on its way through a route. */
export interface Call {
  world: World;
  /** Values of the route's `:names`; throws for one that the route does not have. */
  param(name: string): string;
  query: URLSearchParams;
  body: RequestBody;
  /** The body by a schema of Discord's. */
  parse<T>(schema: z.core.$ZodType<T>): T;
}

/** `null` is 204 with no body. */
export type RouteAnswer = object | null;

/** A route of the API: `PATCH /channels/:channel/messages/:message`. */
export interface Route {
  route: string;
  /** Interaction and webhook routes carry their token in the path. */
  isOpen?: boolean;
  answer(call: Call): RouteAnswer | Promise<RouteAnswer>;
}

/** Finds the route of a request and its parameters. */
export function findRoute(routes: readonly Route[], method: string, path: string): { route: Route; params: Record<string, string> } | null {
  const parts = path.split("/");
  for (const route of routes) {
    const [routeMethod, pattern = ""] = route.route.split(" ");
    const names = pattern.split("/");
    if (routeMethod !== method || names.length !== parts.length) continue;
    if (names.every((name, index) => name.startsWith(":") || name === parts[index])) {
      const params = names.flatMap((name, index) =>
        name.startsWith(":") ? [[name.slice(1), decodeURIComponent(parts[index] ?? "")]] : [],
      );
      return { route, params: Object.fromEntries(params) };
    }
  }
  return null;
}

/** Puts together what a route gets. */
export function makeCall(world: World, params: Record<string, string>, query: URLSearchParams, body: RequestBody): Call {
  return {
    world,
    query,
    body,
    param(name) {
      const value = params[name];
      if (value === undefined) throw discordErrors.notFound();
      return value;
    },
    parse: (schema) => parseBody(schema, body.json),
  };
}
