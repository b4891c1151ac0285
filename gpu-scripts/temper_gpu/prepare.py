"""Registers a run's models, datasets and tasks, in whatever form they come. The only script that may use a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from temper_gpu.contract import Report, ScriptFailure
from temper_gpu.data.problems import ObjectProblem, object_problem
from temper_gpu.encoding import Encoder
from temper_gpu.models import load_tokenizer
from temper_gpu.prepare_datasets import register_dataset
from temper_gpu.prepare_models import register_model
from temper_gpu.prepare_overlaps import OverlapRegister
from temper_gpu.prepare_tasks import register_task
from temper_gpu.warm_imports import quiet_libraries

Registered = dict[str, Any]
Problems = list[dict[str, Any]]
# Outcomes that say something of one object; a full disk or a lack of memory concerns the whole registration.
_OBJECT_REASONS = ("bad_model", "bad_data", "incompatible_models")


def run(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Registers every object and returns what they are, with all problems at once."""
    quiet_libraries()
    inputs = request["inputs"]
    cache, offline = Path(inputs["cache_dir"]).resolve(), inputs["offline"]
    registration = Registration(sum(len(inputs[kind]) for kind in ("models", "datasets", "tasks")), report)

    def as_model(entry: dict[str, Any]) -> tuple[Registered | None, Problems]:
        return register_model(entry, cache, offline), []

    models = registration.all("models", inputs["models"], as_model)
    # The first model's tokenizer counts the tokens of data.
    encoder = Encoder(load_tokenizer({"path": models[0]["path"]})) if models else None

    numbers: dict[str, list[int]] = {}

    def as_dataset(entry: dict[str, Any]) -> tuple[Registered | None, Problems]:
        found, problems, numbers[entry["id"]] = register_dataset(entry, cache, offline, encoder, report)
        return found, problems

    def as_task(entry: dict[str, Any]) -> tuple[Registered | None, Problems]:
        return register_task(entry, cache, offline, encoder, report)

    datasets = registration.all("datasets", inputs["datasets"], as_dataset)
    tasks = registration.all("tasks", inputs["tasks"], as_task)
    known = inputs.get("known") or {"datasets": [], "tasks": []}
    overlaps = OverlapRegister([*known["tasks"], *tasks], cache)
    for dataset in datasets:
        dataset["overlap"] = overlaps.overlap_of(dataset, numbers[dataset["id"]])
    found: Registered = {"models": models, "datasets": datasets, "tasks": tasks, "problems": registration.problems}
    if "known" in inputs:
        found["known_overlaps"] = known_overlaps(known["datasets"], OverlapRegister(tasks, cache))
    return found


def known_overlaps(datasets: list[dict[str, Any]], overlaps: OverlapRegister) -> list[dict[str, Any]]:
    """What of the datasets that a run has stands in the tasks that join it."""
    found: list[dict[str, Any]] = []
    for dataset in datasets:
        with Path(dataset["path"]).open(encoding="utf-8") as file:
            rows = sum(1 for _ in file)
        overlap = overlaps.overlap_of(dataset, list(range(1, rows + 1)))
        found.append({"id": dataset["id"], "rows": rows, "overlap": overlap})
    return found


class Registration:
    """Goes through objects, collecting problems and saying how far it is."""

    def __init__(self, total: int, report: Report) -> None:
        self.problems: Problems = []
        self._total = total
        self._done = 0
        self._report = report

    def all(
        self,
        kind: str,
        entries: list[dict[str, Any]],
        register: Callable[[dict[str, Any]], tuple[Registered | None, Problems]],
    ) -> list[Registered]:
        """The objects that could be registered; what is wrong with the others is added to ``problems``."""
        registered = []
        for entry in entries:
            try:
                found, problems = register(entry)
            except ObjectProblem as error:
                found, problems = None, [object_problem(f"{kind}.{entry['id']}", str(error))]
            except ScriptFailure as failure:
                if failure.reason not in _OBJECT_REASONS:
                    raise
                found, problems = None, [object_problem(f"{kind}.{entry['id']}", failure.detail)]
            self.problems += problems
            if found is not None:
                registered.append(found)
            self._done += 1
            self._report.progress(self._done, self._total, "items")
        return registered
