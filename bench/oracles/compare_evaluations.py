"""Our evaluations against ``lm_eval``: our own generation and verifier, and lm-eval's tasks restricted to a split."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from inputs import Inputs, envelope, model

from temper_gpu import evaluate, tiny_world
from temper_gpu.contract import Report


def compare_evaluations(inputs: Inputs, out: Path, smoke: bool) -> dict[str, dict[str, Any]]:
    """How many items are judged differently, by task."""
    count = 40 if smoke else 200
    compared = {}
    for skill in ("math",) if smoke else tuple(inputs.specialists):
        folder = out / "evaluations" / skill
        folder.mkdir(parents=True)
        items = [
            json.loads(line)
            for line in (Path(tiny_world.resolve_task(f"tiny-world:{skill}", out / "cache")) / "search.jsonl")
            .read_text()
            .splitlines()[:count]
        ]
        write_lm_eval_task(folder, skill, items)
        theirs = their_outcomes(inputs.specialists[skill], skill, folder)
        for kind, ours in our_outcomes(inputs.specialists[skill], skill, folder).items():
            differ = sum(a != b for a, b in zip(ours, theirs, strict=True))
            accuracy = [sum(ours) / len(ours), sum(theirs) / len(theirs)]
            compared[f"{skill} {kind}"] = {"items": len(ours), "items_that_differ": differ, "accuracy": accuracy}
    return compared


def write_lm_eval_task(folder: Path, skill: str, items: list[dict[str, Any]]) -> None:
    """The task as lm-eval's users write it: what follows the last # must be the answer."""
    lines = [json.dumps({"id": item["id"], "prompt": item["prompt"], "answer": item["answer"]}) for item in items]
    (folder / "items.jsonl").write_text("\n".join(lines) + "\n")
    indices = [json.dumps({"index": index, "id": item["id"]}) for index, item in enumerate(items)]
    (folder / "indices.jsonl").write_text("\n".join(indices) + "\n")
    (folder / f"{skill}.yaml").write_text(
        f"""task: tiny_{skill}
dataset_path: json
dataset_kwargs: {{data_files: {{test: {folder / "items.jsonl"}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{prompt}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{until: ["<eos>"], max_gen_toks: 16, do_sample: false}}
filter_list:
  - name: last
    filter:
      - {{function: regex, regex_pattern: "#\\\\s*([^#]*?)\\\\s*$", group_select: -1}}
      - {{function: take_first}}
metric_list: [{{metric: exact_match}}]
"""
    )


def our_outcomes(path: Path, skill: str, folder: Path) -> dict[str, list[float]]:
    """Through our generation and verifier, and through our use of lm-eval."""
    generated = {
        "kind": "generate",
        "id": "generate",
        "key": skill,
        "items_path": str(folder / "items.jsonl"),
        "verifier": {"kind": "exact", "after": "#"},
        "max_new_tokens": 16,
        "few_shot": 0,
        "few_shot_path": None,
        "chat_template": False,
        "batch_size": 64,
    }
    harness = {
        "kind": "lm_eval",
        "id": "lm_eval",
        "key": skill,
        "task": f"tiny_{skill}",
        "include_path": str(folder),
        "metric": "exact_match,last",
        "items_path": str(folder / "indices.jsonl"),
        "num_fewshot": 0,
        "batch_size": 64,
    }
    documents = {"model": model(path), "split": "search", "tasks": [generated, harness]}
    results = evaluate.run(envelope(folder / "output", documents, {}), Report())["tasks"]
    return {result["id"]: result["strict"] for result in results}


def their_outcomes(path: Path, skill: str, folder: Path) -> list[float]:
    """Through lm-eval's command line, in the order of the documents."""
    arguments = [
        sys.executable,
        "-m",
        "lm_eval",
        "run",
        "--model",
        "hf",
        "--model_args",
        f"pretrained={path},dtype=float32",
        "--device",
        "cpu",
    ]
    arguments += ["--tasks", f"tiny_{skill}", "--include_path", str(folder), "--batch_size", "1"]
    arguments += ["--log_samples", "--output_path", str(folder / "lm-eval")]
    subprocess.run(arguments, check=True, stdout=sys.stderr)
    file = next((folder / "lm-eval").rglob(f"samples_tiny_{skill}_*.jsonl"))
    samples = [json.loads(line) for line in file.read_text().splitlines()]
    return [sample["exact_match"] for sample in sorted(samples, key=lambda sample: sample["doc_id"])]
