import { describe, expect, it } from "vitest";
import { createRedactor } from "#src/create-redactor.ts";

describe("createRedactor", () => {
  const redact = createRedactor({ OPENAI_API_KEY: "local-abcdefgh", HF_TOKEN: "short", HOME: "/home/person" });

  it("blanks values of variables that are named like secrets", () => {
    expect(redact("the key local-abcdefgh was refused in /home/person")).toBe("the key *** was refused in /home/person");
  });

  it("blanks tokens by their form and passwords in addresses", () => {
    expect(redact("sk-proj1234567890abcdef")).toBe("sk-***");
    expect(redact("Authorization: Bearer abcdefghijklmnop")).toBe("Authorization: Bearer ***");
    expect(redact("postgres://temper:hunter22@127.0.0.1/db")).toBe("postgres://temper:***@127.0.0.1/db");
  });

  it("blanks the password of an address by itself, encoded or not, and what no variable is named for", () => {
    const clean = createRedactor({ TEMPER_DATABASE_URL: "postgres://temper:hunter%2F2222@db/temper", ADDRESS: "not an address" }, [
      "token-from-a-file",
      undefined,
    ]);
    expect(clean("hunter/2222 hunter%2F2222 token-from-a-file not an address")).toBe("*** *** *** not an address");
  });

  it("leaves ordinary text alone", () => {
    expect(redact("m17 .711 ±.018 at http://127.0.0.1:8080/runs")).toBe("m17 .711 ±.018 at http://127.0.0.1:8080/runs");
  });
});
