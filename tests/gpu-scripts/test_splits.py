"""Splits by content: disjoint, stable and in proportion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from temper_gpu.data.splits import SPLITS, content_hash, split_items, split_of

wanted_counts = st.fixed_dictionaries({name: st.integers(1, 50) for name in SPLITS})
texts = st.lists(st.text(max_size=12), max_size=80)


def split(prompts: list[str], wanted: dict[str, int], share: float) -> dict[str, list[dict[str, object]]]:
    return split_items([{"prompt": prompt} for prompt in prompts], [content_hash(p) for p in prompts], wanted, share)


@given(prompts=texts, wanted=wanted_counts, share=st.sampled_from([0.0, 0.1]))
def test_no_prompt_stands_in_two_splits(prompts: list[str], wanted: dict[str, int], share: float) -> None:
    parts = split(prompts, wanted, share)
    owners: dict[str, str] = {}
    for name, items in parts.items():
        for item in items:
            assert owners.setdefault(content_hash(item["prompt"]), name) == name
    assert sum(len(items) for items in parts.values()) == len(owners)


@given(prompts=texts, wanted=wanted_counts)
def test_no_split_is_larger_than_wanted(prompts: list[str], wanted: dict[str, int]) -> None:
    parts = split(prompts, wanted, 0.0)
    assert all(len(parts[name]) <= wanted[name] for name in SPLITS)
    assert parts["train"] == []


@given(prompts=texts, wanted=wanted_counts)
def test_the_order_of_the_file_does_not_matter(prompts: list[str], wanted: dict[str, int]) -> None:
    unique = list(dict.fromkeys(prompts))
    assert split(unique, wanted, 0.1) == split(unique[::-1], wanted, 0.1) or len(
        {content_hash(p) for p in unique}
    ) < len(unique)


@given(prompts=texts, more=texts, wanted=wanted_counts)
def test_an_item_keeps_its_split_when_data_is_added(
    prompts: list[str], more: list[str], wanted: dict[str, int]
) -> None:
    before = {p: split_of(content_hash(p), wanted, 0.1) for p in prompts}
    after = {p: split_of(content_hash(p), wanted, 0.1) for p in prompts + more}
    assert all(after[p] == name for p, name in before.items())


def test_splits_are_in_proportion() -> None:
    wanted = {"search": 100, "confirm": 200, "final": 300}
    names = [split_of(content_hash(str(number)), wanted, 0.1) for number in range(20_000)]
    shares = {name: names.count(name) / len(names) for name in (*SPLITS, "train")}
    assert abs(shares["train"] - 0.1) < 0.01
    assert abs(shares["search"] - 0.15) < 0.01
    assert abs(shares["confirm"] - 0.3) < 0.01
    assert abs(shares["final"] - 0.45) < 0.01


def test_spacing_and_case_do_not_make_another_question() -> None:
    assert content_hash("How  many\nEggs?") == content_hash("how many eggs?")
