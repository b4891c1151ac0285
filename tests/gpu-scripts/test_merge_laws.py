"""Laws of merging, over random tensors and settings: what must hold whatever the weights are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests_for import merge_request, run_script
from tiny import make_model, reference

from temper_gpu import merge

LAW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
positive = st.floats(0.1, 4.0).map(lambda value: round(value, 3))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("laws")
    return [make_model(folder / f"m{seed}", seed, hidden=16) for seed in range(3)]


def merged(folder: Path, parents: list[Path], base: Path | None, method: str, **changes: Any) -> dict[str, Any]:
    from safetensors.torch import load_file

    output = folder / "o"
    references = [reference(parent) for parent in parents]
    run_script(merge, merge_request(output, references, reference(base) if base else None, method, **changes))
    return load_file(output / "model.safetensors")


def distance(a: dict[str, Any], b: dict[str, Any]) -> float:
    return max((a[name] - b[name]).abs().max().item() for name in a)


def load(directory: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(directory / "model.safetensors")


@LAW
@given(a=positive, b=positive, scale=positive)
def test_linear_depends_on_the_ratio_of_weights_only(
    models: list[Path], tmp_path: Path, a: float, b: float, scale: float
) -> None:
    first = merged(tmp_path, models[:2], None, "linear", weights=[a, b])
    second = merged(tmp_path, models[:2], None, "linear", weights=[a * scale, b * scale])
    assert distance(first, second) < 1e-5


@LAW
@given(a=positive, b=positive)
def test_linear_ignores_the_order_of_parents(models: list[Path], tmp_path: Path, a: float, b: float) -> None:
    first = merged(tmp_path, models[:2], None, "linear", weights=[a, b])
    second = merged(tmp_path, models[1::-1], None, "linear", weights=[b, a])
    assert distance(first, second) < 1e-6


@LAW
@given(t=st.sampled_from([0.0, 1.0]))
def test_slerp_ends_at_its_parents(models: list[Path], tmp_path: Path, t: float) -> None:
    assert distance(merged(tmp_path, models[:2], None, "slerp", t=t), load(models[int(t)])) < 1e-5


@LAW
@given(method=st.sampled_from(["linear", "slerp", "ties", "dare_ties"]), share=st.sampled_from([0.25, 0.5, 1.0]))
def test_a_model_merged_with_a_copy_of_itself_is_itself(
    models: list[Path], tmp_path: Path, method: str, share: float
) -> None:
    copy = tmp_path / "copy"
    if not copy.exists():
        shutil.copytree(models[1], copy)
    base = models[1] if method in merge.TASK_VECTOR_METHODS else None
    parents = [copy, shutil.copytree(copy, tmp_path / "other", dirs_exist_ok=True)]
    changes: dict[str, Any] = {"t": share} if method == "slerp" else {"weights": [share, 1.0]}
    assert distance(merged(tmp_path, parents, base, method, **changes), load(models[1])) < 1e-5


@LAW
@given(scale=positive)
def test_task_arithmetic_grows_with_lambda(models: list[Path], tmp_path: Path, scale: float) -> None:
    base = load(models[0])
    one = merged(tmp_path, models[1:], models[0], "task_arithmetic", **{"lambda": 1.0})
    many = merged(tmp_path, models[1:], models[0], "task_arithmetic", **{"lambda": scale})
    for name in base:
        assert ((many[name] - base[name]) - scale * (one[name] - base[name])).abs().max() < 1e-4


@LAW
@given(method=st.sampled_from(["ties", "task_arithmetic"]), weight=positive)
def test_full_density_of_agreeing_parents_keeps_the_common_part(
    models: list[Path], tmp_path: Path, method: str, weight: float
) -> None:
    base = load(models[0])
    result = merged(tmp_path, models[1:], models[0], method, weights=[weight, weight], density=1.0)
    a, b = load(models[1]), load(models[2])
    for name, tensor in result.items():
        same = ((a[name] - base[name]).sign() == (b[name] - base[name]).sign()) & (a[name] != base[name])
        if method == "ties":
            wanted = (a[name] + b[name]) / 2
        else:
            wanted = base[name] + weight * (a[name] + b[name] - 2 * base[name])
        assert ((tensor - wanted)[same].abs() < 1e-4).all()
