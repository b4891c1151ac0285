/** An injected fault: 429s or broken answers for the next requests of a route. */
interface Injected {
  route: string;
  left: number;
  retryAfterSeconds: number;
  isGlobal: boolean;
  status: number;
}

/** What stands in the way of a request. */
export type Hindrance =
  | { kind: "limited"; retryAfterSeconds: number; isGlobal: boolean; scope: "user" | "global" }
  | { kind: "broken"; status: number };

const bucketSize = 5;
const bucketMs = 5000;
const bucketRoutes = new Set(["POST /channels/:channel/messages", "PATCH /channels/:channel/messages/:message"]);

/** Rate limits: those a test injects and, when asked for, Discord's own for messages (5 per 5 seconds and channel). */
export class Limiter {
  readonly #keepsBuckets: boolean;
  readonly #injected: Injected[] = [];
  readonly #buckets = new Map<string, number[]>();

  constructor(keepsBuckets: boolean) {
    this.#keepsBuckets = keepsBuckets;
  }

  limit(route: string, times: number, retryAfterSeconds: number, isGlobal: boolean): void {
    this.#injected.push({ route, left: times, retryAfterSeconds, isGlobal, status: 429 });
  }

  breakRoute(route: string, times: number, status: number): void {
    this.#injected.push({ route, left: times, retryAfterSeconds: 0, isGlobal: false, status });
  }

  /** What stands in the way of this request, if anything; counts it. `major` is the channel or guild that the limit is for. */
  check(route: string, major: string): Hindrance | null {
    const injected = this.#injected.find((each) => each.left > 0 && (each.route === "*" || each.isGlobal || sameRoute(each.route, route)));
    if (injected !== undefined) {
      injected.left -= 1;
      const { status, retryAfterSeconds, isGlobal } = injected;
      if (status !== 429) return { kind: "broken", status };
      return { kind: "limited", retryAfterSeconds, isGlobal, scope: isGlobal ? "global" : "user" };
    }
    if (!this.#keepsBuckets || !bucketRoutes.has(route)) return null;
    return this.#fill(`${route} ${major}`);
  }

  /** Discord tells how much of a bucket is left, and clients slow down by it. */
  headers(route: string, major: string): Record<string, string> {
    if (!this.#keepsBuckets || !bucketRoutes.has(route)) return {};
    const times = this.#recent(`${route} ${major}`);
    const resetMs = times[0] === undefined ? bucketMs : times[0] + bucketMs - performance.now();
    return {
      "x-ratelimit-limit": String(bucketSize),
      "x-ratelimit-remaining": String(Math.max(0, bucketSize - times.length)),
      "x-ratelimit-reset-after": (Math.max(0, resetMs) / 1000).toFixed(3),
      "x-ratelimit-bucket": route.startsWith("POST") ? "messages-create" : "messages-edit",
    };
  }

  #recent(bucket: string): number[] {
    return (this.#buckets.get(bucket) ?? []).filter((at) => at > performance.now() - bucketMs);
  }

  #fill(bucket: string): Hindrance | null {
    const times = this.#recent(bucket);
    const [oldest] = times;
    if (times.length >= bucketSize && oldest !== undefined)
      return { kind: "limited", retryAfterSeconds: (oldest + bucketMs - performance.now()) / 1000, isGlobal: false, scope: "user" };
    this.#buckets.set(bucket, [...times, performance.now()]);
    return null;
  }
}

function plainRoute(route: string): string {
  return route.replaceAll(/:[a-z]+/g, ":id");
}

/** `:id` stands for any parameter, so that a test need not know its name. */
function sameRoute(asked: string, route: string): boolean {
  return plainRoute(asked) === plainRoute(route);
}
