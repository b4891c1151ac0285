import { once } from "node:events";
import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

it.runIf(process.platform === "linux")("makes the thread nicer that asks for it, and no other", async () => {
  const module = new URL("../../../bots/threads/lower-priority.ts", import.meta.url).href;
  const code = `import("${module}").then(({ lowerPriority }) => {
    lowerPriority(3);
    require("node:worker_threads").parentPort.postMessage(require("node:os").getPriority());
  })`;
  const before = getPriority();
  const worker = new Worker(code, { eval: true });
  const [niceness] = await once(worker, "message");
  await worker.terminate();
  expect(niceness).toBe(Math.min(19, before + 3));
  expect(getPriority()).toBe(before);
});
