import { expect, it } from "vitest";
import { useSqliteStore } from "./use-sqlite-store.ts";

const opened = useSqliteStore();

it("lets others have their turn while one goes on reading", async () => {
  const { store, run } = opened;
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const started = performance.now();
  while (performance.now() - started < 300) await store.runs.find(run.id);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});

it("interrupts no transaction", async () => {
  const { store, run } = opened;
  const seen: string[] = [];
  const long = store.transaction(async (inside) => {
    const started = performance.now();
    while (performance.now() - started < 60) await inside.runs.find(run.id);
    await inside.runs.setState(run.id, ["running"], "paused", "by the transaction");
    seen.push("transaction");
  });
  const other = store.runs.find(run.id).then((found) => seen.push(found?.state ?? "gone"));
  await Promise.all([long, other]);
  expect(seen.at(-1)).toBe("paused");
});
