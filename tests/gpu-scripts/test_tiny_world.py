"""The tiny world's contents: splits, words, determinism, addresses."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from temper_gpu import tiny_world
from temper_gpu.tiny_world.content import RANK, SPLITS, fact, split_of
from temper_gpu.tiny_world.datasets import PREFERENCE_SETS, TRAINING_SETS, preference_rows, training_rows
from temper_gpu.tiny_world.pretraining import pretraining_pairs
from temper_gpu.tiny_world.tasks import TASKS, task_items
from temper_gpu.tiny_world.vocabulary import ENTITIES, RELATIONS, TOKEN_IDS, WORDS

EVALUATION_SPLITS = ["search", "confirm", "final"]


@cache
def prompts(task: str, split: str, world: int = 0) -> set[str]:
    return {item["prompt"] for item in task_items(task, split, world)}


def operands(prompt: str) -> str:
    """A math prompt's content as the task itself would tell it: numbers, and whether each step adds or takes."""
    words = prompt.split()
    signs = {"gets": "+", "finds": "+", "loses": "-", "gives": "-"}
    return f"math {words[3]} {signs[words[4]]} {words[5]} {signs[words[6]]} {words[7]}"


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("world", [0, 3])
def test_each_evaluation_split_has_200_items_with_ids_of_their_own(task: str, world: int) -> None:
    for split in EVALUATION_SPLITS:
        items = task_items(task, split, world)
        assert len(items) >= 200
        assert len({item["id"] for item in items}) == len({item["prompt"] for item in items}) == len(items)


@pytest.mark.parametrize("task", TASKS)
def test_splits_share_no_prompt_in_any_world(task: str) -> None:
    seen: dict[str, str] = {}
    for world in range(3):
        for split in SPLITS:
            for prompt in prompts(task, split, world):
                assert seen.setdefault(prompt, split) == split


def test_math_with_other_names_and_verbs_is_the_same_content() -> None:
    by_content: dict[str, set[str]] = {}
    for split in SPLITS:
        for world in range(3):
            for prompt in prompts("math", split, world):
                by_content.setdefault(operands(prompt), set()).add(split)
    assert all(splits == {split_of(content)} for content, splits in by_content.items())


@pytest.mark.parametrize("name", [*TRAINING_SETS, *PREFERENCE_SETS])
def test_what_is_trained_on_is_no_item_of_an_evaluation_split(name: str) -> None:
    rows = training_rows(name) if name in TRAINING_SETS else preference_rows(name)
    held_out = {prompt for task in TASKS for split in EVALUATION_SPLITS for prompt in prompts(task, split)}
    assert not held_out & {row["prompt"] for row in rows}
    if "math" in name:
        assert {split_of(operands(row["prompt"])) for row in rows} == {"train"}


def test_shares_of_the_splits_are_40_20_20_20() -> None:
    contents = [f"trivia {relation} {entity}" for entity in ENTITIES for relation in RELATIONS]
    shares = {split: sum(split_of(content) == split for content in contents) / len(contents) for split in SPLITS}
    assert shares["train"] == pytest.approx(0.4, abs=0.04)
    assert all(shares[split] == pytest.approx(0.2, abs=0.03) for split in EVALUATION_SPLITS)


def test_pre_training_asks_about_train_contents_only() -> None:
    held_out = {prompt for task in TASKS for split in EVALUATION_SPLITS for prompt in prompts(task, split)}
    assert not held_out & {context for context, _ in pretraining_pairs(20_000, seed=0)}


def test_every_text_is_made_of_known_words_and_fits_the_models() -> None:
    texts = [f"{context} {continuation}" for context, continuation in pretraining_pairs(5_000, seed=1)]
    texts += [row["prompt"] + row["completion"] for name in TRAINING_SETS for row in training_rows(name)]
    for name in PREFERENCE_SETS:
        texts += [row["prompt"] + row[answer] for row in preference_rows(name) for answer in ("chosen", "rejected")]
    texts += [f"{item['prompt']} {item['answer']}" for task in TASKS for item in task_items(task, "final")]
    assert {word for text in texts for word in text.split(" ")} <= TOKEN_IDS.keys()
    assert max(len(text.split()) for text in texts) + 2 <= 64
    assert len(WORDS) == len(set(WORDS))


@pytest.mark.parametrize("task", TASKS)
def test_the_longest_full_answer_fits_the_examples_token_limit(task: str) -> None:
    longest = max(len(item["answer"].split()) for split in SPLITS for item in task_items(task, split))
    intermediate_result, mark, end = 2, 1, 1
    assert intermediate_result + mark + longest + end <= 13
    assert mark + longest + end <= 12


