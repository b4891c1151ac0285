import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { collectDefaultMetrics, Registry } from "prom-client";
import { EnvironmentError } from "#src/errors.ts";
import type { Store } from "#src/store/store.ts";
import type { JobLogger } from "#tools/job-context.ts";
import { checkHealth } from "./health.ts";
import { readStoreMetrics } from "./store-metrics.ts";

/** What `/metrics` and `/healthz` are served from. */
export interface HttpOptions {
  store: Store;
  /** Nothing here asks who calls: other than loopback only behind a firewall or a proxy. */
  host?: string;
  /** 0 = any free one. */
  port: number;
  log: JobLogger;
  /** Longest wait for the database before `/healthz` says no. */
  patienceMs?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:9464`. */
  url: string;
  close(): Promise<void>;
}

const defaultPatienceMs = 3000;

/**
 * Serves `GET /metrics` (Prometheus) and `GET /healthz` (200 when the database answers, else 503).
 * @throws EnvironmentError when the address cannot be listened on.
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { store, host = "127.0.0.1", port, log, patienceMs = defaultPatienceMs } = options;
  const ownMetrics = new Registry();
  collectDefaultMetrics({ register: ownMetrics });

  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    "/metrics": async (response) => {
      const text = `${await ownMetrics.metrics()}${await (await readStoreMetrics(store)).metrics()}`;
      answer(response, 200, Registry.PROMETHEUS_CONTENT_TYPE, text);
    },
    "/healthz": async (response) => {
      const health = await checkHealth(store, patienceMs);
      answer(response, health.status === "ok" ? 200 : 503, "application/json", `${JSON.stringify(health)}\n`);
    },
  };

  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const route = routes[path];
    if (route === undefined) return answer(response, 404, "text/plain", `There is ${Object.keys(routes).join(" and ")}.\n`);
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "text/plain", "GET only.\n");
    route(response).catch((error: unknown) => {
      log.warn({ error, path }, `${path} could not be answered.`);
      if (!response.headersSent) answer(response, 503, "text/plain", "The store could not be read; the log says why.\n");
    });
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentError(
      `Nothing can be served on ${host}:${port} (${why}). Use another port or address.`,
      { host, port },
      { cause },
    );
  }
  const address = server.address();
  const url = `http://${host}:${typeof address === "object" && address !== null ? address.port : port}`;
  log.info({ url }, `Metrics at ${url}/metrics, health at ${url}/healthz.`);
  return {
    url,
    close: async () => {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text);
}
