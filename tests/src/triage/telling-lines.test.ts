import { expect, it } from "vitest";
import { tellingLines } from "#src/triage/telling-lines.ts";

it("finds what a log says about the failure, and leaves out where it happened", () => {
  const log = [
    "step 1/80 loss 2.1",
    "Traceback (most recent call last):",
    '  File "/opt/train.py", line 12, in run',
    "    ^^^^^^^",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
    "bye",
  ].join("\n");
  expect(tellingLines(log)).toEqual(["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"]);
});

it("gives the end of a log that names no error, and nothing for an empty one", () => {
  expect(tellingLines("a\nb\n\nc\n", 2)).toEqual(["b", "c"]);
  expect(tellingLines("")).toEqual([]);
});
