"""Which libraries the warm worker imports once, so that a forked job starts in milliseconds instead of seconds."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import warnings

# In the order of import. Importing them runs no torch operation, which a process that forks later must not do.
WARM_MODULES = (
    "torch",
    "transformers",
    "transformers.models.llama.modeling_llama",
    "datasets",
    "accelerate",
    "peft",
    "trl.trainer.sft_trainer",
    "trl.trainer.dpo_trainer",
    "trl.trainer.kto_trainer",
    "trl.experimental.orpo.orpo_trainer",
    "mergekit.config",
    "mergekit.merge",
    "mergekit.merge_methods",
    "temper_gpu.sft",
    "temper_gpu.preference",
    "temper_gpu.merge",
    "temper_gpu.evaluate",
)


def warm_import() -> list[str]:
    """Imports ``WARM_MODULES`` and returns their names. Call it in a parent that only forks."""
    quiet_libraries()
    for name in WARM_MODULES:
        importlib.import_module(name)
    _quiet_loaded_libraries()
    _build_conversion_tables()
    # What is here already is never garbage: a collection in a fork would only copy its memory pages to look at them.
    gc.collect()
    gc.freeze()
    return list(WARM_MODULES)


def _build_conversion_tables() -> None:
    """Compiles transformers' 900 patterns for weights' names, which it keeps: else every fork does it at a load."""
    from transformers.conversion_mapping import get_checkpoint_conversion_mapping

    get_checkpoint_conversion_mapping("llama")


def quiet_libraries() -> None:
    """Turns off progress bars, trackers and chatter, which would fill ``log.txt``. Call it before the heavy imports."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("WANDB_DISABLED", "true")
    _quiet_loaded_libraries()


def _quiet_loaded_libraries() -> None:
    """Libraries read their environment at import; those that are loaded already are told directly."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    if "transformers" in sys.modules:
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()
    if "datasets" in sys.modules:
        import datasets

        datasets.disable_progress_bars()
