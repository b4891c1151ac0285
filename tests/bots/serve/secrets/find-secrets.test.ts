import { expect, it } from "vitest";
import { findSecrets } from "./find-secrets.ts";

it.each([
  ["as it is", 'before planted/"secret after'],
  ["inside of JSON", JSON.stringify({ token: 'planted/"secret' })],
  ["inside of an address", `postgres://u:${encodeURIComponent('planted/"secret')}@h/d`],
  ["as Base64 with a name before it", Buffer.from('user:planted/"secret').toString("base64")],
  ["as Base64 with something after it", Buffer.from('u:planted/"secret, and more').toString("base64")],
])("finds a secret that stands there %s", (_, text) => {
  expect(findSecrets([{ name: "a log", text }], { "the token": 'planted/"secret' })).toEqual(["the token in a log"]);
});

it("finds nothing where there is none", () => {
  expect(findSecrets([{ name: "a log", text: "planted/ secret" }], { "the token": 'planted/"secret' })).toEqual([]);
});
