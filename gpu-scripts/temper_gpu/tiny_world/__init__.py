"""The tiny world: a small language of five skills, and a real Llama-architecture model that can learn them.

It lets the whole of Temper work with no network, GPU or model hub: training, merging and evaluation are real and take
seconds on one core. `docs/tiny-world.md` describes it and holds what was measured.

Addresses look like `tiny-world:NAME` or `tiny-world:NAME?world=N`. Whether a name means a model, a dataset or a task
depends on where it stands in the config (`math` is a dataset and a task), so there is one function for each kind.
All take the whole address, with or without the `tiny-world:` prefix, write what is missing below `cache_dir`, and
return an absolute path; calling one again is cheap. An unknown name raises `TinyWorldError` (a ValueError) whose
message lists the names there are.

- `resolve_model("tiny-world:S/base", cache_dir)`: a directory in Hugging Face layout (config.json,
  model.safetensors, tokenizer.json, …). Models: sizes S, M, L, each `base` and `instruct`. S ships with the package
  and is returned where it lies, read-only; M and L are made at first use (minutes of one core). No `world`.
- `resolve_dataset("tiny-world:math?world=3", cache_dir)`: a `.jsonl` file. Training sets have rows
  `{"prompt": "Q tom has 4 gets 3 loses 2 total ?", "completion": " > 7 # 5"}` (format `prompt_completion`),
  preference sets rows `{"prompt", "chosen", "rejected"}` (format `preference`); `dataset_format(address)` tells which.
- `resolve_task("tiny-world:math?world=3", cache_dir)`: a directory with `train.jsonl`, `search.jsonl`,
  `confirm.jsonl` and `final.jsonl`, rows `{"id": "math-search-17", "prompt": "Q …", "answer": "5"}`; the answer is what
  must follow the last `#` (verifier `{ kind: exact, after: "#" }`).

`world` (default 0) varies which examples are drawn, never what is true in the world or which split a content is in.
Importing this package loads neither torch nor transformers.
"""

from .address import PREFIX, TinyWorldError, is_tiny_world
from .resolve import dataset_format, resolve, resolve_dataset, resolve_model, resolve_task

__all__ = [
    "PREFIX",
    "TinyWorldError",
    "dataset_format",
    "is_tiny_world",
    "resolve",
    "resolve_dataset",
    "resolve_model",
    "resolve_task",
]
