import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { FakeFile } from "../driver.ts";

/** A request's body: its JSON and the files that came with it, by their number in `files[n]`. */
export interface RequestBody {
  json: unknown;
  files: Map<number, Omit<FakeFile, "id">>;
}

const fieldSchema = /^files\[(\d+)\]$/;

/** Reads JSON, or a multipart form with `payload_json` and `files[n]`. */
export async function readRequest(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk));
  const bytes = Buffer.concat(chunks);
  const files: RequestBody["files"] = new Map();
  if (bytes.length === 0) return { json: undefined, files };
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return { json: JSON.parse(bytes.toString("utf8")), files };
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  for (const [name, value] of form) {
    const number = fieldSchema.exec(name)?.[1];
    if (number === undefined || typeof value === "string") continue;
    files.set(Number(number), {
      name: value.name,
      contentType: value.type === "" ? "application/octet-stream" : value.type,
      bytes: Buffer.from(await value.arrayBuffer()),
    });
  }
  const payload = form.get("payload_json");
  return { json: typeof payload === "string" ? JSON.parse(payload) : {}, files };
}
