import { expect, it } from "vitest";
import { isSlurmTime, slurmSeconds } from "#src/config/slurm-time.ts";

it.each([
  ["90", 5400],
  ["2:30", 150],
  ["04:00:00", 14_400],
  ["1-12", 129_600],
  ["1-12:30", 131_400],
  ["1-12:30:15", 131_415],
])("reads %s as sbatch does", (text, seconds) => {
  expect(slurmSeconds(text)).toBe(seconds);
});

it.each(["", "4h", "1:2:3:4", "UNLIMITED", "-1"])("refuses %s", (text) => {
  expect(isSlurmTime(text)).toBe(false);
  expect(() => slurmSeconds(text)).toThrow(RangeError);
});
