import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** Text, parts of text, or nothing in an assistant's message that only calls tools. */
const contentSchema = z
  .union([z.string(), z.array(z.object({ text: z.string() })).transform((parts) => parts.map(({ text }) => text).join("\n"))])
  .nullish()
  .transform((content) => content ?? "");

/** What the server got: the chat completion request, as far as scripts look at it. */
export const completionRequestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: contentSchema })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
  response_format: z.object({ json_schema: z.object({ name: z.string() }) }).optional(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

/** How the server answers one request. */
export type ScriptedAnswer =
  | { kind: "json"; value: unknown }
  | { kind: "text"; text: string; finishReason?: "stop" | "length" }
  | { kind: "tools"; calls: readonly { name: string; input: object }[] }
  | { kind: "refusal"; text: string }
  | { kind: "status"; status: number; text?: string }
  | { kind: "hang" };

export interface ScriptedServer {
  /** `http://127.0.0.1:<port>/v1`. */
  baseUrl: string;
  /** Every request so far. */
  requests: CompletionRequest[];
  /** The bodies as they came. */
  bodies: string[];
  /** The `authorization` header of each. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** Real servers number their completions; graphs of messages rely on it. */
let completions = 0;

function sendCompletion(response: ServerResponse, model: string, message: object, finishReason: string): void {
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      id: `scripted-${(completions += 1)}`,
      object: "chat.completion",
      created: 0,
      model,
      choices: [{ index: 0, finish_reason: finishReason, message: { role: "assistant", content: null, refusal: null, ...message } }],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    }),
  );
}

function respond(response: ServerResponse, model: string, answer: ScriptedAnswer): void {
  switch (answer.kind) {
    case "json":
      return sendCompletion(response, model, { content: JSON.stringify(answer.value) }, "stop");
    case "text":
      return sendCompletion(response, model, { content: answer.text }, answer.finishReason ?? "stop");
    case "tools": {
      const calls = answer.calls.map(({ name, input }, index) => ({
        id: `call-${index}`,
        type: "function",
        function: { name, arguments: JSON.stringify(input) },
      }));
      return sendCompletion(response, model, { tool_calls: calls }, "tool_calls");
    }
    case "refusal":
      return sendCompletion(response, model, { refusal: answer.text }, "stop");
    case "status":
      response.statusCode = answer.status;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ error: { message: answer.text ?? `scripted ${answer.status}`, type: "scripted" } }));
      return;
    case "hang":
      return;
  }
}

/**
 * A server on loopback that speaks OpenAI's chat completions over real HTTP; `script` decides every answer from the
 * request and its number (from 0).
 */
export async function startScriptedOpenai(script: (request: CompletionRequest, number: number) => ScriptedAnswer): Promise<ScriptedServer> {
  const requests: CompletionRequest[] = [];
  const bodies: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const request = completionRequestSchema.parse(JSON.parse(body));
      requests.push(request);
      bodies.push(body);
      authorizations.push(incoming.headers.authorization);
      respond(response, request.model, script(request, requests.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    bodies,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
