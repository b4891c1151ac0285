import { sql, type ColumnDefinitionBuilder, type Kysely, type SchemaModule } from "kysely";
import type { Migration } from "kysely/migration";
import type { Store } from "../store.ts";

type Column = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;

const required: Column = (column) => column.notNull();
const key: Column = (column) => column.primaryKey().notNull();
const total: Column = (column) => column.notNull().defaultTo(0);
const ofRun: Column = (column) => column.notNull().references("runs.id").onDelete("cascade");

/** All tables of the first version. Types are those that both back ends read the same way. */
export function firstTables(dialect: Store["dialect"]): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const { schema } = db;
      await createRunTables(schema, dialect);
      await createWorkTables(schema, dialect);
      await createRecordTables(schema, dialect);
      await createIndexes(db);
    },
  };
}

/** `integer` in SQLite holds 64 bits; PostgreSQL's does not. */
function types(dialect: Store["dialect"]) {
  const sqlite = dialect === "sqlite";
  return {
    big: sqlite ? sql`integer` : sql`bigint`,
    real: sql`double precision`,
    bytes: sqlite ? sql`blob` : sql`bytea`,
    counter: sqlite ? sql`integer` : sql`bigserial`,
    counting: (column: ColumnDefinitionBuilder) => (sqlite ? column.primaryKey().autoIncrement() : column.primaryKey()),
  };
}

async function createRunTables(schema: SchemaModule, dialect: Store["dialect"]) {
  const { big, real, counter, counting } = types(dialect);
  await schema
    .createTable("runs")
    .addColumn("id", "text", key)
    .addColumn("name", "text", required)
    .addColumn("state", "text", required)
    .addColumn("state_reason", "text", required)
    .addColumn("config_json", "text", required)
    .addColumn("tasks_json", "text", required)
    .addColumn("seed", big, required)
    .addColumn("created_at", "text", required)
    .addColumn("ended_at", "text")
    .addColumn("final_opened_at", "text")
    .addColumn("last_trial", big, total)
    .addColumn("decision_count", big, total)
    .addColumn("chosen_count", big, total)
    .addColumn("chosen_from_cache_count", big, total)
    .addColumn("other_count", big, total)
    .addColumn("failed_count", big, total)
    .addColumn("live_count", big, total)
    .addColumn("spent_device_seconds", real, total)
    .addColumn("llm_call_count", big, total)
    .addColumn("llm_fault_count", big, total)
    .addColumn("llm_input_tokens", big, total)
    .addColumn("llm_output_tokens", big, total)
    .addColumn("llm_usd", real, total)
    .execute();
  await schema
    .createTable("objects")
    .addColumn("position", counter, counting)
    .addColumn("run_id", "text", ofRun)
    .addColumn("id", "text", required)
    .addColumn("kind", "text", required)
    .addColumn("key", "text", required)
    .addColumn("object_json", "text", required)
    .addUniqueConstraint("objects_id", ["run_id", "id"])
    .execute();
  await schema
    .createTable("trials")
    .addColumn("run_id", "text", ofRun)
    .addColumn("number", big, required)
    .addColumn("kind", "text", required)
    .addColumn("label", "text")
    .addColumn("state", "text", required)
    .addColumn("action_json", "text", required)
    .addColumn("key", "text", required)
    .addColumn("lane", big)
    .addColumn("model", "text")
    .addColumn("failure", "text")
    .addColumn("detail", "text")
    .addColumn("from_cache", big, total)
    .addColumn("learnt", big)
    .addColumn("steps", big, total)
    .addColumn("device_seconds", real, total)
    .addColumn("created_at", "text", required)
    .addColumn("started_at", "text")
    .addColumn("ended_at", "text")
    .addColumn("has_job", big, total)
    .addColumn("is_live", big, required)
    .addPrimaryKeyConstraint("trials_number", ["run_id", "number"])
    .addUniqueConstraint("trials_key", ["run_id", "key"])
    .execute();
  await schema
    .createTable("decisions")
    .addColumn("run_id", "text", ofRun)
    .addColumn("number", big, required)
    .addColumn("trial", big, required)
    .addColumn("policy", "text", required)
    .addColumn("proposal_json", "text", required)
    .addColumn("plan_version", big, required)
    .addColumn("memory_version", big)
    .addColumn("space_total", real, required)
    .addColumn("created_at", "text", required)
    .addPrimaryKeyConstraint("decisions_number", ["run_id", "number"])
    .execute();
}

