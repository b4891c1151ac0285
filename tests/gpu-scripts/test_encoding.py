"""Rendering of prompts and answers; equal to what TRL's own preparation makes of the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_evaluate import TEMPLATE
from tiny import make_tokenizer

from temper_gpu.encoding import Encoder, as_text, separator


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return Encoder(make_tokenizer(tmp_path_factory.mktemp("plain")))


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return Encoder(make_tokenizer(tmp_path_factory.mktemp("chat"), chat_template=TEMPLATE))


def trl_rows(encoder: Encoder, rows: list[dict[str, Any]], base: Path, output: Path) -> list[dict[str, Any]]:
    """What TRL's SFTTrainer makes of rows."""
    from datasets import Dataset
    from transformers import AutoModelForCausalLM
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    config = SFTConfig(
        output_dir=str(output), use_cpu=True, bf16=False, report_to=[], max_length=64, save_strategy="no"
    )
    model = AutoModelForCausalLM.from_pretrained(base)
    trainer: Any = SFTTrainer(
        model, args=config, train_dataset=Dataset.from_list(rows), processing_class=encoder.tokenizer
    )
    return list(trainer.train_dataset)


def test_pairs_equal_trl_s_own_preparation(plain: Encoder, base: Path, tmp_path: Path) -> None:
    rows = [{"prompt": "w1 4 ?", "completion": "\n# 5"}, {"prompt": "w3", "completion": "\nw4 w5"}]
    ours = plain.pairs([row["prompt"] for row in rows], [row["completion"] for row in rows])
    for (prompt, completion), theirs in zip(ours, trl_rows(plain, rows, base, tmp_path), strict=True):
        assert prompt + completion == theirs["input_ids"]
        assert [-100] * len(prompt) + completion == theirs["labels"]


def test_chats_equal_trl_s_own_preparation(chat: Encoder, base: Path, tmp_path: Path) -> None:
    rows = [
        {
            "prompt": [{"role": "user", "content": "4 ?"}],
            "completion": [{"role": "assistant", "content": "# 5"}],
        }
    ]
    ours = chat.pairs(["4 ?"], ["# 5"])
    for (prompt, completion), theirs in zip(ours, trl_rows(chat, rows, base, tmp_path), strict=True):
        assert prompt + completion == theirs["input_ids"]
        assert [-100] * len(prompt) + completion == theirs["labels"]


@pytest.mark.parametrize("kind", ["plain", "chat"])
def test_learns_every_assistant_turn_and_nothing_else(kind: str, request: pytest.FixtureRequest) -> None:
    encoder: Encoder = request.getfixturevalue(kind)
    turns = [("user", "w7"), ("assistant", "w8"), ("user", "w9"), ("assistant", "w10")]
    ids, labels = encoder.conversations([[{"role": role, "content": text} for role, text in turns]])[0]
    assert len(ids) == len(labels)
    learnt = [token for token, label in zip(ids, labels, strict=True) if label != -100]
    assert encoder.tokenizer.decode(learnt).split() == ["w8", "<eos>", "w10", "<eos>"]


def test_a_prompt_is_the_start_of_its_training_row(plain: Encoder, chat: Encoder) -> None:
    for encoder in (plain, chat):
        prompt = encoder.prompts(["w1 4 ?"])[0]
        start, completion = encoder.pairs(["w1 4 ?"], ["# 5"])[0]
        assert start == prompt
        assert encoder.tokenizer.decode(completion).split() == ["#", "5", "<eos>"]


def test_chat_template_can_be_switched_off(chat: Encoder, plain: Encoder) -> None:
    assert Encoder(chat.tokenizer, chat_template=False).prompts(["w1 4 ?"]) == plain.prompts(["w1 4 ?"])


@pytest.mark.parametrize(
    ("prompt", "completion", "wanted"),
    [("How many?", "Five", "\n"), ("Answer:", "B", " "), ("Q ", "A", ""), ("Q", "\nA", ""), ("", "A", "")],
)
def test_separates_a_prompt_from_its_completion(prompt: str, completion: str, wanted: str) -> None:
    assert separator(prompt, completion) == wanted


def test_writes_conversations_out_without_a_template() -> None:
    assert as_text([{"role": "user", "content": "Hi"}]) == "Hi"
    turns = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yes"},
        {"role": "user", "content": "Go"},
    ]
    assert as_text(turns) == "User: Hi\nAssistant: Yes\nUser: Go\nAssistant:"
