"""SFT as TRL's documentation shows it: the other side of the comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from measure import StepTimesCallback
from workload import Workload


def plain_trl(workload: Workload, lora: bool, output: Path) -> list[float]:
    """When each step of ``trl.SFTTrainer`` ended, with the settings that ours gets."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    on_gpu, settings = workload.device == "cuda", workload.settings(lora)
    names = ("learning_rate", "max_steps", "per_device_train_batch_size", "lr_scheduler_type", "warmup_steps")
    config = SFTConfig(
        output_dir=str(output),
        seed=0,
        use_cpu=not on_gpu,
        bf16=on_gpu,
        gradient_checkpointing=False,
        logging_steps=1,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=on_gpu,
        max_length=settings["max_length"],
        **{name: settings[name] for name in names},
    )
    rows = [json.loads(line) for line in workload.sft_data.read_text().splitlines()]
    model: Any = AutoModelForCausalLM.from_pretrained(workload.model, dtype="auto" if lora else torch.float32)
    times = StepTimesCallback()
    trainer = SFTTrainer(
        model=model,
        args=config,
        # The completion's space: TRL joins the two as they are, our scripts put a line break or a space between.
        train_dataset=Dataset.from_list([{**row, "completion": " " + row["completion"]} for row in rows]),
        processing_class=AutoTokenizer.from_pretrained(workload.model),
        callbacks=[times],
        peft_config=LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
        if lora
        else None,
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return times.ends
