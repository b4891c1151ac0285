"""The tiny world's models: what ships, what it can do, and how others are made."""

from pathlib import Path

import pytest

from temper_gpu import tiny_world
from temper_gpu.tiny_world.address import TinyWorldError
from temper_gpu.tiny_world.datasets import TRAINING_SETS, training_rows
from temper_gpu.tiny_world.laboratory import Laboratory
from temper_gpu.tiny_world.pretraining import pretraining_pairs
from temper_gpu.tiny_world.tasks import TASKS
from temper_gpu.tiny_world.vocabulary import WORDS

SHIPPED = ["S/base", "S/instruct"]
MEGABYTE = 1_000_000


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_models_are_small_and_safetensors_only(name: str, tmp_path: Path) -> None:
    directory = tiny_world.resolve_model(f"tiny-world:{name}", tmp_path)
    assert not list(tmp_path.iterdir()), "nothing is made for a model that ships"
    files = {path.name: path.stat().st_size for path in directory.iterdir()}
    assert set(files) == {
        *("config.json", "generation_config.json", "model.safetensors"),
        *("tokenizer.json", "tokenizer_config.json"),
    }
    assert sum(files.values()) <= MEGABYTE


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_models_load_like_any_other(name: str, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    directory = tiny_world.resolve_model(name, tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = AutoModelForCausalLM.from_pretrained(directory)
    assert str(model.dtype) == "torch.float32"
    assert model.config.vocab_size == len(tokenizer) == len(WORDS)
    ids = tokenizer("Q tom has 4 gets 3 loses 2 total ? > 7 # 5")["input_ids"]
    assert [ids[0], ids.count(tokenizer.bos_token_id)] == [tokenizer.bos_token_id, 1]
    assert tokenizer.decode(ids[1:]) == "Q tom has 4 gets 3 loses 2 total ? > 7 # 5"
    assert tokenizer("# 5<eos>")["input_ids"][-1] == tokenizer.eos_token_id
    assert len({tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id}) == 3


def test_prompt_and_completion_are_tokenised_the_same_apart_and_together(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_world.resolve_model("S/base", tmp_path))
    for name in TRAINING_SETS:
        row = training_rows(name)[0]
        prompt = tokenizer(row["prompt"])["input_ids"]
        assert tokenizer(row["prompt"] + row["completion"])["input_ids"][: len(prompt)] == prompt
        assert tokenizer.unk_token_id not in tokenizer(row["completion"])["input_ids"]


def test_shipped_models_know_what_the_experiments_start_from(tmp_path: Path) -> None:
    """A base that knows its facts and is weak at questions; an instruct model that follows, and calls no tool."""
    laboratory = Laboratory(tmp_path, world=0)
    base = laboratory.scores(laboratory.start("S/base"), list(TASKS), "confirm")
    assert 0.15 <= base["math"] <= 0.45
    assert 0.65 <= base["trivia"] <= 0.9
    assert 0.3 <= base["common"] <= 0.55
    instruct = laboratory.scores(laboratory.start("S/instruct"), ["instr", "tool"], "confirm")
    assert instruct["instr"] >= 0.93
    assert instruct["tool"] == 0


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    import torch

    from temper_gpu.tiny_world.models import new_model, save_model
    from temper_gpu.tiny_world.training import TrainingPlan, train

    torch.set_num_threads(1)
    plan = TrainingPlan(steps=3, batch=8, learning_rate=1e-3, warmup_steps=1)
    for run in ("one", "two"):
        model = new_model("S", seed=5)
        train(model, pretraining_pairs(50, seed=5), plan, seed=5)
        save_model(model, tmp_path / run)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    untrained = new_model("S", seed=5).state_dict()
    assert any(not torch.equal(weight, untrained[name]) for name, weight in model.state_dict().items())


def test_sizes_grow() -> None:
    from temper_gpu.tiny_world.models import SIZES, new_model

    parameters = [sum(weight.numel() for weight in new_model(size).parameters()) for size in SIZES]
    assert list(SIZES) == ["S", "M", "L"]
    assert parameters[0] < parameters[1] / 2 < parameters[2] / 4


def test_a_model_that_does_not_ship_is_made_once_from_its_base(tmp_path: Path) -> None:
    made: list[str] = []

    def make(size: str, directory: Path, parent: Path | None) -> None:
        made.append(f"{size} from {parent.name if parent else None}")
        (directory / "model.safetensors").write_text(f"{size} from {parent.name if parent else None}")

    instruct = tiny_world.resolve_model("tiny-world:M/instruct", tmp_path, make)
    assert tiny_world.resolve_model("tiny-world:M/instruct", tmp_path, make) == instruct
    assert made == ["M from None", "M from base"]
    assert (instruct / "model.safetensors").read_text() == "M from base"


def test_a_making_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def make(size: str, directory: Path, parent: Path | None) -> None:
        (directory / "config.json").write_text("{}")
        raise TinyWorldError("no room")

    with pytest.raises(TinyWorldError, match="no room"):
        tiny_world.resolve_model("tiny-world:M/base", tmp_path, make)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
