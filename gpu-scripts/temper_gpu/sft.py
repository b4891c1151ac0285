"""Supervised fine-tuning with TRL's ``SFTTrainer``: loss on completions, or on the assistant's turns, only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.encoding import Encoder
from temper_gpu.models import check_model, load_tokenizer
from temper_gpu.preflight import require_memory, training_memory_mib
from temper_gpu.training_rows import Row, mix, planned_steps, read_rows, rows_that_will_be_seen, take_share
from temper_gpu.warm_imports import quiet_libraries

if TYPE_CHECKING:
    from temper_gpu.training_watch import TrainingWatch

ADVICE = (
    "Use a smaller per_device_train_batch_size or max_length, gradient_checkpointing: true, or LoRA (peft: { r: 16 })."
)


def run(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Fine-tunes the request's model; publishes in ``output_dir`` and returns its metrics."""
    quiet_libraries()
    inputs, settings, seed = request["inputs"], request["settings"], request["seed"]
    check_model(inputs["model"])
    rows, steps = _rows_and_steps(inputs, settings, seed)
    tokenizer = load_tokenizer(inputs["model"])
    examples = encode_rows(rows, Encoder(tokenizer), settings["max_length"], report)
    mean_tokens = sum(len(ids) for ids in examples["input_ids"]) / len(examples["input_ids"])
    parts = training_memory_mib(
        Path(inputs["model"]["path"]), settings, mean_tokens, on_gpu=request["device"]["kind"] == "cuda"
    )
    needed = require_memory(parts, request["device"], request["limits"]["memory_mib"], ADVICE)
    report.settings({"estimated_memory_mib": round(needed)})

    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    from temper_gpu.training import load_for_training, lora_config, run_training, trainer_arguments, use_device

    quiet_libraries()
    use_device(request["device"])
    model = load_for_training(request)

    def make_trainer(watch: TrainingWatch) -> SFTTrainer:
        arguments = SFTConfig(
            **trainer_arguments(request, steps, report), dataset_kwargs={"skip_prepare_dataset": True}
        )
        return SFTTrainer(
            model=model,
            args=arguments,
            train_dataset=Dataset.from_dict(examples),
            processing_class=tokenizer,
            callbacks=[watch],
            peft_config=lora_config(settings),
        )

    batch = settings["per_device_train_batch_size"] * settings["gradient_accumulation_steps"]
    return run_training(request, report, model, make_trainer, round(steps * batch * mean_tokens))


def _rows_and_steps(inputs: dict[str, Any], settings: dict[str, Any], seed: int) -> tuple[list[Row], int]:
    fidelity = inputs["fidelity"]
    whole = [read_rows(dataset) for dataset in inputs["datasets"]]
    steps = planned_steps(settings, sum(len(rows) for rows in whole), fidelity["steps"])
    parts = [take_share(rows, fidelity["data"], seed) for rows in whole]
    mixed = mix(parts, [dataset["weight"] for dataset in inputs["datasets"]], seed)
    return rows_that_will_be_seen(mixed, settings, steps, seed), steps


def encode_rows(rows: list[Row], encoder: Encoder, max_length: int, report: Report) -> dict[str, list[list[int]]]:
    """``input_ids`` and ``labels`` of each row; labels are −100 where there is nothing to learn."""
    pairs = [row for row in rows if "completion" in row]
    encoded = iter(encoder.pairs([row["prompt"] for row in pairs], [row["completion"] for row in pairs]))
    chats = iter(encoder.conversations([row["messages"] for row in rows if "completion" not in row]))
    columns: dict[str, list[list[int]]] = {"input_ids": [], "labels": []}
    truncated = dropped = 0
    for row in rows:
        if "completion" in row:
            prompt, completion = next(encoded)
            ids, labels = prompt + completion, [-100] * len(prompt) + completion
        else:
            ids, labels = next(chats)
        truncated += len(ids) > max_length
        if all(label == -100 for label in labels[:max_length]):
            dropped += 1
            continue
        columns["input_ids"].append(ids[:max_length])
        columns["labels"].append(labels[:max_length])
    if truncated:
        report.warn(f"{truncated:,} of {len(rows):,} rows are longer than max_length {max_length} and were cut.")
    if dropped:
        report.warn(
            f"{dropped:,} of {len(rows):,} rows have no answer within max_length {max_length} and were left out."
        )
    if not columns["input_ids"]:
        raise ScriptFailure("bad_data", f"No row has an answer within max_length {max_length}. Raise max_length.")
    return columns
