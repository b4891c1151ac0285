"""Preference learning with TRL's trainers: ``dpo``, ``kto`` or ``orpo``, as the settings' ``method`` says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.encoding import Encoder
from temper_gpu.models import check_model, load_tokenizer
from temper_gpu.preference_rows import Columns, paired_columns, unpair, unpaired_columns
from temper_gpu.preflight import require_memory, training_memory_mib
from temper_gpu.sft import ADVICE
from temper_gpu.training_rows import planned_steps, read_rows, rows_that_will_be_seen, take_share
from temper_gpu.warm_imports import quiet_libraries

if TYPE_CHECKING:
    from transformers import Trainer

    from temper_gpu.training_watch import TrainingWatch


def run(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Trains the request's model on preferences; publishes in ``output_dir`` and returns its metrics."""
    quiet_libraries()
    inputs, settings = request["inputs"], request["settings"]
    check_model(inputs["model"])
    tokenizer = load_tokenizer(inputs["model"])
    columns, steps = _columns_and_steps(request, Encoder(tokenizer), report)
    row_tokens = _mean_row_tokens(columns, settings["max_length"])
    parts = training_memory_mib(
        Path(inputs["model"]["path"]),
        settings,
        row_tokens / 2,
        on_gpu=request["device"]["kind"] == "cuda",
        sequences=2,
        reference=settings["method"] != "orpo",
    )
    needed = require_memory(parts, request["device"], request["limits"]["memory_mib"], ADVICE)
    report.settings({"estimated_memory_mib": round(needed)})

    from temper_gpu.training import load_for_training, run_training, trainer_arguments, use_device

    quiet_libraries()
    use_device(request["device"])
    model = load_for_training(request)
    arguments = trainer_arguments(request, steps, report)
    make_trainer = _trainer_maker(settings, model, tokenizer, columns, arguments)
    batch = settings["per_device_train_batch_size"] * settings["gradient_accumulation_steps"]
    return run_training(request, report, model, make_trainer, round(steps * batch * row_tokens))


def _columns_and_steps(request: dict[str, Any], encoder: Encoder, report: Report) -> tuple[Columns, int]:
    inputs, settings, seed = request["inputs"], request["settings"], request["seed"]
    rows = read_rows(inputs["dataset"])
    if settings["method"] == "kto" and "chosen" in rows[0]:
        rows = unpair(rows)
    steps = planned_steps(settings, len(rows), inputs["fidelity"]["steps"])
    rows = take_share(rows, inputs["fidelity"]["data"], seed)
    rows = rows_that_will_be_seen(rows, settings, steps, seed)
    if settings["method"] == "kto":
        if settings["per_device_train_batch_size"] < 2:
            raise ScriptFailure(
                "bad_data", "KTO compares the answers of a batch: set per_device_train_batch_size to 2 or more."
            )
        batch = settings["per_device_train_batch_size"]
        return unpaired_columns(rows, encoder, settings["max_length"], batch, seed, report), steps
    if "chosen" not in rows[0]:
        raise ScriptFailure(
            "bad_data", f"{settings['method']} needs rows of prompt, chosen and rejected; use kto for labels."
        )
    return paired_columns(rows, encoder, settings["max_length"], report), steps


def _mean_row_tokens(columns: Columns, max_length: int) -> float:
    """Tokens of both sequences of a row."""
    first, second = (
        ("chosen_ids", "rejected_ids") if "chosen_ids" in columns else ("completion_ids", "KL_completion_ids")
    )
    rows = zip(columns["prompt_ids"], columns[first], columns[second], strict=True)
    lengths = [min(len(p) + len(a), max_length) + min(len(p) + len(b), max_length) for p, a, b in rows]
    return sum(lengths) / len(lengths)


def _trainer_maker(
    settings: dict[str, Any], model: Any, tokenizer: Any, columns: Columns, arguments: dict[str, Any]
) -> Callable[[TrainingWatch], Trainer]:
    from datasets import Dataset
    from trl.experimental.orpo.orpo_config import ORPOConfig
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.kto_config import KTOConfig

    from temper_gpu.training import lora_config
    from temper_gpu.trl_trainers import EncodedDpoTrainer, EncodedKtoTrainer, EncodedOrpoTrainer

    def make(watch: TrainingWatch) -> Trainer:
        shared = {
            "model": model,
            "processing_class": tokenizer,
            "callbacks": [watch],
            "peft_config": lora_config(settings),
        }
        if settings["method"] == "orpo":
            empty = [""] * len(columns["prompt_ids"])
            rows = Dataset.from_dict({**columns, "prompt": empty, "chosen": empty, "rejected": empty})
            config = ORPOConfig(**arguments, beta=settings["beta"], remove_unused_columns=False)
            return EncodedOrpoTrainer(**shared, args=config, train_dataset=rows)
        # With LoRA the model without its adapter is the reference; else it is a frozen copy.
        shared["ref_model"] = None if settings["peft_r"] is not None else copy.deepcopy(model)
        rows = Dataset.from_dict(columns)
        if settings["method"] == "kto":
            weights = {name: settings[name] for name in ("desirable_weight", "undesirable_weight")}
            config = KTOConfig(**arguments, beta=settings["beta"], train_sampling_strategy="sequential", **weights)
            return EncodedKtoTrainer(**shared, args=config, train_dataset=rows)
        losses: dict[str, Any] = {}
        if settings["sft_weight"] > 0:
            losses = {"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, settings["sft_weight"]]}
        config = DPOConfig(**arguments, beta=settings["beta"], **losses)
        return EncodedDpoTrainer(**shared, args=config, train_dataset=rows)

    return make
