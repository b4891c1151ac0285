"""Evaluates one model on one split of some tasks: greedy generation and a verifier, or lm-eval's own tasks."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from temper_gpu.compute_dtype import compute_dtype
from temper_gpu.contract import Report
from temper_gpu.encoding import Encoder
from temper_gpu.models import check_model, load_model, load_tokenizer
from temper_gpu.preflight import inference_memory_mib, require_memory
from temper_gpu.task_items import Item, answers_of, prompt_of, read_items, with_examples
from temper_gpu.verifiers import judge, majority
from temper_gpu.warm_imports import quiet_libraries

if TYPE_CHECKING:
    from temper_gpu.generation import Output

# Above this share of outputs that ran into max_new_tokens the score says more about the limit than about the model.
TOKEN_LIMIT_WARNING = 0.05


def run(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Evaluates the request's model; writes every output to ``outputs.jsonl`` and returns the task results."""
    quiet_libraries()
    inputs = request["inputs"]
    check_model(inputs["model"])
    directory, on_gpu = Path(inputs["model"]["path"]), request["device"]["kind"] == "cuda"
    parts = inference_memory_mib(directory, on_gpu)
    require_memory(parts, request["device"], request["limits"]["memory_mib"], "Use a larger device.")
    items = {task["id"]: read_items(task["items_path"]) for task in inputs["tasks"]}

    from temper_gpu.training import use_device

    use_device(request["device"])
    quiet_libraries()
    tokenizer = load_tokenizer(inputs["model"])
    model = load_model(inputs["model"], compute_dtype(directory, on_gpu))
    if on_gpu:
        model = model.to("cuda")
    total, done = sum(len(part) for part in items.values()), 0
    results, lines = [], []

    def advance(count: int) -> None:
        nonlocal done
        done += count
        report.progress(done, total, "items")

    for task in inputs["tasks"]:
        if task["kind"] == "generate":
            result, written = _generate_task(model, tokenizer, task, items[task["id"]], report, advance)
        else:
            from temper_gpu.lm_eval_tasks import evaluate_task

            result, written = evaluate_task(model, tokenizer, task, items[task["id"]])
            advance(len(items[task["id"]]))
        results.append(result)
        lines += written
        _warn_of_token_limit(result, report)
    _write_outputs(Path(request["output_dir"]) / "outputs.jsonl", lines)
    return {"tasks": results}


def _generate_task(
    model: Any,
    tokenizer: Any,
    task: dict[str, Any],
    items: list[Item],
    report: Report,
    advance: Any,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    from temper_gpu.generation import generate

    encoder = Encoder(tokenizer, chat_template=task["chat_template"])
    examples = (
        read_items(task["few_shot_path"])[: task["few_shot"]] if task["few_shot"] and task["few_shot_path"] else []
    )
    if len(examples) < task["few_shot"]:
        report.warn(f"{task['id']}: {len(examples)} few-shot examples there, {task['few_shot']} asked for.")
    prompts = encoder.prompts(with_examples([prompt_of(item) for item in items], examples, encoder.uses_template))
    prompts = _fit_context(prompts, model, task, report)
    outputs = generate(model, encoder, prompts, task["max_new_tokens"], task["batch_size"], advance)
    if examples and not encoder.uses_template:
        outputs = [_first_block(output) for output in outputs]
    outcomes = [
        judge(task["verifier"], output.text, answers_of(item)) for output, item in zip(outputs, items, strict=True)
    ]
    lines = [
        {
            "task": task["id"],
            "id": item["id"],
            "output": output.text,
            "answer": item["answer"],
            "strict": strict,
            "lenient": lenient,
        }
        for item, output, (strict, lenient) in zip(items, outputs, outcomes, strict=True)
    ]
    return _result(task, items, outputs, outcomes), lines


def _result(
    task: dict[str, Any], items: list[Item], outputs: list[Output], outcomes: list[tuple[float, float]]
) -> dict[str, Any]:
    count = len(items)
    lengths = sorted(output.tokens for output in outputs)
    return {
        "id": task["id"],
        "key": task["key"],
        "items": count,
        "strict": [strict for strict, _ in outcomes],
        "lenient": [lenient for _, lenient in outcomes],
        "majority": majority(task["verifier"], [answers_of(item) for item in items]),
        "hit_token_limit": sum(output.hit_token_limit for output in outputs) / count,
        "empty": sum(not output.text for output in outputs) / count,
        "most_common_output": Counter(output.text for output in outputs).most_common(1)[0][1] / count,
        "mean_output_tokens": sum(lengths) / count,
        "output_tokens": {"median": median(lengths), "p90": lengths[math.ceil(0.9 * count) - 1]},
    }


def _first_block(output: Output) -> Output:
    """Without a chat template a model goes on with further questions of its own: its answer is the first block."""
    from temper_gpu.generation import Output

    block = output.text.split("\n\n")[0].strip()
    return output if block == output.text else Output(block, output.tokens, False)


def _fit_context(prompts: list[list[int]], model: Any, task: dict[str, Any], report: Report) -> list[list[int]]:
    """Cuts prompts at their start where prompt and answer would be longer than the model's context."""
    limit = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    room = limit - task["max_new_tokens"] if isinstance(limit, int) else None
    if room is None or all(len(prompt) <= room for prompt in prompts):
        return prompts
    room = max(room, 1)
    cut = sum(len(prompt) > room for prompt in prompts)
    report.warn(
        f"{task['id']}: {cut:,} of {len(prompts):,} prompts do not fit the context of {limit:,} tokens with "
        f"{task['max_new_tokens']} for the answer; their beginnings were cut."
    )
    return [prompt[-room:] for prompt in prompts]


def _warn_of_token_limit(result: dict[str, Any], report: Report) -> None:
    share = result["hit_token_limit"]
    if share > TOKEN_LIMIT_WARNING:
        report.warn(
            f"{result['id']}: {share:.0%} of the answers ran into max_new_tokens, so the score may say more about the "
            "limit than about the model. Raise max_new_tokens."
        )


def _write_outputs(path: Path, lines: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
