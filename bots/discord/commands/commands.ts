import type { Command } from "../command.ts";
import { approve } from "./approve.ts";
import { budget } from "./budget.ts";
import { cancel } from "./cancel.ts";
import { compare } from "./compare.ts";
import { help } from "./help.ts";
import { info } from "./info.ts";
import { leaderboard } from "./leaderboard.ts";
import { plot } from "./plot.ts";
import { recipe } from "./recipe.ts";
import { run } from "./run.ts";
import { steer } from "./steer.ts";
import { tail } from "./tail.ts";
import { why } from "./why.ts";

/** All slash commands, in the order of `/help`. */
export const commands: readonly Command[] = [
  run,
  approve,
  why,
  steer,
  leaderboard,
  compare,
  plot,
  recipe,
  budget,
  tail,
  cancel,
  info,
  help,
];
