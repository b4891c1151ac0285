"""One step of a job, in the process that does the work: request in, script, reply out.

``python -m temper_gpu.step ATTEMPT_DIR STEP`` is the cold way (also under ``accelerate launch``, where only the first
process replies); the runner forks and calls ``run_step`` otherwise. Exit code 0 = ``result.json`` holds a valid reply.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import importlib.metadata
import importlib.util
import math
import os
import resource
import shutil
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from temper_gpu.contract import ContractViolation, Report, ScriptFailure, list_artifacts, load_request, write_reply
from temper_gpu.failures import experiment_failures

EXIT_OK = 0
EXIT_CRASH = 1
EXIT_CONTRACT = 3
EXIT_DISK_FULL = 4
VERSIONED = (
    "torch",
    "transformers",
    "tokenizers",
    "trl",
    "peft",
    "accelerate",
    "datasets",
    "mergekit",
    "lm_eval",
    "numpy",
)


def load_script(name: str) -> ModuleType:
    """The script's module. Tests replace scripts by files of one folder (``TEMPER_FIXTURE_SCRIPTS``)."""
    fixtures = os.environ.get("TEMPER_FIXTURE_SCRIPTS")
    if fixtures is None:
        return importlib.import_module(f"temper_gpu.{name}")
    spec = importlib.util.spec_from_file_location(f"temper_fixture_{name}", Path(fixtures) / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ContractViolation(f"there is no fixture script {name} in {fixtures}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def non_finite(value: Any, place: str = "metrics") -> str | None:
    """Where NaN or an infinity stands in some metrics, or None."""
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{place} is {value}"
    if isinstance(value, dict):
        found = (non_finite(item, f"{place}.{key}") for key, item in value.items())
    elif isinstance(value, list):
        found = (non_finite(item, f"{place}[{index}]") for index, item in enumerate(value))
    else:
        return None
    return next((text for text in found if text is not None), None)


def check_publish_target(publish_to: str | None) -> None:
    """Fails before hours of work when the result could not be published afterwards."""
    if publish_to is None:
        return
    parent = Path(publish_to).parent
    parent.mkdir(parents=True, exist_ok=True)
    if not os.access(parent, os.W_OK):
        raise ScriptFailure("no_permission", f"cannot write to {parent}: make it writable for this user")


def print_trace() -> None:
    """Writes the exception that is handled now to the log, unless the disk is full."""
    with contextlib.suppress(OSError):
        traceback.print_exc()


def is_main_process() -> bool:
    """False in all but one of the processes that ``accelerate launch`` starts: only one replies."""
    return int(os.environ.get("RANK", "0")) == 0


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that are loaded now."""
    loaded = {name: _version_of(name) for name in VERSIONED if name in sys.modules}
    return {"python": ".".join(map(str, sys.version_info[:3])), **loaded}


def _version_of(name: str) -> str:
    """A module's own word, which has a build's suffix; where it says nothing, that of its package."""
    own = getattr(sys.modules[name], "__version__", None)
    if own is not None:
        return str(own)
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def perform(script: str, request: dict[str, Any], report: Report, publish_to: str | None) -> dict[str, Any]:
    """Runs the script; returns the reply's own part (status, metrics, artifacts). Bugs are raised."""
    output = Path(request["output_dir"])
    try:
        with experiment_failures():
            check_publish_target(publish_to)
            output.mkdir(parents=True, exist_ok=True)
            metrics = load_script(script).run(request, report)
            wrong = non_finite(metrics)
            if wrong is not None:
                raise ScriptFailure("bad_model" if script == "evaluate" else "diverged", wrong)
            return {"status": "ok", "metrics": metrics, "artifacts": list_artifacts(output)}
    except ScriptFailure as failure:
        if is_main_process():
            shutil.rmtree(output, ignore_errors=True)  # Never published, and a full disk needs the room for the reply.
        print_trace()
        return {
            "status": "failed",
            "reason": failure.reason,
            "detail": failure.detail,
            "metrics": None,
            "artifacts": [],
        }


def run_step(attempt_dir: Path, job: dict[str, Any], step: dict[str, Any]) -> int:
    """Does one step of a checked job request and writes its reply. Returns the exit code."""
    directory = Path(step["directory"])
    started, times = time.monotonic(), os.times()
    is_main = is_main_process()
    work = directory / "work"
    work.mkdir(parents=True, exist_ok=True)
    resume = Path(job["resume_from"]) / "steps" / step["name"] / "work" if job["resume_from"] else None
    report = Report(
        attempt_dir if is_main else None,
        step["name"],
        work,
        resume if resume is not None and resume.is_dir() else None,
    )
    try:
        request = load_request(directory / "request.json", step["script"])
        outcome = perform(step["script"], request, report, step["publish_to"])
        if not is_main:
            return EXIT_OK
        wall, now = time.monotonic() - started, os.times()
        unit = 2**10 if sys.platform.startswith("linux") else 2**20
        reply = {
            **outcome,
            "settings_used": {**request["settings"], **report.settings_used},
            "warnings": report.warnings,
            "wall_seconds": round(wall, 3),
            "device_seconds": round(wall * max(1, len(request["device"]["indices"])), 3),
            "cpu_seconds": round(sum(now[:4]) - sum(times[:4]), 3),
            "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1),
            "versions": versions(),
        }
        write_reply(directory / "result.json", reply, step["script"])
    except ContractViolation:
        print_trace()
        return EXIT_CONTRACT
    except OSError as error:
        print_trace()
        return EXIT_DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else EXIT_CRASH
    except Exception:
        print_trace()
        return EXIT_CRASH
    return EXIT_OK


def main() -> None:
    """Entry of the cold way."""
    from temper_gpu.contract import read_json, validate

    attempt_dir = Path(sys.argv[1])
    job = read_json(attempt_dir / "request.json")
    validate(job, "job.request", str(attempt_dir / "request.json"))
    step = next(step for step in job["steps"] if step["name"] == sys.argv[2])
    code = run_step(attempt_dir, job, step)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # Interpreter shutdown of torch takes up to a second and has nothing left to do.


if __name__ == "__main__":
    main()
