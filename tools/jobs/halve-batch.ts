import { z } from "zod";
import type { JobSpecStep } from "../job-spec.ts";

const batchSchema = z.looseObject({
  per_device_train_batch_size: z.int().positive(),
  gradient_accumulation_steps: z.int().positive(),
});
const tasksSchema = z.array(z.looseObject({ batch_size: z.int().positive() }));

/**
 * The step with half the batch: a training accumulates over twice the steps, so that an optimiser step sees as many
 * examples as before (one fewer when the batch is odd).
 * @returns null when the batch is 1 already, or when there is none (merges).
 */
export function halveBatch(step: JobSpecStep): JobSpecStep | null {
  if (step.name === "evaluate") {
    const tasks = tasksSchema.safeParse(step.inputs["tasks"]);
    if (!tasks.success || tasks.data.every((task) => task.batch_size === 1)) return null;
    const smaller = tasks.data.map((task) => ({ ...task, batch_size: Math.max(1, Math.floor(task.batch_size / 2)) }));
    return { ...step, inputs: { ...step.inputs, tasks: smaller } };
  }
  const batch = batchSchema.safeParse(step.settings);
  if (!batch.success || batch.data.per_device_train_batch_size === 1) return null;
  const { per_device_train_batch_size: size, gradient_accumulation_steps: accumulation } = batch.data;
  const settings = {
    ...step.settings,
    per_device_train_batch_size: Math.floor(size / 2),
    gradient_accumulation_steps: accumulation * 2,
  };
  return { ...step, settings };
}
