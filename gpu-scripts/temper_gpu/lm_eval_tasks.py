"""Tasks of lm-eval (EleutherAI's evaluation harness), restricted to the documents of one split."""

from __future__ import annotations

from collections import Counter
from typing import Any

from temper_gpu.contract import ScriptFailure
from temper_gpu.task_items import Item


def load_task(name: str, include_path: str | None, offline: bool = True) -> Any:
    """lm-eval's task object. With ``include_path`` its default tasks are not indexed, which costs 12 s."""
    from lm_eval.tasks import TaskManager, get_task_dict

    manager = TaskManager(include_path=include_path, include_defaults=include_path is None)
    try:
        found = get_task_dict([name], manager)
    except Exception as error:
        place = f"in {include_path}" if include_path else "among lm-eval's own tasks"
        text = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        raise ScriptFailure("bad_data", f'lm-eval\'s task "{name}" cannot be loaded {place}: {text}') from error
    task = found.get(name)
    if task is None or isinstance(task, dict):
        raise ScriptFailure("bad_data", f'"{name}" is a group of lm-eval tasks. Name one task.')
    return task


def documents(task: Any) -> list[dict[str, Any]]:
    """The documents that lm-eval scores: its test split, or else its validation split."""
    return [dict(document) for document in task.eval_docs]


def evaluate_task(
    model: Any, tokenizer: Any, task: dict[str, Any], items: list[Item]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Runs lm-eval on the split's documents; outcomes are the metric's value for each document, in the items' order."""
    from lm_eval import simple_evaluate
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    indices = [item["index"] for item in items]
    # lm-eval's decorators hide its signatures from type checkers.
    make_model: Any = HFLM
    run_evaluation: Any = simple_evaluate
    language_model = make_model(pretrained=model, tokenizer=tokenizer, batch_size=task["batch_size"])
    include_path = task["include_path"]
    found = run_evaluation(
        model=language_model,
        tasks=[task["task"]],
        num_fewshot=task["num_fewshot"],
        # In document order: lm-eval goes through the documents and names the n-th one by the n-th index given.
        samples={task["task"]: sorted(indices)},
        log_samples=True,
        bootstrap_iters=0,
        task_manager=TaskManager(include_path=include_path, include_defaults=include_path is None),
        verbosity="ERROR",
    )
    samples = found["samples"][task["task"]]
    metric, filter_name = _split_metric(task["metric"], samples)
    by_index = {sample["doc_id"]: sample for sample in samples if sample["filter"] == filter_name}
    chosen = [by_index[index] for index in indices]
    strict = [float(sample[metric]) for sample in chosen]
    texts = [_text_of(sample) for sample in chosen]
    targets = Counter(str(sample["target"]) for sample in chosen)
    count = len(chosen)
    result = {
        "id": task["id"],
        "key": task["key"],
        "items": count,
        "strict": strict,
        "lenient": strict,
        "majority": targets.most_common(1)[0][1] / count,
        "hit_token_limit": 0.0,
        "empty": sum(not text for text in texts) / count,
        "most_common_output": Counter(texts).most_common(1)[0][1] / count,
        "mean_output_tokens": 0.0,
    }
    lines = [
        {
            "task": task["id"],
            "id": item["id"],
            "output": text,
            "answer": str(sample["target"]),
            "strict": value,
            "lenient": value,
        }
        for item, text, sample, value in zip(items, texts, chosen, strict, strict=True)
    ]
    return result, lines


def _split_metric(metric: str, samples: list[dict[str, Any]]) -> tuple[str, str]:
    """(metric, filter) from ``acc`` or lm-eval's own ``exact_match,strict-match``."""
    name, _, filter_name = metric.partition(",")
    filters = list(dict.fromkeys(sample["filter"] for sample in samples))
    chosen = filter_name or filters[0]
    known = sorted({key for sample in samples for key in sample.get("metrics", [])})
    if chosen not in filters or not any(name in sample for sample in samples):
        raise ScriptFailure(
            "bad_data",
            f'lm-eval gives no metric "{metric}" here. Metrics: {", ".join(known)}; filters: {", ".join(filters)}.',
        )
    return name, chosen


def _text_of(sample: dict[str, Any]) -> str:
    """The generated text, or the number of the choice that the model finds most likely."""
    answers = sample["filtered_resps"]
    if answers and isinstance(answers[0], list | tuple):
        scores = [float(answer[0]) for answer in answers]
        return str(scores.index(max(scores)))
    return str(answers[0]).strip() if answers else ""
