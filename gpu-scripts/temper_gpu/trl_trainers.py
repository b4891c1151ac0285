"""TRL's preference trainers, fed with token ids.

TRL encodes each row in several passes over the dataset; ours are encoded once, by the same rendering that SFT and
evaluation use. Everything else (losses, reference model, collators) is TRL's.
"""

from __future__ import annotations

from typing import Any

from trl.experimental.orpo.orpo_trainer import ORPOTrainer
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.kto_trainer import KTOTrainer


class EncodedDpoTrainer(DPOTrainer):
    """DPO on rows of ``prompt_ids``, ``chosen_ids`` and ``rejected_ids``."""

    def _prepare_dataset(self, dataset: Any, processing_class: Any, args: Any, dataset_name: str) -> Any:
        return dataset


class EncodedKtoTrainer(KTOTrainer):
    """KTO on rows of ``prompt_ids``, ``completion_ids``, ``KL_completion_ids`` and ``label``."""

    def _prepare_dataset(self, dataset: Any, processing_class: Any, args: Any, dataset_name: str) -> Any:
        return dataset


class EncodedOrpoTrainer(ORPOTrainer):
    """ORPO on the same rows as DPO; ``prompt``, ``chosen`` and ``rejected`` stay beside them as empty strings."""

    def tokenize_row(self, feature: dict[str, Any], model: Any = None) -> dict[str, Any]:
        """One row in the form of TRL's ``DPODataCollatorWithPadding``; cut at ``max_length``."""
        prompt = feature["prompt_ids"]
        row: dict[str, Any] = {"prompt_input_ids": prompt, "prompt_attention_mask": [1] * len(prompt)}
        for side in ("chosen", "rejected"):
            answer = feature[f"{side}_ids"]
            ids = (prompt + answer)[: self.max_length]
            row[f"{side}_input_ids"] = ids
            row[f"{side}_attention_mask"] = [1] * len(ids)
            row[f"{side}_labels"] = ([-100] * len(prompt) + answer)[: self.max_length]
        return row
