"""Claims: who runs an attempt. However often it is started, only the first start counts."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from temper_gpu import processes
from temper_gpu.contract import encode


def claim(attempt_dir: Path) -> bool:
    """Makes ``claim.json`` by temp file and link(), which is atomic also on network file systems.

    Returns False when another process holds the claim already.
    """
    pid = os.getpid()
    document = {
        "attempt": attempt_dir.name,
        "host": socket.gethostname(),
        "boot_id": processes.boot_id(),
        "pid": pid,
        "start_ticks": processes.start_ticks(pid),
        "claimed_at": time.time(),
    }
    aside = attempt_dir / f".claim.{socket.gethostname()}.{pid}"
    aside.write_bytes(encode(document))
    try:
        os.link(aside, attempt_dir / "claim.json")
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    return True
