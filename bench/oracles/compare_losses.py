"""Our SFT against TRL used as its documentation shows: its own tokenising, its own masks, its own loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inputs import SETTINGS, Inputs

from temper_gpu.training_rows import read_rows


def compare_losses(inputs: Inputs, out: Path, smoke: bool) -> dict[str, dict[str, Any]]:
    """Largest difference of a step's loss, by skill."""
    compared = {}
    for skill in ("math",) if smoke else tuple(inputs.specialists):
        theirs = plain_trl(inputs.base, inputs.data[skill], inputs.steps, out / "trl")
        ours = inputs.losses[skill]
        if len(ours) != len(theirs):
            raise RuntimeError(f"{len(ours)} of our steps against {len(theirs)} of TRL's")
        compared[skill] = {
            "steps": len(ours),
            "largest_difference": max(abs(a - b) for a, b in zip(ours, theirs, strict=True)),
            "first": [ours[0], theirs[0]],
            "last": [ours[-1], theirs[-1]],
        }
    return compared


def plain_trl(base: Path, data: Path, steps: int, output: Path) -> list[float]:
    """Losses of the same training through ``trl.SFTTrainer`` on rows of text."""
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    names = ("learning_rate", "per_device_train_batch_size", "gradient_accumulation_steps", "lr_scheduler_type")
    more = ("warmup_steps", "weight_decay", "adam_beta1", "adam_beta2", "max_grad_norm", "max_length")
    config = SFTConfig(
        output_dir=str(output),
        max_steps=steps,
        seed=0,
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        logging_steps=1,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=False,
        **{name: SETTINGS[name] for name in (*names, *more)},
    )
    rows = Dataset.from_list(read_rows({"path": str(data)}))
    model: Any = AutoModelForCausalLM.from_pretrained(base)
    trainer = SFTTrainer(
        model=model, args=config, train_dataset=rows, processing_class=AutoTokenizer.from_pretrained(base)
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
