import type { InteractionRecord } from "./interaction-record.ts";
import type { World } from "./world.ts";

const acknowledgeMs = 3000;
const tokenMs = 15 * 60_000;

function age(world: World, { sentAt }: InteractionRecord): number {
  return world.now().getTime() - sentAt.getTime();
}

/** Whether the 3 seconds for the first answer are over. */
export function isLate(world: World, interaction: InteractionRecord): boolean {
  return age(world, interaction) > acknowledgeMs;
}

/** Whether the 15 minutes of an interaction's token are over. */
export function isExpired(world: World, interaction: InteractionRecord): boolean {
  return age(world, interaction) > tokenMs;
}
