"""The environment of a job: an explicit list, without secrets, whatever the engine or the shell hands over."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

KEPT = (
    "PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONUNBUFFERED",
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY",
    "VIRTUAL_ENV", "HF_HOME", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES", "TEMPER_FIXTURE_SCRIPTS",
)  # fmt: skip
# Only for fetching from a model hub (``TEMPER_NETWORK=1``), which runs none of the fetched code.
NETWORK = (
    "TEMPER_NETWORK", "HF_TOKEN", "HF_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy",
    "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE",
)  # fmt: skip
DEFAULTS = {
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "PYTHONHASHSEED": "0",
}
# Sockets live in TMPDIR, and a socket's path holds at most 107 characters, of which libraries take up to 40.
LONGEST_TEMPORARY = 64


def temporary_directory(attempt_dir: Path) -> Path:
    """Scratch space that goes when the job ends; inside the attempt's directory unless its path is too long."""
    inside = attempt_dir / "tmp"
    if len(str(inside)) > LONGEST_TEMPORARY:
        return Path(tempfile.mkdtemp(prefix=f"temper-{attempt_dir.name}-"))
    inside.mkdir(exist_ok=True)
    return inside


def apply(environment: dict[str, str], attempt_dir: Path, temporary: Path) -> None:
    """Replaces this process's environment by what a job may see of ``environment``."""
    names = (*KEPT, *NETWORK) if environment.get("TEMPER_NETWORK") == "1" else KEPT
    wanted = DEFAULTS | {name: environment[name] for name in names if name in environment}
    package = str(Path(__file__).parents[1])
    paths = [package, *(path for path in wanted.get("PYTHONPATH", "").split(os.pathsep) if path not in ("", package))]
    wanted["PYTHONPATH"] = os.pathsep.join(paths)
    wanted |= {"HOME": str(temporary), "TMPDIR": str(temporary), "TEMPER_ATTEMPT": str(attempt_dir)}
    os.environ.clear()
    os.environ.update(wanted)
    tempfile.tempdir = None  # A warm parent may have looked it up already.


def remove(temporary: Path) -> None:
    """Removes the scratch space."""
    shutil.rmtree(temporary, ignore_errors=True)
