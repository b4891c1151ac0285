import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** How long a model's answers are: median and 90th percentile in tokens; null for what was evaluated before they were kept. */
export function answerLengths(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const column of ["median_output_tokens", "p90_output_tokens"]) {
        await db.schema
          .alterTable("evaluations")
          .addColumn(column, sql`double precision`)
          .execute();
      }
    },
  };
}
