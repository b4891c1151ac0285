"""Shares and mixtures of data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temper_gpu.training_rows import mix, mixture_counts, planned_steps, rows_that_will_be_seen, take_share

shares = st.floats(0.01, 1.0)


def rows(count: int, name: str = "r") -> list[dict[str, Any]]:
    return [{"prompt": f"{name}{index}", "completion": "a"} for index in range(count)]


@given(count=st.integers(1, 200), share=shares, seed=st.integers(0, 3))
def test_a_share_has_its_size_and_keeps_the_order(count: int, share: float, seed: int) -> None:
    taken = take_share(rows(count), share, seed)
    assert len(taken) == max(1, round(share * count))
    positions = [int(row["prompt"][1:]) for row in taken]
    assert positions == sorted(set(positions))


@given(small=shares, large=shares, seed=st.integers(0, 3))
def test_a_smaller_share_is_part_of_a_larger_one(small: float, large: float, seed: int) -> None:
    small, large = sorted((small, large))
    taken = {row["prompt"] for row in take_share(rows(100), small, seed)}
    assert taken <= {row["prompt"] for row in take_share(rows(100), large, seed)}


def test_another_seed_takes_other_rows() -> None:
    assert take_share(rows(100), 0.3, 0) != take_share(rows(100), 0.3, 1)


def test_equal_weights_give_the_union() -> None:
    assert mix([rows(3, "a"), rows(5, "b")], [1, 1], 0) == rows(3, "a") + rows(5, "b")


def test_a_double_weight_shows_each_row_twice_as_often() -> None:
    assert mixture_counts([100, 100], [2, 1]) == [133, 67]
    mixed = mix([rows(100, "a"), rows(100, "b")], [2, 1], 0)
    assert sum(row["prompt"].startswith("a") for row in mixed) == 133
    assert {row["prompt"] for row in rows(100, "a")} <= {row["prompt"] for row in mixed}


@pytest.mark.parametrize(
    ("max_steps", "epochs", "share", "wanted"),
    [(80, 1, 1, 80), (80, 1, 0.25, 20), (-1, 1, 1, 13), (-1, 3, 0.5, 19), (1, 1, 0.1, 1)],
)
def test_plans_steps(max_steps: int, epochs: float, share: float, wanted: int) -> None:
    settings = {
        "max_steps": max_steps,
        "num_train_epochs": epochs,
        "per_device_train_batch_size": 4,
        "gradient_accumulation_steps": 2,
    }
    assert planned_steps(settings, 100, share) == wanted


def test_leaves_out_rows_that_a_short_training_never_sees() -> None:
    settings = {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 2}
    assert rows_that_will_be_seen(rows(100), settings, 10, 0) == rows(100)
    taken = rows_that_will_be_seen(rows(1000), settings, 10, 0)
    # 80 are seen, 8 and 64 more may replace rows that are left out.
    assert len(taken) == 152
    assert taken == rows_that_will_be_seen(rows(1000), settings, 10, 0)
    assert taken != rows_that_will_be_seen(rows(1000), settings, 10, 1)
