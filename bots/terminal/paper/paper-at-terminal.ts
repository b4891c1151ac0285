import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { runPaper } from "#graphs/paper/run-paper.ts";
import { UserInputError } from "#src/errors.ts";
import type { WrittenPage } from "#src/paper/write-page.ts";
import type { Store } from "#src/store/store.ts";
import { openStore } from "#src/store/open-store.ts";
import type { CommandHost } from "../command-host.ts";
import type { PaperOptions } from "../commands/paper.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { venvPython } from "../project.ts";
import { type PaperWish, readPaperWish } from "./paper-request.ts";

/** These trainings pass no admission check: whoever types the command says yes to all of them, once. */
async function mayTrain(host: CommandHost, { parts, seeds, trials }: PaperWish, { config, config2, yes }: PaperOptions): Promise<boolean> {
  const files = [config, config2].flatMap((file) => file ?? []);
  if (files.length === 0 || yes === true || parts.length === 0) return true;
  const what = `${parts.join(", ")} on ${files.join(" and ")}: ${seeds.length} seeds, ${trials} trained models a search and seed, and what they are compared with. Budgets and approvals of the config do not count here.`;
  if (!host.terminal.isInteractive) throw new UserInputError(`${what} Say --yes to go on without being asked.`);
  const answer = await host.terminal.ask(`${what} Go on? [y/N] `);
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

function tell(host: CommandHost, { page, figures, lacking }: WrittenPage): void {
  const lacks = lacking.length === 0 ? "" : `\nNot there yet, or with too few seeds: ${lacking.join(", ")}.`;
  host.print(`Wrote ${relative(host.terminal.cwd, page)} and ${figures.length} pictures.${lacks}`);
}

/** Does a part of the paper, or all, and writes the page. */
export async function paperAtTerminal(host: CommandHost, part: string, options: PaperOptions): Promise<ExitCode> {
  const { terminal } = host;
  const home = resolve(terminal.cwd, options.home);
  const placeOf = (folder: string | undefined, usual: string) => (folder === undefined ? usual : resolve(terminal.cwd, folder));
  const out = placeOf(options.out, home);
  const wish = await readPaperWish(terminal.cwd, part, options);
  if (!(await mayTrain(host, wish, options))) {
    terminal.err("Nothing was trained.\n");
    return exitCodes.failed;
  }
  const cache = placeOf(options.cache, join(home, "paper-cache"));
  const stores: Promise<Store>[] = [];
  try {
    const written = await runPaper({
      ...wish,
      python: venvPython,
      cache,
      out,
      network: options.config !== undefined || options.config2 !== undefined,
      openStore: () => {
        mkdirSync(cache, { recursive: true });
        const [store = openStore({ home: cache, now: () => terminal.now() })] = stores;
        stores[0] = store;
        return store;
      },
      env: terminal.env,
      now: () => terminal.now(),
      print: (line) => terminal.err(`${line}\n`),
    });
    if (options.json === true) host.printJson(written);
    else tell(host, written);
    return exitCodes.done;
  } finally {
    for (const store of await Promise.all(stores)) await store.close();
  }
}
