import { once } from "node:events";
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";

/** What the proxy does with the next `commit` that passes: lets the server have it and loses the answer, or loses it. */
type Commit = "lose-answer" | "lose-request";

/** Stands between a store and its server, and breaks the line where a test says so. */
export class PostgresProxy {
  /** Address of the database behind the proxy. */
  databaseUrl = "";
  lostCommits = 0;
  #nextCommit: Commit | null = null;
  #port = 0;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();
  readonly #target: URL;

  constructor(databaseUrl: string) {
    this.#target = new URL(databaseUrl);
  }

  /** Answers again, on the same port. */
  async start(): Promise<void> {
    this.#server = createServer((client) => this.#join(client));
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy has no port");
    this.#port = address.port;
    const url = new URL(this.#target);
    url.hostname = "127.0.0.1";
    url.port = String(this.#port);
    this.databaseUrl = url.href;
  }

  /** Breaks every connection and refuses new ones. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.close();
    await once(server, "close");
  }

  breakNextCommit(how: Commit): void {
    this.#nextCommit = how;
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port || 5432), this.#target.hostname);
    let isDeaf = false;
    const end = () => {
      client.destroy();
      server.destroy();
      this.#sockets.delete(client);
    };
    this.#sockets.add(client);
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    client.on("data", (bytes) => {
      const how = bytes.includes("commit\0") ? this.#nextCommit : null;
      if (how !== null) {
        this.#nextCommit = null;
        this.lostCommits += 1;
        if (how === "lose-request") return end();
        isDeaf = true;
      }
      server.write(bytes);
    });
    server.on("data", (bytes) => {
      // The server has answered, so it has committed.
      if (isDeaf) end();
      else client.write(bytes);
    });
  }
}
