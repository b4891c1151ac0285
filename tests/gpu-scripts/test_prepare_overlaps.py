"""Registering says which rows of a dataset stand in which splits of which tasks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests_for import request, run_script
from tiny import write_jsonl

from temper_gpu import prepare, prepare_overlaps

QUESTIONS = [f"How many apples are left of {n + 20} when somebody eats {n} of them today?" for n in range(60)]


def source(path: Path) -> dict[str, Any]:
    return {"path": str(path), "revision": None}


def register(
    cache: Path,
    data: Path | None,
    tasks: list[dict[str, Any]],
    on_bad_rows: str = "fail",
    known: dict[str, Any] | None = None,
) -> dict[str, Any]:
    dataset = {"id": "d", "split": None, "format": "auto", "columns": {}, "on_bad_rows": on_bad_rows}
    inputs = {
        "cache_dir": str(cache),
        "models": [],
        "datasets": [] if data is None else [{**dataset, "source": source(data)}],
        "tasks": tasks,
        "offline": True,
        **({} if known is None else {"known": known}),
    }
    return run_script(prepare, request(cache / "out", inputs, {}))


def task(path: Path | None, **changes: Any) -> dict[str, Any]:
    return {
        "id": "apples",
        "kind": "generate",
        "source": None if path is None else source(path),
        "split": None,
        "columns": {},
        "verifier": {"kind": "number"},
        "max_new_tokens": 8,
        "few_shot": 0,
        "task": None,
        "include_path": None,
        "items": {"search": 20, "confirm": 20, "final": 20},
    } | changes


@pytest.fixture
def items(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "items.jsonl", [{"prompt": text, "answer": "20"} for text in QUESTIONS])


def split_of(reply: dict[str, Any], split: str) -> list[str]:
    file = Path(reply["tasks"][0]["path"]) / f"{split}.jsonl"
    return [json.loads(line)["prompt"] for line in file.read_text().splitlines()]


def test_names_the_rows_the_items_and_how_close_they_are(items: Path, tmp_path: Path) -> None:
    clean = [{"prompt": f"Name {n} things that are blue.", "completion": "sky"} for n in range(10)]
    first = register(tmp_path / "cache", write_jsonl(tmp_path / "clean.jsonl", clean), [task(items)])
    assert first["datasets"][0]["overlap"] == {
        "rows": {"search": 0, "confirm": 0, "final": 0, "any": 0},
        "found": [],
        "list": None,
    }
    final, confirm = split_of(first, "final"), split_of(first, "confirm")
    planted: list[dict[str, Any]] = [*clean, {"prompt": final[0].upper(), "completion": "20"}, {"prompt": "no answer"}]
    planted += [{"prompt": f"Please think. {text} Thanks!", "completion": "20"} for text in (final[1], confirm[0])]
    data = write_jsonl(tmp_path / "planted.jsonl", planted)
    overlap = register(tmp_path / "cache", data, [task(items)], "skip")["datasets"][0]["overlap"]
    assert overlap["rows"] == {"search": 0, "confirm": 1, "final": 2, "any": 3}
    by_split = {place["split"]: place for place in overlap["found"]}
    assert (by_split["final"]["rows"], by_split["final"]["exact_rows"], by_split["final"]["items"]) == (2, 1, 2)
    # Numbers of the source: the row that was skipped counts.
    assert [each["row"] for each in by_split["final"]["examples"]] == [11, 13]
    assert by_split["confirm"]["examples"][0]["row"] == 14
    listed = [json.loads(line) for line in Path(overlap["list"]).read_text().splitlines()]
    assert [(each["split"], each["row"], each["exact"]) for each in listed] == [
        ("confirm", 14, False),
        ("final", 11, True),
        ("final", 13, False),
    ]
    assert listed[0]["item_text"] == confirm[0]


def test_what_joins_a_run_is_compared_with_what_the_run_has(items: Path, tmp_path: Path) -> None:
    def registered(thing: dict[str, Any]) -> dict[str, Any]:
        return {name: thing[name] for name in ("id", "key", "path")}

    cache = tmp_path / "cache"
    clean = write_jsonl(tmp_path / "clean.jsonl", [{"prompt": "Hi.", "completion": "Ho."}])
    run = register(cache, clean, [task(items)])
    known = {"datasets": [registered(run["datasets"][0])], "tasks": [registered(run["tasks"][0])]}
    final = split_of(run, "final")
    rows = [{"prompt": "Ha?", "completion": "He."}, {"prompt": final[3], "completion": "1"}]
    data = write_jsonl(tmp_path / "late.jsonl", rows)
    dataset_joins = register(cache, data, [], known=known)
    assert dataset_joins["tasks"] == []
    (place,) = dataset_joins["datasets"][0]["overlap"]["found"]
    assert (place["task"], place["split"], place["examples"][0]["row"]) == ("apples", "final", 2)
    # The run's own sets are clean of its own tasks: they were compared when it began.
    assert [each["overlap"]["rows"]["any"] for each in dataset_joins["known_overlaps"]] == [0]

    late_items = tmp_path / "late-items"
    late_items.mkdir()
    for name, text in (("search", "Hm?"), ("confirm", "Hu?"), ("final", "Hi.")):
        write_jsonl(late_items / f"{name}.jsonl", [{"prompt": text, "answer": "x"}])
    late = task(late_items, id="greetings", verifier={"kind": "exact"})
    task_joins = register(cache, None, [late], known=known)
    (found,) = task_joins["known_overlaps"]
    assert (found["id"], found["rows"], found["overlap"]["rows"]["any"]) == ("d", 1, 1)
    assert found["overlap"]["found"][0]["task"] == "greetings"


def test_rows_that_were_compared_are_not_compared_again(
    items: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_jsonl(tmp_path / "data.jsonl", [{"prompt": text, "completion": "20"} for text in QUESTIONS])
    first = register(tmp_path / "cache", data, [task(items)])
    # Splits are drawn by content: what is over in one of them is in none.
    assert first["datasets"][0]["overlap"]["rows"]["any"] == sum(first["tasks"][0]["items"].values())

    def refuse(*_: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr(prepare_overlaps, "ItemIndex", refuse)
    assert register(tmp_path / "cache", data, [task(items)])["datasets"] == first["datasets"]
    with pytest.raises(AssertionError, match="compared again"):
        register(tmp_path / "cache", data, [task(items, max_new_tokens=9)])


def test_lm_evals_documents_are_compared_by_what_a_model_reads(tmp_path: Path) -> None:
    rows = [{"q": text, "choices": ["19", "20"], "gold": 1} for text in QUESTIONS]
    documents = write_jsonl(tmp_path / "docs.jsonl", rows)
    (tmp_path / "pick.yaml").write_text(
        f"task: tiny_apples\ndataset_path: json\ndataset_kwargs: {{data_files: {{test: {documents}}}}}\n"
        "test_split: test\noutput_type: multiple_choice\ndoc_to_text: 'Question: {{q}}\\nAnswer:'\n"
        "doc_to_choice: choices\ndoc_to_target: gold\nmetric_list: [{metric: acc}]\n"
    )
    lm_eval = task(None, kind="lm_eval", verifier=None, task="tiny_apples", include_path=str(tmp_path))
    data = write_jsonl(tmp_path / "data.jsonl", [{"prompt": f"Q: {QUESTIONS[7]}", "completion": "20"}])
    overlap = register(tmp_path / "cache", data, [lm_eval])["datasets"][0]["overlap"]
    assert overlap["rows"]["any"] == 1
    assert QUESTIONS[7] in overlap["found"][0]["examples"][0]["item_text"]