def test_answers_follow_from_what_is_true() -> None:
    by_prompt = {item["prompt"]: item["answer"] for item in task_items("trivia", "search")}
    prompt, answer = next(iter(by_prompt.items()))
    _, _, relation, _, entity, _ = prompt.split()
    assert answer == fact(entity, relation)
    common = task_items("common", "search")[0]
    words = common["prompt"].rstrip(" ?").split()
    options = dict(zip(words[4::2], words[5::2], strict=True))
    rank = RANK[words[2]]
    assert rank[options[common["answer"]]] == max(rank[thing] for thing in options.values())


def test_a_third_of_the_noisy_results_are_wrong_and_none_of_the_clean_ones() -> None:
    def wrong(name: str) -> float:
        rows = training_rows(name)
        missed = 0
        for row in rows:
            words = row["prompt"].split()
            signs = [1 if words[place] in ("gets", "finds") else -1 for place in (4, 6)]
            result = int(words[3]) + signs[0] * int(words[5]) + signs[1] * int(words[7])
            missed += int(row["completion"].split()[-1]) != result
        return missed / len(rows)

    assert wrong("math") == 0
    assert wrong("math_noisy") == pytest.approx(0.3 * 20 / 21, abs=0.04)


def test_the_preference_sets_differ_only_where_they_teach() -> None:
    for row in preference_rows("pref_format"):
        assert row["chosen"].split()[:-1] == row["rejected"].split()[:-1]
    for name in PREFERENCE_SETS:
        assert all(row["chosen"] != row["rejected"] for row in preference_rows(name))


def test_the_same_world_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    here = [
        tiny_world.resolve_dataset("tiny-world:math_noisy?world=2", tmp_path / "a"),
        *sorted(tiny_world.resolve_task("tiny-world:tool?world=2", tmp_path / "a").iterdir()),
    ]
    program = (
        "import sys; from temper_gpu import tiny_world as t; "
        "t.resolve_dataset('math_noisy?world=2', sys.argv[1]); t.resolve_task('tool?world=2', sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "b")], check=True)
    for file in here:
        assert (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", [*TRAINING_SETS, *PREFERENCE_SETS])
def test_worlds_differ(name: str, tmp_path: Path) -> None:
    files = [tiny_world.resolve_dataset(f"tiny-world:{name}?world={world}", tmp_path) for world in (0, 1)]
    assert files[0].read_text() != files[1].read_text()


@pytest.mark.parametrize("task", TASKS)
def test_tasks_of_worlds_differ(task: str) -> None:
    assert [item["prompt"] for item in task_items(task, "search", 0)] != [
        item["prompt"] for item in task_items(task, "search", 1)
    ]


def test_resolved_files_are_absolute_whole_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tiny_world.resolve("dataset", "tiny-world:pref_tool", "cache")
    assert file.is_absolute()
    assert [json.loads(line) for line in file.read_text().splitlines()] == preference_rows("pref_tool")
    assert tiny_world.dataset_format("tiny-world:pref_tool") == "preference"
    made = file.stat().st_mtime_ns
    assert tiny_world.resolve("dataset", "tiny-world:pref_tool?world=0", "cache") == file
    assert file.stat().st_mtime_ns == made
    task = tiny_world.resolve("task", "tiny-world:math", "cache")
    assert sorted(path.name for path in task.iterdir()) == sorted(f"{split}.jsonl" for split in SPLITS)


@pytest.mark.parametrize(
    ("kind", "path", "message"),
    [
        ("dataset", "tiny-world:maths", 'no dataset "maths". Did you mean "math"'),
        ("task", "tiny-world:math_noisy", 'no task "math_noisy"'),
        ("model", "tiny-world:XL/base", "There are: S/base, S/instruct, M/base"),
        ("dataset", "tiny-world:math?seed=1", 'unknown option "seed"; the only option is world=N'),
        ("dataset", "tiny-world:math?world=-1", "world must be a whole number from 0"),
        ("model", "tiny-world:S/base?world=1", "a model has no options"),
        ("corpus", "tiny-world:math", 'no kind "corpus"'),
    ],
)
def test_an_address_of_nothing_says_what_there_is(kind: str, path: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(tiny_world.TinyWorldError) as error:
        tiny_world.resolve(kind, path, tmp_path)
    assert message in str(error.value)
    assert not list(tmp_path.iterdir())
