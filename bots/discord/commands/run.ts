import { ApplicationCommandOptionType, type APIApplicationCommandSubcommandOption } from "discord-api-types/v10";
import { UserInputError } from "#src/errors.ts";
import { listRuns } from "#src/service/list-runs.ts";
import { pauseRun } from "#src/service/pause-run.ts";
import { resumeRun } from "#src/service/resume-run.ts";
import { runStatus } from "#src/service/run-status.ts";
import { stopRun } from "#src/service/stop-run.ts";
import type { Run } from "#src/store/store.ts";
import { renderStatus } from "../../terminal/render/render-status.ts";
import { answer, type Answer } from "../answer.ts";
import { type AttachedFile, type CommandInput, defineCommand } from "../command.ts";
import { type Place, runOf } from "../place.ts";
import { codeBlock, escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { escapeLine } from "../render/escape.ts";
import { requireRole } from "../require-role.ts";
import { numberOf, runOption, textOf, wordOption } from "./options.ts";
import { startRun } from "./start-run.ts";

/** What `/run` was asked for. */
export type RunAsk =
  | {
      kind: "start";
      config: string | null;
      file: AttachedFile | null;
      trials: number | null;
      steps: number | null;
      deviceHours: number | null;
      name: string | null;
    }
  | { kind: "add"; model: string | null; dataset: string | null; task: string | null; run: string | null }
  | { kind: "list" }
  | { kind: "status" | "pause" | "resume"; run: string | null }
  | { kind: "stop"; run: string | null; now: boolean };

const { Attachment, Boolean: Flag, Integer, Number: Decimal, String: Text, Subcommand } = ApplicationCommandOptionType;

function subcommand(name: string, description: string, options: APIApplicationCommandSubcommandOption["options"] = [runOption]) {
  return { type: Subcommand, name, description, options } satisfies APIApplicationCommandSubcommandOption;
}

function parse(input: CommandInput): RunAsk {
  const run = textOf(input, "run");
  switch (input.subcommand) {
    case "start":
      return {
        kind: "start",
        config: textOf(input, "config"),
        file: input.file,
        trials: numberOf(input, "trials"),
        steps: numberOf(input, "steps"),
        deviceHours: numberOf(input, "device_hours"),
        name: textOf(input, "name"),
      };
    case "add":
      return { kind: "add", model: textOf(input, "model"), dataset: textOf(input, "dataset"), task: textOf(input, "task"), run };
    case "list":
      return { kind: "list" };
    case "stop":
      return { kind: "stop", run, now: input.options["now"] === true };
    case "pause":
    case "resume":
    case "status":
      return { kind: input.subcommand, run };
    case null:
    default:
      throw new UserInputError(`There is no /run ${input.subcommand ?? ""}. See /help.`);
  }
}

async function list({ store }: Place): Promise<Answer> {
  const runs = (await listRuns(store)).slice(-15).toReversed();
  if (runs.length === 0) return answer("There is no run yet. Start one: `/run start`");
  const lines = runs.map(({ id, state, stateReason, chosen, trials, waiting }) => {
    const asks = waiting > 0 ? `, **${waiting} wait for an approval**` : "";
    return `**${escapeMarkdown(id)}** ${state} (${escapeLine(stateReason, 80)}) · ${chosen} of ${trials} trials${asks}`;
  });
  return answer(lines.join("\n"));
}

async function pauseOrResume(kind: "pause" | "resume", run: Run, { store, person, desk }: Place): Promise<Answer> {
  const author = person.name;
  if (kind === "pause") await pauseRun(store, run, { author });
  else await resumeRun(store, run, { author });
  desk.wake();
  return answer(
    kind === "pause" ? `**${escapeMarkdown(run.name)}** is paused: no new trials.` : `**${escapeMarkdown(run.name)}** goes on.`,
  );
}

async function add({ model, dataset, task }: Extract<RunAsk, { kind: "add" }>, run: Run, { desk, person }: Place): Promise<Answer> {
  const named = [
    { section: "models", name: model },
    { section: "datasets", name: dataset },
    { section: "tasks", name: task },
  ] as const;
  const objects = named.flatMap(({ section, name }) => (name === null ? [] : [{ section, name }]));
  if (objects.length === 0) throw new UserInputError("Name a model, a dataset or a task of the catalogue.");
  const proposal = await desk.wishes.propose(run, { kind: "add", objects }, person);
  return answer(`This joins **${escapeMarkdown(run.name)}** once somebody confirms it.`, { proposal });
}

async function perform(ask: RunAsk, place: Place): Promise<Answer> {
  if (ask.kind === "start") return startRun(ask, place);
  if (ask.kind === "list") return list(place);
  if (ask.kind !== "status") requireRole(place.person, "operator", ask.kind === "add" ? "add to a run" : `${ask.kind} a run`);
  const run = await runOf(place, ask.run);
  switch (ask.kind) {
    case "status":
      return answer(codeBlock(renderStatus(await runStatus(place.store, run.id), place.desk.now())));
    case "pause":
    case "resume":
      return pauseOrResume(ask.kind, run, place);
    case "add":
      return add(ask, run, place);
    case "stop":
      await stopRun(place.store, run, { now: ask.now, author: place.person.name });
      place.desk.wake();
      return answer(
        `**${escapeMarkdown(run.name)}** is stopping: ${ask.now ? "what is under way is cancelled" : "trials under way are finished"}. What was found stays: \`/leaderboard\`, \`/recipe\`.`,
      );
  }
}

/** `/run start|add|list|status|pause|resume|stop`. */
export const run = defineCommand({
  definition: {
    name: "run",
    description: "Start, see, pause or stop a run",
    options: [
      subcommand("start", "Plan a run; a card shows what it will do and cost before anything starts", [
        wordOption("config", "A run of the catalogue, such as three-skills"),
        { type: Attachment, name: "file", description: "A run config of your own (temper.yaml); it may name what the catalogue has" },
        { type: Integer, name: "trials", description: "How many trials to choose", min_value: 1, max_value: 100_000 },
        { type: Integer, name: "steps", description: "Most optimiser steps of the chosen trials in all", min_value: 1 },
        { type: Decimal, name: "device_hours", description: "Most device-hours in all", min_value: 0 },
        { type: Text, name: "name", description: "Name of the run (default: the config's)", max_length: 60 },
      ]),
      subcommand("add", "Let a model, dataset or task of the catalogue join a run that goes on", [
        wordOption("model", "A base model of the catalogue"),
        wordOption("dataset", "A dataset of the catalogue"),
        wordOption("task", "A task of the catalogue; models are measured on it first"),
        runOption,
      ]),
      subcommand("list", "All runs, the latest first", []),
      subcommand("status", "Where a run stands"),
      subcommand("pause", "No new trials until it is resumed"),
      subcommand("resume", "Go on with a paused or stopped run"),
      subcommand("stop", "End a run; what was found stays", [
        runOption,
        { type: Flag, name: "now", description: "Cancel what is under way, too" },
      ]),
    ],
  },
  parse,
  run: perform,
});

/** Pure half of `/run`, for its test. */
export const parseRunCommand = parse;
