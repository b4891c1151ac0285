import { z } from "zod";
import type { EngineJob } from "../engine/engine.ts";

/** A job as `GET /api/jobs/<id>` tells it; the parts that matter here. */
export const rayJobSchema = z.object({
  status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
});

/** What Ray says of a job. */
export function readRayState(
  id: string,
  { status, message, error_type: type, driver_exit_code: code }: z.infer<typeof rayJobSchema>,
): EngineJob {
  // Ray's message goes on with the last lines of the job's log, which is at hand by itself.
  const said = message?.split(/, last available logs|\n/, 1)[0];
  const words = [type, code == null ? null : `exit code ${code}`, said].filter((part) => part != null && part !== "").join(", ");
  const detail = `Ray job ${id} is ${status}${words === "" ? "" : ` (${words.slice(0, 400)})`}`;
  if (status === "PENDING") return { state: "queued", detail };
  if (status === "RUNNING") return { state: "running", detail };
  if (status === "STOPPED") return { state: "cancelled", detail };
  // Without an exit code the entrypoint did not run to an end: the cluster lost it, or could not start it just then.
  return { state: status === "FAILED" && code == null ? "lost" : "ended", detail };
}
