import type { CommandHost, CommonOptions } from "../command-host.ts";
import { exitCodes } from "../exit-code.ts";

/** `temper db copy`: moves everything that is remembered between SQLite and PostgreSQL. */
export function addDb(host: CommandHost): void {
  host
    .add("db <what> <from> <to>", "Copy the database: `db copy FROM TO`, between a home's SQLite and PostgreSQL, both ways", [
      "temper db copy .temper env:TEMPER_DATABASE_URL",
      "temper db copy postgres://temper@db/temper ./elsewhere",
    ])
    .action(
      host.handle(async (what: string, from: string, to: string, options: CommonOptions) => {
        const { copyBetween } = await import("../db/copy-between.ts");
        const { renderTable } = await import("../render/table.ts");
        const copied = await copyBetween(host.terminal, { what, from, to });
        const rows = copied.reduce((sum, { rows: count }) => sum + count, 0);
        if (options.json) host.printJson({ rows, tables: copied });
        else {
          host.print(
            renderTable(
              [{ title: "table" }, { title: "rows", align: "right" }],
              copied.map(({ table, rows: count }) => [table, String(count)]),
            ),
          );
          host.print(
            `Copied ${rows} rows, each compared with its original. Models and jobs stay where they are: go on in the same folder (--home).`,
          );
        }
        return exitCodes.done;
      }),
    );
}
