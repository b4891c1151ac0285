import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Store } from "../store.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Who works on which run now; and on PostgreSQL triggers that tell others of what was stored. */
export function conductorsTable(dialect: Store["dialect"]): Migration {
  const big = dialect === "sqlite" ? sql`integer` : sql`bigint`;
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("conductors")
        .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
        .addColumn("holder", "text", required)
        .addColumn("pool", "text", required)
        .addColumn("capacity", big)
        .addColumn("demand", big, required)
        .addColumn("priority", sql`double precision`, required)
        .addColumn("expires_at", big, required)
        .addPrimaryKeyConstraint("conductors_seat", ["run_id", "holder"])
        .execute();
      if (dialect === "postgres") await createTriggers(db);
    },
  };
}

/** The payload is `kind TAB subject TAB what`: see `postgres-presence.ts`. Told at commit, and once where it repeats. */
async function createTriggers(db: Kysely<unknown>) {
  await sql`
    create function temper_notify() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'leases' then
        perform pg_notify('temper', 'lease' || chr(9) || old.resource || chr(9));
      elsif tg_table_name = 'commands' then
        perform pg_notify('temper', 'command' || chr(9) || new.run_id || chr(9) || new.kind);
      else
        perform pg_notify('temper', 'event' || chr(9) || coalesce(new.run_id, '') || chr(9) || new.kind);
      end if;
      return null;
    end $$`.execute(db);
  await sql`create trigger events_notify after insert on events for each row execute function temper_notify()`.execute(db);
  await sql`create trigger commands_notify after insert on commands for each row execute function temper_notify()`.execute(db);
  // Trials' leases are given back all the time and waited for by nobody.
  await sql`
    create trigger leases_notify after delete on leases for each row
    when (old.resource not like '%:trial:%') execute function temper_notify()`.execute(db);
}
