"""Turns addresses into files. Each is written once, aside, and renamed, so that a half-made one is never seen."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from .address import TinyWorldError, parse_address
from .content import SPLITS
from .datasets import PREFERENCE_SETS, TRAINING_SETS, preference_rows, training_rows
from .tasks import TASKS, task_items

ModelMaker = Callable[[str, Path, Path | None], None]
"""Takes size, kind, an empty directory, and the base's directory for an instruct model."""

WORLD_VERSION = 1
"""Raised when the same address gives other rows or models: caches of an older version are then left alone."""

MODELS = ["S/base", "S/instruct", "M/base", "M/instruct", "L/base", "L/instruct"]

_SHIPPED = Path(__file__).parent / "shipped"


def resolve(kind: str, path: str, cache_dir: str | Path) -> Path:
    """`resolve_model`, `resolve_dataset` or `resolve_task`, by `kind` ("model", "dataset" or "task")."""
    resolvers = {"model": resolve_model, "dataset": resolve_dataset, "task": resolve_task}
    if kind not in resolvers:
        raise TinyWorldError(f'no kind "{kind}": there are {", ".join(resolvers)}')
    return resolvers[kind](path, cache_dir)


def resolve_model(path: str, cache_dir: str | Path, make: ModelMaker | None = None) -> Path:
    """The Hugging Face directory of `tiny-world:SIZE/base` or `SIZE/instruct`, made first when it does not ship.

    `make` is `models.make_model` unless another is handed in.
    """
    name = parse_address(path, "model", MODELS, worlds=False).name
    shipped = _SHIPPED / name
    if shipped.is_dir():
        return shipped
    target = _cache(cache_dir) / "models" / name
    if not target.is_dir():
        maker = make or _torch_maker()
        size, kind = name.split("/")
        parent = resolve_model(f"{size}/base", cache_dir, maker) if kind == "instruct" else None
        _publish_directory(target, lambda directory: maker(size, directory, parent))
    return target


def _torch_maker() -> ModelMaker:
    from .models import make_model  # loads torch

    return make_model


def resolve_dataset(path: str, cache_dir: str | Path) -> Path:
    """The JSONL file of a training or preference set."""
    address = parse_address(path, "dataset", [*TRAINING_SETS, *PREFERENCE_SETS])
    target = _cache(cache_dir) / "datasets" / f"{address.name}-world{address.world}.jsonl"
    if not target.is_file():
        make_rows = training_rows if address.name in TRAINING_SETS else preference_rows
        _publish_file(target, make_rows(address.name, address.world))
    return target


def dataset_format(path: str) -> str:
    """`prompt_completion` or `preference`."""
    name = parse_address(path, "dataset", [*TRAINING_SETS, *PREFERENCE_SETS]).name
    return "preference" if name in PREFERENCE_SETS else "prompt_completion"


def resolve_task(path: str, cache_dir: str | Path) -> Path:
    """The directory of a task with one JSONL file for each split."""
    address = parse_address(path, "task", list(TASKS))
    target = _cache(cache_dir) / "tasks" / f"{address.name}-world{address.world}"
    for split in SPLITS:
        file = target / f"{split}.jsonl"
        if not file.is_file():
            _publish_file(file, task_items(address.name, split, address.world))
    return target


def _cache(cache_dir: str | Path) -> Path:
    return Path(cache_dir).absolute() / "tiny-world" / f"v{WORLD_VERSION}"


def _publish_file(target: Path, rows: list[dict[str, str]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    os.chmod(aside, 0o644)
    os.replace(aside, target)


def _publish_directory(target: Path, make: Callable[[Path], None]) -> None:
    """Keeps what another process published in the meantime: both are the same model."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        make(aside)
        os.chmod(aside, 0o755)
        try:
            aside.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
