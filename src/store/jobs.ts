import { sql, type Kysely, type Selectable } from "kysely";
import { TemperError } from "../errors.ts";
import type { Database, JobTable } from "./database.ts";
import type { Job, JobState, Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";
import { countJob } from "./trial-counts.ts";

const live: readonly JobState[] = ["created", "submitted"];
/** The very words of the partial indexes: SQLite would not use them with parameters. */
const isLive = sql<boolean>`state in ('created', 'submitted')`;
const hasSucceeded = sql<boolean>`state = 'finished' and outcome = 'finished' and failure is null`;
const secondsPerHour = 3600;

/** Attempts at jobs. The database allows one live attempt of a key, over all runs. */
export function createJobs({ db, atomically }: StoreContext): Store["jobs"] {
  const rows = () => db.selectFrom("jobs").selectAll();

  return {
    create: (job) => atomically((transaction) => create(transaction, job)),
    async find(attempt) {
      const row = await rows().where("attempt", "=", attempt).executeTakeFirst();
      return row === undefined ? null : toJob(row);
    },
    async ofTrial(runId, trial) {
      return (await rows().where("runId", "=", runId).where("trial", "=", trial).orderBy("position").execute()).map(toJob);
    },
    async ofKey(key) {
      return (await rows().where("key", "=", key).orderBy("position").execute()).map(toJob);
    },
    async live() {
      return (await rows().where(isLive).orderBy("position").execute()).map(toJob);
    },
    async update(attempt, patch) {
      if (patch.deviceSeconds === undefined) await update(db, attempt, patch);
      else await atomically((transaction) => updateCost(transaction, attempt, patch));
    },
    async finished(limit) {
      const found = await rows().where(hasSucceeded).orderBy("position", "desc").limit(limit).execute();
      return found.map(toJob);
    },
    async spent(runId) {
      const run = await db.selectFrom("runs").select("spentDeviceSeconds").where("id", "=", runId).executeTakeFirst();
      // Few jobs live, so those of other runs are left out here: with the run in the query SQLite reads all jobs of the run.
      const reserved = await db.selectFrom("jobs").select(["runId", "reservedDeviceSeconds"]).where(isLive).execute();
      const own = reserved.filter((job) => job.runId === runId);
      return {
        deviceSeconds: run?.spentDeviceSeconds ?? 0,
        reservedDeviceSeconds: own.reduce((sum, job) => sum + job.reservedDeviceSeconds, 0),
      };
    },
    async spentOnApproval(approvalId) {
      const jobs = await db
        .selectFrom("jobs")
        .select(["state", "deviceSeconds", "reservedDeviceSeconds"])
        .where("approvalId", "=", approvalId)
        .execute();
      const ended = jobs.filter((job) => !live.includes(job.state));
      const going = jobs.filter((job) => live.includes(job.state));
      return {
        deviceSeconds: ended.reduce((sum, job) => sum + (job.deviceSeconds ?? 0), 0),
        reservedDeviceSeconds: going.reduce((sum, job) => sum + job.reservedDeviceSeconds, 0),
      };
    },
  };
}

async function create(db: Kysely<Database>, { estimate, ...job }: Job): Promise<Job | null> {
  const row = await db
    .insertInto("jobs")
    .values({ ...job, estimateJson: JSON.stringify(estimate), reservedDeviceSeconds: estimate.deviceHoursP90 * secondsPerHour })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  if (job.trial !== null) await countJob(db, job.runId, job.trial);
  if (job.deviceSeconds !== null) await addToSpent(db, job.runId, job.deviceSeconds);
  return toJob(row);
}

type JobPatch = Parameters<Store["jobs"]["update"]>[1];

/** A change of what a job cost changes what its run has spent too. */
async function updateCost(db: Kysely<Database>, attempt: string, patch: JobPatch) {
  const before = await db.selectFrom("jobs").select("deviceSeconds").where("attempt", "=", attempt).executeTakeFirst();
  const { runId } = await update(db, attempt, patch);
  await addToSpent(db, runId, (patch.deviceSeconds ?? 0) - (before?.deviceSeconds ?? 0));
}

async function update(db: Kysely<Database>, attempt: string, patch: JobPatch): Promise<{ runId: string }> {
  const row = await db.updateTable("jobs").set(patch).where("attempt", "=", attempt).returning("runId").executeTakeFirst();
  if (row === undefined) throw new TemperError("not_found", `There is no attempt ${attempt}.`, { attempt });
  return row;
}

async function addToSpent(db: Kysely<Database>, runId: string, deviceSeconds: number) {
  await db
    .updateTable("runs")
    .set((row) => ({ spentDeviceSeconds: row("spentDeviceSeconds", "+", deviceSeconds) }))
    .where("id", "=", runId)
    .execute();
}

function toJob({ position: _position, estimateJson, reservedDeviceSeconds: _reserved, ...row }: Selectable<JobTable>): Job {
  return { ...row, estimate: estimateJson };
}
