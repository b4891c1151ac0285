import type { Policy, PolicyView, Proposal } from "./policy.ts";
import { proposeRandom } from "./propose-random.ts";
import type { Rng } from "./rng.ts";

/** Random choice, type first: the paper's ablation, and the floor that every other policy has to beat. */
export class RandomPolicy implements Policy {
  readonly name = "random";

  observe(): void {}

  async propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null> {
    signal?.throwIfAborted();
    return proposeRandom(view, rng, this.name);
  }
}
