"""The exit record: what a runner says of its attempt when everything is over."""

from __future__ import annotations

import errno
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from temper_gpu.contract import encode, validate, write_once


@dataclass
class Attempt:
    """What the runner knows of the attempt while it runs; becomes ``exit.json``."""

    directory: Path
    started_at: float = field(default_factory=time.time)
    steps: list[dict[str, Any]] = field(default_factory=list)
    peak_memory_mib: float = 0.0

    @property
    def reserve(self) -> Path:
        """Space kept so that the exit record can be written to a full disk."""
        return self.directory / ".reserve"

    def write_exit(self, outcome: str, detail: str) -> None:
        """Writes the exit record; nothing of the attempt happens after it.

        The first record counts: one that somebody wrote who took the attempt for lost is kept.
        """
        document = {
            "attempt": self.directory.name,
            "outcome": outcome,
            "steps": self.steps,
            "started_at": self.started_at,
            "ended_at": time.time(),
            "peak_memory_mib": round(self.peak_memory_mib, 1),
            "detail": detail[:2000],
        }
        validate(document, "job.exit", "exit.json")
        try:
            is_first = write_once(self.directory / "exit.json", encode(document))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            self.reserve.unlink(missing_ok=True)
            is_first = write_once(self.directory / "exit.json", encode(document))
        if not is_first:
            print(f"Ended as {outcome}, after somebody had written how it ended: that counts.", file=sys.stderr)
        self.reserve.unlink(missing_ok=True)
