import { describe, expect, it } from "vitest";
import { createPlainBlock, createTerminalBlock } from "#bots/terminal/live/live-block.ts";

describe("createTerminalBlock", () => {
  it("redraws in place and keeps printed lines above", () => {
    let written = "";
    const block = createTerminalBlock((text) => (written += text));
    block.show(["a", "b"]);
    block.show(["a", "b"]);
    expect(written).toBe("a\nb\n");
    block.print("new best");
    expect(written).toBe("a\nb\n\u001b[2A\r\u001b[0Jnew best\na\nb\n");
    written = "";
    block.clear();
    block.clear();
    expect(written).toBe("\u001b[2A\r\u001b[0J");
  });
});

describe("createPlainBlock", () => {
  it("writes no cursor codes, and the last line only now and then", () => {
    let written = "";
    let now = 0;
    const block = createPlainBlock(
      (text) => (written += text),
      () => new Date(now),
      1000,
    );
    block.show(["lane", " best m1"]);
    now = 1000;
    block.show(["lane", " best m1"]);
    block.show(["lane", " best m2"]);
    block.print("trial 3 is done");
    block.clear();
    expect(written).toBe("best m1\ntrial 3 is done\n");
  });
});
