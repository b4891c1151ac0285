import type { DatasetFormat, PoolModel } from "../../pool/objects.ts";
import type { CostFeatures, Slot } from "../action-type.ts";
import type { Setting } from "../action.ts";
import { mixtureShares } from "../mixture-temperature.ts";

/** Slots of a training: one model, and datasets in formats that the script can train on. */
export function trainingSlots(formats: readonly DatasetFormat[], maxDatasets: number): readonly Slot[] {
  return [
    { role: "model", kind: "model", min: 1, max: 1, ordered: true },
    { role: "dataset", kind: "dataset", min: 1, max: maxDatasets, formats, ordered: false },
  ];
}

function numberOf(setting: Setting, name: string, otherwise: number): number {
  const value = setting[name];
  return typeof value === "number" ? value : otherwise;
}

/** Cost of a training at full fidelity: work = parameters × tokens, tokens as the batches hold them (truncated at `max_length`). */
export function trainingCost(
  models: readonly PoolModel[],
  datasets: readonly { rows: number; meanTokens: number }[],
  setting: Setting,
): CostFeatures {
  const batch = numberOf(setting, "per_device_train_batch_size", 1) * numberOf(setting, "gradient_accumulation_steps", 1);
  const rows = datasets.reduce((sum, dataset) => sum + dataset.rows, 0);
  const shares = mixtureShares(
    datasets.map((dataset) => dataset.rows),
    setting,
  );
  const meanTokens = datasets.reduce((sum, dataset, index) => sum + (shares[index] ?? 0) * dataset.meanTokens, 0);
  const maxSteps = numberOf(setting, "max_steps", -1);
  const steps = maxSteps > 0 ? maxSteps : Math.ceil((Math.ceil(rows / batch) || 0) * numberOf(setting, "num_train_epochs", 1));
  const tokens = steps * batch * Math.min(meanTokens, numberOf(setting, "max_length", Infinity));
  return { steps, tokens, work: (models[0]?.parameters ?? 0) * tokens };
}
