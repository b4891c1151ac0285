import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { EngineUnreachableError } from "../engine/engine-unreachable-error.ts";

const timeoutMs = 30_000;

/** Ray's answer. */
export interface RayAnswer {
  status: number;
  body: string;
}

/** A question to Ray's dashboard. */
export interface RayQuestion {
  method: "GET" | "POST" | "DELETE";
  /** Path with query, such as `/api/jobs/`. */
  path: string;
  /** Sent as JSON. */
  body?: object;
}

/**
 * Asks Ray's dashboard. Not by `fetch`: its Sec-Fetch-Mode header makes Ray refuse a POST as browser traffic.
 * @param token For clusters that ask for one (RAY_AUTH_TOKEN). @throws EngineUnreachableError without an answer.
 */
export async function requestRay(address: string, { method, path, body }: RayQuestion, token?: string): Promise<RayAnswer> {
  const url = new URL(path, address);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const answer = await new Promise<RayAnswer>((resolve, reject) => {
    const asked = send(url, { method, headers, timeout: timeoutMs }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", fail);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") }));
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
    asked.on("error", fail);
    asked.end(text);

    function fail(error: Error) {
      reject(
        new EngineUnreachableError(`Ray does not answer at ${address}: ${error.message || error.name}`, { address }, { cause: error }),
      );
    }
  });
  if (answer.status === 502 || answer.status === 503 || answer.status === 504) {
    throw new EngineUnreachableError(`Ray does not answer at ${address}: HTTP ${answer.status}`, { address });
  }
  return answer;
}
