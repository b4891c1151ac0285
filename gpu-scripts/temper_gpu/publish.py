"""Publishing: what a step made becomes visible under its final name all at once, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

from temper_gpu.contract import encode, fsync_directory, read_json

CARD = "temper.json"


class PublishError(Exception):
    """Something that is no published model stands where a model has to go."""


def fsync_tree(directory: Path) -> None:
    """Makes every file and folder below a directory durable."""
    for folder, _, names in os.walk(directory):
        for name in names:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        fsync_directory(Path(folder))


def publish(output: Path, target: Path, key: str, reply: dict[str, Any]) -> bool:
    """Renames ``output`` to ``target`` with its card ``temper.json`` ({key, reply}).

    Returns False when the same key stands there already: that one is kept and ``output`` is discarded.
    Raises PublishError when something else stands there.
    """
    (output / CARD).write_bytes(encode({"key": key, "reply": reply}))
    fsync_tree(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(output, target)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return _publish_copy(output, target)
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
        card = target / CARD
        if not card.is_file() or read_json(card).get("key") != key:
            raise PublishError(f"{target} holds something that is not the model {key}; move it away") from error
        if _is_whole(target):
            shutil.rmtree(output, ignore_errors=True)
            return False
        _replace(output, target)
    fsync_directory(target.parent)
    return True


def _is_whole(target: Path) -> bool:
    """False for a model whose files were removed to make room: only its card is left."""
    artifacts = read_json(target / CARD)["reply"].get("artifacts", [])
    files = [(target / artifact["path"], artifact["bytes"]) for artifact in artifacts]
    return all(file.is_file() and file.stat().st_size == size for file, size in files)


def _replace(output: Path, target: Path) -> None:
    """Puts a model that was made again in the place of what is left of it."""
    aside = target.with_name(f".old-{target.name}.{os.getpid()}")
    os.rename(target, aside)
    try:
        os.rename(output, target)
    except OSError:
        os.rename(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _publish_copy(output: Path, target: Path) -> bool:
    """The same across file systems: copied beside the target first."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copytree(output, aside)
    fsync_tree(aside)
    try:
        os.rename(aside, target)
    except OSError:
        if not (target / CARD).is_file():
            shutil.rmtree(aside, ignore_errors=True)
            raise
        if _is_whole(target):
            shutil.rmtree(aside, ignore_errors=True)
            return False
        _replace(aside, target)
    finally:
        shutil.rmtree(output, ignore_errors=True)
    fsync_directory(target.parent)
    return True
