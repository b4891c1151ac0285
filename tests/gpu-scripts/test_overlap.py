"""Rows of training data that hold items of a task are found; rows that only look alike are not."""

from __future__ import annotations

from typing import Any

import pytest

from temper_gpu.data.overlap import Item, ItemIndex, Overlap, words_of
from temper_gpu.tiny_world.content import SPLITS
from temper_gpu.tiny_world.datasets import PREFERENCE_SETS, TRAINING_SETS, preference_rows, training_rows
from temper_gpu.tiny_world.tasks import TASKS, task_items

BAKERY = (
    "A bakery sells 12 loaves in the morning and twice as many in the afternoon. Each loaf costs 3.50 euros, "
    "and the rent of the shop is 40 euros a day. How much is left of a day's earnings when the rent is paid?"
)
FUNCTIONS = "You can call these functions: " + " ".join(
    f"function number {n} with the argument n{n}" for n in range(30)
)


def find(row: dict[str, Any], *prompts: Any) -> list[Overlap]:
    return ItemIndex([Item("t", "final", f"i{n}", prompt) for n, prompt in enumerate(prompts)]).find(row)


def pair(prompt: Any, completion: str = "x") -> dict[str, Any]:
    return {"prompt": prompt, "completion": completion}


@pytest.mark.parametrize(
    "prompt",
    ["What is  the CAPITAL of France?", "What is the capital of France", "Ｗhat is the capital of\nFrance?"],
)
def test_case_spacing_and_punctuation_make_no_difference(prompt: str) -> None:
    assert [(each.exact, each.similarity) for each in find(pair(prompt), "What is the capital of France?")] == [
        (True, 1)
    ]


def test_an_answer_in_another_format_is_an_overlap_all_the_same() -> None:
    assert find(pair("1 + 2 = ?", "three"), "1 + 2 = ?")[0].exact
    assert find({"prompt": "1 + 2 = ?", "chosen": "3", "rejected": "4"}, "1 + 2 = ?")[0].exact


@pytest.mark.parametrize(
    ("one", "other"), [("3 - 4 = ?", "3 + 4 = ?"), ("What is 3.5 times 2?", "What is 35 times 2?")]
)
def test_numbers_and_signs_tell_questions_apart(one: str, other: str) -> None:
    assert find(pair(one), other) == []


def test_an_item_inside_a_longer_text_is_found_wherever_it_stands() -> None:
    rows = [
        pair(f"Solve this with care, step by step.\n{BAKERY}\nAnswer:"),
        pair("Write a word problem.", f"Here is one: {BAKERY}"),
        {"messages": [{"role": "user", "content": "Hello!"}, {"role": "assistant", "content": f"Hi. {BAKERY}"}]},
    ]
    for row in rows:
        (found,) = find(row, BAKERY)
        assert (found.exact, found.similarity) == (False, 1)


def test_one_changed_word_does_not_hide_a_long_item() -> None:
    (found,) = find(pair(BAKERY.replace("morning", "evening")), BAKERY)
    assert not found.exact
    assert 0.7 <= found.similarity < 1


SHELTER = "A shelter has 14 dogs and gives 5 of them away in the spring. How many dogs are left there?"


@pytest.mark.parametrize(
    "text",
    [
        SHELTER.replace("gives", "sends"),
        SHELTER.replace("away ", ""),
        SHELTER.replace("the spring", "the early spring"),
        SHELTER.replace("shelter", "kennel"),
        SHELTER.replace("left there", "left here"),
    ],
)
def test_one_word_does_not_hide_an_item_of_sixteen_words_or_more(text: str) -> None:
    (found,) = find(pair(f"Think first. {text} Answer:"), SHELTER)
    assert not found.exact
    assert 0.7 <= found.similarity < 1


@pytest.mark.parametrize(
    "text",
    [
        SHELTER.replace("5", "6"),
        SHELTER.replace("gives", "sends").replace("spring", "autumn"),
        SHELTER.replace("gives 5", "gives -5"),
    ],
)
def test_another_number_or_two_other_words_make_another_question(text: str) -> None:
    assert find(pair(text), SHELTER) == []


def test_another_question_under_one_instruction_is_no_overlap() -> None:
    instruction = "Read the question with care, think about it step by step, and give one word as your answer."
    places = ("Peru", "Chad", "Fiji", "Oman", "Cuba", "Mali")
    short = [f"{instruction} What is the capital of {place}?" for place in places]
    assert find(pair(f"{instruction} What is the capital of Togo?"), *short) == []
    animals = ("cats", "cows", "hens", "pigs", "rats", "bats")
    long = [f"{instruction} {SHELTER.replace('dogs', animal)}" for animal in animals]
    assert find(pair(f"{instruction} {SHELTER.replace('dogs', 'owls')}"), *long) == []


def test_a_short_item_is_compared_as_a_whole() -> None:
    item = "Q tom has 4 gets 3 loses 2 total ?"
    assert find(pair(f"please : {item} thanks"), item)
    assert find(pair("Q tom has 4 gets 3 loses 5 total ?"), item) == []
    assert find(pair("please say : Q what food of e13 ?"), "Q what food of e13 ?")
    assert find(pair("Say yes or no to him."), "Yes or no?") == []


def test_what_many_items_share_is_their_template() -> None:
    items = [f"{BAKERY} Answer for shop {name} on the island of {name}." for name in "abcdefgh"]
    assert find(pair(f"{BAKERY} Answer for shop z on the island of z."), *items) == []
    assert [each.item.id for each in find(pair(items[3] + " !!"), *items)] == ["i3"]


def test_the_same_functions_before_another_question_are_no_overlap() -> None:
    def asked(question: str) -> list[dict[str, str]]:
        return [{"role": "system", "content": FUNCTIONS}, {"role": "user", "content": question}]

    item = asked("Please book a table for two people at seven tonight, near the harbour.")
    other = "What will the weather be like in Lisbon on the second of June?"
    assert find(pair(asked(other)), item) == []
    assert find(pair(f"{FUNCTIONS}\n\n{other}"), f"{FUNCTIONS}\n\n{item[1]['content']}") == []
    assert find(pair(item), item)[0].exact
    assert find({"messages": [*item, {"role": "assistant", "content": "Done."}]}, item)[0].exact


def test_text_without_spaces_is_compared_by_its_characters() -> None:
    assert words_of("東京 is 首都") == ["東", "京", "is", "首", "都"]
    item = "太郎はりんごを五個持っています。三個食べました。残りは何個ですか。"
    assert find(pair(f"次の問題を解いてください。{item}"), item)
    assert find(pair("太郎はみかんを九個持っています。二個あげました。残りは何個ですか。"), item) == []


def test_the_tiny_worlds_own_sets_hold_no_item_of_its_tasks() -> None:
    evaluated = [split for split in SPLITS if split != "train"]
    items = [
        Item(task, split, item["id"], item["prompt"])
        for task in TASKS
        for split in evaluated
        for item in task_items(task, split, 1)
    ]
    index = ItemIndex(items)
    rows = [row for name in TRAINING_SETS for row in training_rows(name, 1)]
    rows += [row for name in PREFERENCE_SETS for row in preference_rows(name, 1)]
    assert len(items) > 3000
    assert [row for row in rows if index.find(row)] == []
