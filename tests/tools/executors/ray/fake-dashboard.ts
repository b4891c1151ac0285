import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** A job as Ray tells of it. */
export interface FakeRayJob {
  status: string;
  message?: string;
  error_type?: string | null;
  driver_exit_code?: number | null;
}

/** What Ray's dashboard answers, as far as Temper asks, with a test's own jobs and nodes. */
export class FakeDashboard {
  readonly jobs = new Map<string, FakeRayJob>();
  /** Bodies of submissions, by id. */
  readonly submitted = new Map<string, string>();
  nodes: Record<string, number>[] = [{ CPU: 4, GPU: 1 }];
  readonly headers: IncomingMessage["headers"][] = [];
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then(([status, body]) => response.writeHead(status).end(body));
  });

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the dashboard has no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage): Promise<[number, string]> {
    this.headers.push(request.headers);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts).toString("utf8");
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (path === "/api/v0/nodes") return [200, JSON.stringify({ data: { result: { result: this.nodes.map(node) } } })];
    // As Ray does: a browser's request cannot be told from another site's.
    if (request.method === "POST" && request.headers["sec-fetch-mode"] !== undefined)
      return [405, "method not allowed for browser traffic"];
    if (request.method === "POST" && path === "/api/jobs/") return this.#submit(body);
    const id = path.split("/")[3] ?? "";
    if (path.endsWith("/stop")) return [this.jobs.has(id) ? 200 : 404, '{"stopped": true}'];
    const job = this.jobs.get(id);
    return job === undefined ? [404, `Job ${id} does not exist`] : [200, JSON.stringify(job)];
  }

  #submit(body: string): [number, string] {
    const id = String(JSON.parse(body).submission_id);
    if (this.submitted.has(id))
      return [500, `Traceback\nValueError: Job with submission_id ${id} already exists. Please use a different one.`];
    this.submitted.set(id, body);
    this.jobs.set(id, { status: "PENDING" });
    return [200, JSON.stringify({ job_id: id, submission_id: id })];
  }
}

const node = (resources: Record<string, number>) => ({ node_ip: "10.0.0.1", state: "ALIVE", resources_total: resources });
