"""What crosses the border between the TypeScript side and the scripts: requests, replies, progress.

The schemas in ``schemas/`` are generated from the zod files in ``tools/contract``; unknown keys are errors on both
sides.
A script module offers ``run(request: dict, report: Report) -> dict`` (its metrics) and raises ``ScriptFailure`` for
what an experiment may run into. Everything else around it (envelope, times, hashes, publishing) belongs to the runner.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
SCRIPTS = ("prepare", "sft", "preference", "merge", "evaluate")
# Progress lines are for people and for the report's loss curves; 5 a second is more than either can read.
PROGRESS_INTERVAL_SECONDS = 0.2


class ScriptFailure(Exception):
    """An outcome that experiments run into: a reply with status ``failed``; ``reason`` is one of the schema's."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class ContractViolation(Exception):
    """A request or reply that does not have the agreed form: a bug on one side, never an experiment's outcome."""


@functools.cache
def _validator(name: str) -> Any:
    import jsonschema

    file = Path(__file__).with_name("schemas") / f"{name}.json"
    schema = json.loads(file.read_text())
    return jsonschema.Draft202012Validator(schema)


def load_schemas() -> None:
    """Reads every schema now, so that forks of this process need not import a validator (0.1 s each)."""
    for file in Path(__file__).with_name("schemas").glob("*.json"):
        _validator(file.name.removesuffix(".json"))


def validate(document: Any, schema: str, source: str) -> None:
    """Checks a document against ``schemas/<schema>.json``.

    Raises ContractViolation naming ``source`` (a file), the place in it and what is wrong there.
    """
    from jsonschema.exceptions import best_match

    error = best_match(_validator(schema).iter_errors(document))
    if error is not None:
        place = ".".join(str(part) for part in error.absolute_path) or "top level"
        raise ContractViolation(f"{source} does not match {schema}: at {place}: {error.message[:500]}")


def read_json(path: Path) -> Any:
    """Parses a JSON file; raises ContractViolation when it is missing or truncated."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ContractViolation(f"{path} cannot be read as JSON: {error}") from error


def load_request(path: Path, script: str) -> dict[str, Any]:
    """Reads and checks a step's ``request.json`` for one of ``SCRIPTS``."""
    request = read_json(path)
    validate(request, f"{script}.request", str(path))
    return request


def encode(document: Any) -> bytes:
    """JSON with sorted keys and without NaN or infinities (a ValueError)."""
    return (json.dumps(document, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n").encode()


def write_bytes(path: Path, content: bytes) -> None:
    """Writes aside, fsyncs and renames: a reader sees all of it or nothing, also after a power cut."""
    os.replace(_write_aside(path, content), path)
    fsync_directory(path.parent)


def write_once(path: Path, content: bytes) -> bool:
    """The same by link(), where the first to write decides. Returns False when the file is there already."""
    aside = _write_aside(path, content)
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    fsync_directory(path.parent)
    return True


def _write_aside(path: Path, content: bytes) -> Path:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return aside


def fsync_directory(path: Path) -> None:
    """Makes renames inside a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_reply(path: Path, reply: dict[str, Any], script: str) -> None:
    """Checks a reply against its schema and writes it as a whole."""
    validate(reply, f"{script}.reply", f"the reply of {script}")
    write_bytes(path, encode(reply))


@functools.lru_cache(maxsize=4096)
def _sha256(path: str, size: int, modified_ns: int, inode: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_file(path: Path) -> str:
    """Content hash of a file, remembered within the process while the file does not change."""
    stat = path.stat()
    return _sha256(str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)


def list_artifacts(directory: Path) -> list[dict[str, Any]]:
    """Every file under a directory as ``{path, sha256, bytes}``, sorted by path; an empty list when there is none."""
    if not directory.is_dir():
        return []
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return [
        {"path": path.relative_to(directory).as_posix(), "sha256": sha256_file(path), "bytes": path.stat().st_size}
        for path in files
    ]


def model_hash(directory: Path) -> str:
    """One hash over all files of a model's directory: equal models have equal hashes."""
    listing = [[artifact["path"], artifact["sha256"]] for artifact in list_artifacts(directory)]
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()


class Report:
    """What a script says while it works. One is handed to every ``run``; without a directory it only collects (tests).

    ``work_dir`` is the script's scratch space (trainer checkpoints go there, it is never published);
    ``resume_dir`` is the ``work_dir`` of an earlier attempt at the same step, or None.
    """

    def __init__(
        self,
        attempt_dir: Path | None = None,
        step: str = "train",
        work_dir: Path | None = None,
        resume_dir: Path | None = None,
    ) -> None:
        self.step = step
        self.work_dir = work_dir
        self.resume_dir = resume_dir
        self.warnings: list[str] = []
        self.settings_used: dict[str, Any] = {}
        self._file = attempt_dir / "progress.jsonl" if attempt_dir is not None else None
        self._last = float("-inf")

    def progress(self, done: float, total: float, unit: str, loss: float | None = None) -> None:
        """Says how far the step is. ``unit`` is steps, items or tensors; call often, lines are throttled."""
        now = time.monotonic()
        if self._file is None or (now - self._last < PROGRESS_INTERVAL_SECONDS and 0 < done < total):
            return
        self._last = now
        finite = loss if loss is not None and abs(loss) < float("inf") else None
        line = {"time": time.time(), "step": self.step, "done": done, "total": total, "unit": unit, "loss": finite}
        # One write with O_APPEND: lines of several processes never mix.
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, encode(line))
        except OSError:
            pass  # A full disk shows where it matters: when the model or the reply is written.
        finally:
            os.close(descriptor)

    def warn(self, text: str) -> None:
        """Records something that people should know; ends up in the reply's ``warnings``, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def settings(self, values: dict[str, Any]) -> None:
        """Records what was really used (``settings_used``), such as resolved defaults or a smaller batch."""
        self.settings_used.update(values)
