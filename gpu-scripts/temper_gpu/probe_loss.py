"""The training loss on the same rows before and after: a short training is not judged by which rows came last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from transformers import Trainer

# Enough to see a training move, few enough to cost less than a few of its steps.
PROBE_ROWS = 16


def probe_loss(trainer: Trainer) -> float:
    """Mean loss in nats of rows spread over all that ``trainer`` learns from. Draws no random number, moves no weight.

    The sets of a mixture stand one after the other: the first rows alone would speak for the first set only.
    """
    import torch

    rows = cast("Any", trainer.train_dataset)
    count = min(PROBE_ROWS, len(rows))
    places = [place * len(rows) // count for place in range(count)]
    batch = max(1, trainer.args.per_device_train_batch_size)
    model, collate = cast("Any", trainer.model), cast("Any", trainer.data_collator)
    was_training = model.training
    model.eval()
    total = 0.0
    try:
        with torch.no_grad(), trainer.compute_loss_context_manager():
            for start in range(0, count, batch):
                part = [rows[place] for place in places[start : start + batch]]
                # The trainer's own way of moving a batch to the device.
                inputs = trainer._prepare_inputs(collate(part))  # pyright: ignore[reportPrivateUsage]
                total += float(cast("Any", trainer.compute_loss(model, inputs))) * len(part)
    finally:
        model.train(was_training)
    return total / count
