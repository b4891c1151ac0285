"""The plain loop that makes the world's own models. Runs use the package's general scripts, not this."""

import math
from dataclasses import dataclass
from random import Random

import torch
from torch.nn import functional
from transformers import LlamaForCausalLM

from .vocabulary import BOS, EOS, TOKEN_IDS

_IGNORED = -100


@dataclass(frozen=True)
class TrainingPlan:
    steps: int
    batch: int
    learning_rate: float
    warmup_steps: int = 10
    weight_decay: float = 0.0


def train(model: LlamaForCausalLM, pairs: list[tuple[str, str]], plan: TrainingPlan, seed: int) -> None:
    """Trains in place on the continuations of (context, continuation) pairs: AdamW, cosine to 5 %, clipping at 1."""
    model.train()
    rows = [_encode(context, continuation) for context, continuation in pairs]
    rng = Random(seed)
    order: list[int] = []
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay, betas=(0.9, 0.98), fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _learning_rate_share(step, plan))
    for _ in range(plan.steps):
        while len(order) < plan.batch:
            order += rng.sample(range(len(rows)), len(rows))
        batch, order = order[: plan.batch], order[plan.batch :]
        tokens, labels = _collate([rows[index] for index in batch])
        # Logits only where there is a label: the head is the largest matrix of these models.
        hidden = model.model(input_ids=tokens, use_cache=False).last_hidden_state
        labelled = labels != _IGNORED
        loss = functional.cross_entropy(model.lm_head(hidden[labelled]), labels[labelled])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()


def _learning_rate_share(step: int, plan: TrainingPlan) -> float:
    cosine = 0.5 * (1 + math.cos(math.pi * min(1, step / plan.steps)))
    return min(1.0, (step + 1) / plan.warmup_steps) * (0.05 + 0.95 * cosine)


def _encode(context: str, continuation: str) -> tuple[list[int], int]:
    """Token ids, and how many of them belong to the context."""
    before = [TOKEN_IDS[word] for word in (BOS, *context.split())]
    return before + [TOKEN_IDS[word] for word in (*continuation.split(), EOS)], len(before)


def _collate(rows: list[tuple[list[int], int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Right-padded inputs and shifted labels. Attention is causal, so padding on the right needs no mask."""
    longest = max(len(row) for row, _ in rows)
    tokens = torch.zeros(len(rows), longest, dtype=torch.long)
    labels = torch.full((len(rows), longest), _IGNORED)
    for index, (row, context) in enumerate(rows):
        tokens[index, : len(row)] = torch.tensor(row)
        labels[index, context : len(row)] = tokens[index, context : len(row)]
    return tokens[:, :-1], labels[:, 1:]
