"""What a job finds where an engine starts it: ``python -m temper_gpu.probe DIRECTORY`` writes ``probe.json`` there.

It has the runner's place in the job's script, so that ``temper doctor`` tries the very way that jobs take.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import sys
from pathlib import Path
from typing import Any


def look() -> dict[str, Any]:
    """Host, interpreter, torch and the GPUs that it can use; ``torch`` is None with the reason in ``problem``."""
    found: dict[str, Any] = {
        "host": socket.gethostname(),
        "python": platform.python_version(),
        "torch": None,
        "gpus": [],
        "visible": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "problem": None,
    }
    try:
        import torch
        import transformers  # noqa: F401 (jobs need it)
        import trl  # noqa: F401 (jobs need it)

        found["torch"] = torch.__version__
        if torch.cuda.is_available():
            found["gpus"] = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    except Exception as error:
        found["problem"] = f"{type(error).__name__}: {error}"
    return found


def main() -> None:
    """Writes aside, then links: job claims need hard links on the file system of the home."""
    directory = Path(sys.argv[1])
    aside = directory / ".probe.json"
    aside.write_text(json.dumps(look()))
    os.link(aside, directory / "probe.json")
    aside.unlink()


if __name__ == "__main__":
    main()