async function createWorkTables(schema: SchemaModule, dialect: Store["dialect"]) {
  const { big, real, bytes, counter, counting } = types(dialect);
  await schema
    .createTable("evaluations")
    .addColumn("key", "text", key)
    .addColumn("model_key", "text", required)
    .addColumn("task", "text", required)
    .addColumn("task_key", "text", required)
    .addColumn("split", "text", required)
    .addColumn("items", big, required)
    .addColumn("score", real, required)
    .addColumn("lenient", real, required)
    .addColumn("majority", real, required)
    .addColumn("hit_token_limit", real, required)
    .addColumn("empty", real, required)
    .addColumn("most_common_output", real, required)
    .addColumn("created_at", "text", required)
    .execute();
  await schema
    .createTable("items")
    .addColumn("evaluation_key", "text", (column) => key(column).references("evaluations.key").onDelete("cascade"))
    .addColumn("strict", bytes, required)
    .addColumn("lenient", bytes, required)
    .execute();
  await schema
    .createTable("approvals")
    .addColumn("position", counter, counting)
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("run_id", "text", ofRun)
    .addColumn("trial", big)
    .addColumn("batch", "text")
    .addColumn("key", "text", required)
    .addColumn("estimate_json", "text", required)
    .addColumn("why", "text", required)
    .addColumn("state", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("expires_at", "text", required)
    .addColumn("decided_by", "text")
    .addColumn("decided_at", "text")
    .addColumn("reason", "text")
    .execute();
  await schema
    .createTable("jobs")
    .addColumn("position", counter, counting)
    .addColumn("attempt", "text", (column) => column.notNull().unique())
    .addColumn("run_id", "text", ofRun)
    .addColumn("trial", big)
    .addColumn("key", "text", required)
    .addColumn("purpose", "text", required)
    .addColumn("action_type", "text", required)
    .addColumn("state", "text", required)
    .addColumn("directory", "text", required)
    .addColumn("outcome", "text")
    .addColumn("failure", "text")
    .addColumn("work", real, required)
    .addColumn("estimate_json", "text", required)
    .addColumn("reserved_device_seconds", real, required)
    .addColumn("approval_id", "text")
    .addColumn("device_seconds", real)
    .addColumn("wall_seconds", real)
    .addColumn("peak_memory_mib", real)
    .addColumn("created_at", "text", required)
    .addColumn("ended_at", "text")
    .execute();
  await schema
    .createTable("devices")
    .addColumn("host", "text", required)
    .addColumn("kind", "text", required)
    .addColumn("slot", big, required)
    .addColumn("attempt", "text")
    .addPrimaryKeyConstraint("devices_slot", ["host", "kind", "slot"])
    .execute();
  await schema
    .createTable("leases")
    .addColumn("resource", "text", key)
    .addColumn("holder", "text", required)
    .addColumn("expires_at", big, required)
    .execute();
}

async function createRecordTables(schema: SchemaModule, dialect: Store["dialect"]) {
  const { big, real, counter, counting } = types(dialect);
  await schema
    .createTable("memories")
    .addColumn("run_id", "text", ofRun)
    .addColumn("version", big, required)
    .addColumn("trial", big, required)
    .addColumn("memory_json", "text", required)
    .addPrimaryKeyConstraint("memories_version", ["run_id", "version"])
    .execute();
  await schema
    .createTable("plans")
    .addColumn("run_id", "text", ofRun)
    .addColumn("version", big, required)
    .addColumn("plan_json", "text", required)
    .addPrimaryKeyConstraint("plans_version", ["run_id", "version"])
    .execute();
  await schema
    .createTable("directives")
    .addColumn("run_id", "text", ofRun)
    .addColumn("id", big, required)
    .addColumn("author", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("revoked_at", "text")
    .addColumn("text", "text", required)
    .addColumn("body_json", "text", required)
    .addPrimaryKeyConstraint("directives_id", ["run_id", "id"])
    .execute();
  await schema
    .createTable("commands")
    .addColumn("id", counter, counting)
    .addColumn("run_id", "text", ofRun)
    .addColumn("kind", "text", required)
    .addColumn("author", "text", required)
    .addColumn("fields_json", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("taken_at", "text")
    .execute();
  await schema
    .createTable("events")
    .addColumn("id", counter, counting)
    .addColumn("run_id", "text", (column) => column.references("runs.id").onDelete("cascade"))
    .addColumn("time", "text", required)
    .addColumn("kind", "text", required)
    .addColumn("actor", "text", required)
    .addColumn("trial", big)
    .addColumn("text", "text", required)
    .addColumn("fields_json", "text", required)
    .execute();
  await schema
    .createTable("llm_calls")
    .addColumn("position", counter, counting)
    .addColumn("run_id", "text", ofRun)
    .addColumn("trial", big)
    .addColumn("role", "text", required)
    .addColumn("model", "text", required)
    .addColumn("outcome", "text", required)
    .addColumn("detail", "text")
    .addColumn("input_tokens", big, required)
    .addColumn("output_tokens", big, required)
    .addColumn("usd", real, required)
    .addColumn("latency_ms", real, required)
    .addColumn("created_at", "text", required)
    .execute();
}

async function createIndexes(db: Kysely<unknown>) {
  const statements = [
    sql`create index runs_name on runs (name, created_at)`,
    sql`create index trials_live on trials (run_id, is_live, number)`,
    sql`create index trials_kind on trials (run_id, kind, number)`,
    sql`create index decisions_trial on decisions (run_id, trial, number)`,
    sql`create index evaluations_model on evaluations (model_key, split)`,
    sql`create index approvals_state on approvals (run_id, state)`,
    sql`create index approvals_trial on approvals (run_id, trial)`,
    // One open question about one thing: a node that runs again finds the approval that it asked for.
    sql`create unique index approvals_one_pending on approvals (run_id, key) where state = 'pending'`,
    // No key ever has two live attempts, in this run or another.
    sql`create unique index jobs_one_live on jobs (key) where state in ('created', 'submitted')`,
    sql`create index jobs_key on jobs (key, position)`,
    sql`create index jobs_trial on jobs (run_id, trial)`,
    sql`create index jobs_approval on jobs (approval_id)`,
    sql`create index approvals_batch on approvals (run_id, batch)`,
    // Whole-table questions about jobs are about the few that live, or about the latest that succeeded.
    sql`create index jobs_live on jobs (position) where state in ('created', 'submitted')`,
    sql`create index jobs_finished on jobs (position) where state = 'finished' and outcome = 'finished' and failure is null`,
    sql`create index devices_attempt on devices (attempt)`,
    sql`create index leases_holder on leases (holder)`,
    sql`create index commands_waiting on commands (run_id, id) where taken_at is null`,
    sql`create index events_run on events (run_id, id)`,
    sql`create index llm_calls_run on llm_calls (run_id, position)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
