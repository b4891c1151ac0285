"""Runs the package's scripts without jobs around them: one line of JSON in, one line out, until the input ends.

A line is ``{"script", "request"}``; the answer is the script's own part of a reply. Each script runs in a fork of this
process, which has imported everything and runs no torch operation itself, as in ``temper_gpu.worker``.
"""

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from temper_gpu.contract import Report
from temper_gpu.step import perform
from temper_gpu.warm_imports import warm_import


def in_fork(script: str, request: dict[str, Any]) -> dict[str, Any]:
    """The script's answer, or a failure when its process ended without one."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        code = 1
        with contextlib.suppress(BaseException):
            with tempfile.TemporaryDirectory(prefix="lab-") as work, os.fdopen(writer, "wb") as stream:
                answer = perform(script, request, Report(work_dir=Path(work)), None)
                stream.write(json.dumps(answer).encode())
            code = 0
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        text = stream.read()
    _, status = os.waitpid(pid, 0)
    if status == 0 and text:
        return json.loads(text)
    return {"status": "failed", "reason": "crashed", "detail": f"{script} ended with status {status}", "metrics": None}


def main() -> None:
    """Keeps stdout for answers: whatever else is printed goes to stderr."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    warm_import()
    for line in sys.stdin:
        asked = json.loads(line)
        answers.write(json.dumps(in_fork(asked["script"], asked["request"])) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
