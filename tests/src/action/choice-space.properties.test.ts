import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalAction } from "#src/action/canonical-action.ts";
import { canonicalJson } from "#src/action/canonical-json.ts";
import { actionKey } from "#src/action/key.ts";
import { createRng } from "#src/policy/rng.ts";
import { spaceCases, spaceOf } from "./space-cases.ts";

const runs = { numRuns: 150 };

describe("a ChoiceSpace of any small pool", () => {
  it("counts exactly what it lists, by type and in all", () => {
    fc.assert(
      fc.property(spaceCases, (drawn) => {
        const space = spaceOf(drawn);
        const listed = [...space.iterate()];
        expect(space.size().total).toBe(listed.length);
        for (const type of space.types) {
          expect(space.size().byType[type]).toBe(listed.filter((action) => action.type === type).length);
          expect([...space.iterate(type)]).toEqual(listed.filter((action) => action.type === type));
        }
      }),
      runs,
    );
  });

  it("lists no action twice, only canonical ones, and only ones that pass its check", () => {
    fc.assert(
      fc.property(spaceCases, (drawn) => {
        const space = spaceOf(drawn);
        const listed = [...space.iterate()];
        expect(new Set(listed.map((action) => canonicalJson(action))).size).toBe(listed.length);
        for (const action of listed) {
          expect(space.check(action)).toEqual({ valid: true });
          expect(canonicalAction(action)).toEqual(action);
        }
      }),
      runs,
    );
  });

  it("gives different actions different keys, and an action the same key however it is written", () => {
    fc.assert(
      fc.property(spaceCases, fc.integer(), (drawn, seed) => {
        const space = spaceOf(drawn);
        const objects = {
          models: new Map(drawn.models.map((model) => [model.id, model])),
          datasets: new Map(drawn.datasets.map((each) => [each.id, each])),
        };
        const listed = [...space.iterate()];
        expect(new Set(listed.map((action) => actionKey(action, objects))).size).toBe(listed.length);
        const rng = createRng(seed);
        for (const action of listed.slice(0, 20)) {
          const { weights } = action.setting;
          const order = action.type === "merge_slerp" ? action.models.map((_, i) => i) : rng.shuffle(action.models.map((_, i) => i));
          const shuffled = {
            ...action,
            models: order.flatMap((place) => action.models.slice(place, place + 1)),
            setting: Object.fromEntries(
              rng.shuffle(
                Object.entries({
                  ...action.setting,
                  ...(Array.isArray(weights) ? { weights: order.flatMap((place) => weights.slice(place, place + 1)) } : {}),
                }),
              ),
            ),
          };
          expect(actionKey(shuffled, objects)).toBe(actionKey(action, objects));
          expect(canonicalAction(shuffled)).toEqual(action);
        }
      }),
      runs,
    );
  });

  it("samples valid untried actions until none is left, and then says so", () => {
    fc.assert(
      fc.property(spaceCases, fc.integer(), (drawn, seed) => {
        const space = spaceOf(drawn);
        const rng = createRng(seed);
        for (const type of space.types) {
          const left = space.size().byType[type] ?? 0;
          const seen = new Set<string>();
          for (let i = 0; i < left; i++) {
            const action = space.sample(type, rng);
            if (action === null) throw new Error(`no sample with ${left - i} left`);
            expect(space.check(action)).toEqual({ valid: true });
            space.claim(action);
            seen.add(canonicalJson(canonicalAction(action)));
            expect(space.check(action).valid).toBe(false);
          }
          expect(seen.size).toBe(left);
          expect(space.sample(type, rng)).toBeNull();
          expect(space.size().byType[type]).toBe(0);
        }
        expect([...space.iterate()]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("counts the same whatever the order in which claims and objects arrive, and under bans that come and go", () => {
    fc.assert(
      fc.property(spaceCases, fc.integer(), fc.boolean(), (drawn, seed, claimsFirst) => {
        const whole = spaceOf(drawn);
        const rng = createRng(seed);
        const tried = [...whole.iterate()].filter(() => rng.uniform() < 0.3);
        const space = spaceOf(claimsFirst ? { ...drawn, models: [], datasets: [] } : drawn);
        for (const action of tried) space.claim(action);
        for (const model of drawn.models.toReversed()) space.addModel(model);
        for (const each of drawn.datasets) space.addDataset(each);
        expect(space.size().total).toBe(whole.size().total - tried.length);
        const ban = { id: 1, author: "anna", createdAt: "", revokedAt: null, text: "no m0", body: { kind: "ban", object: "m0" } } as const;
        space.setDirectives([ban]);
        expect(space.size().total).toBe([...space.iterate()].length);
        expect([...space.iterate()].some((action) => action.models.includes("m0"))).toBe(false);
        space.setDirectives([{ ...ban, revokedAt: "2026-01-01" }]);
        expect(space.size().total).toBe(whole.size().total - tried.length);
      }),
      runs,
    );
  });
});
