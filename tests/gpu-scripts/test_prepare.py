"""Registering models and datasets, from what people really have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests_for import dataset, request, run_script, sft_request
from tiny import make_model, reference, write_jsonl

from temper_gpu import prepare, sft
from temper_gpu.contract import Report

DEMOS = Path(__file__).parents[3] / "shared" / "data"


def source(path: str | Path) -> dict[str, Any]:
    return {"path": str(path), "revision": None}


def entry(path: str | Path, name: str = "d", **changes: Any) -> dict[str, Any]:
    plain = {"id": name, "source": source(path), "split": None, "format": "auto", "columns": {}, "on_bad_rows": "fail"}
    return plain | changes


def register(
    cache: Path,
    models: list[Path] | None = None,
    datasets: list[dict[str, Any]] | None = None,
    report: Report | None = None,
) -> dict[str, Any]:
    inputs = {
        "cache_dir": str(cache),
        "models": [{"id": path.name, "source": source(path)} for path in models or []],
        "datasets": datasets or [],
        "tasks": [],
        "offline": True,
    }
    return run_script(prepare, request(cache / "out", inputs, {}), report)


def test_registers_a_model_by_its_content(base: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(base, tmp_path / "copy"))
    (copy / "README.md").write_text("notes")
    first, second = register(tmp_path / "cache", [base, copy])["models"]
    assert first["key"] == second["key"]
    assert first["compatibility"] == second["compatibility"]
    assert first["architecture"] == "LlamaForCausalLM"
    assert first["parameters"] > 10_000
    assert first["path"] == str(base)


def test_models_of_other_shapes_or_vocabularies_are_not_compatible(base: Path, tmp_path: Path) -> None:
    others = [base, make_model(tmp_path / "wide", hidden=48), make_model(tmp_path / "more", extra=4)]
    models = register(tmp_path / "cache", others)["models"]
    assert len({model["compatibility"] for model in models}) == 3


def test_joins_an_adapter_with_its_base(base: Path, pairs: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    run_script(sft, sft_request(adapter, reference(base), [dataset(pairs)], peft_r=4, max_steps=3))
    assert "which is needed too" in register(tmp_path / "cache", [adapter])["problems"][0]["message"]
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "base_model_name_or_path": str(base)}))
    reply = register(tmp_path / "cache", [adapter, base])
    assert reply["problems"] == []
    joined, plain = reply["models"]
    assert joined["form"] == "full"
    assert joined["compatibility"] == plain["compatibility"]
    assert joined["key"] != plain["key"]


def test_refuses_pickles_missing_weights_and_foreign_code(base: Path, tmp_path: Path) -> None:
    import shutil

    pickled, empty, coded, mute, cut = (Path(shutil.copytree(base, tmp_path / name)) for name in "pecmt")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    (empty / "model.safetensors").unlink()
    config = json.loads((coded / "config.json").read_text())
    (coded / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "x.py"}}))
    (mute / "tokenizer.json").unlink()
    content = (cut / "model.safetensors").read_bytes()
    (cut / "model.safetensors").write_bytes(content[:-100])
    reply = register(tmp_path / "cache", [pickled, empty, coded, mute, cut, tmp_path / "none"])
    messages = {problem["object"]: problem["message"] for problem in reply["problems"]}
    assert reply["models"] == []
    assert "as a pickle (pytorch_model.bin)" in messages["models.p"]
    assert "save_pretrained(..., safe_serialization=True)" in messages["models.p"]
    assert "has no .safetensors file" in messages["models.e"]
    assert "running model code is switched off" in messages["models.c"]
    assert "has no tokenizer" in messages["models.m"]
    assert "is cut short" in messages["models.t"]
    assert "none does not exist" in messages["models.none"]


def test_registers_a_dataset_under_its_content_hash(base: Path, tmp_path: Path) -> None:
    rows = [{"prompt": f"w3 {i} ?", "completion": "# 1"} for i in range(10)]
    asked = [{"question": row["prompt"], "answer": row["completion"]} for row in rows]
    files = [write_jsonl(tmp_path / "a.jsonl", rows), write_jsonl(tmp_path / "b.jsonl", asked)]
    reply = register(tmp_path / "cache", [base], [entry(files[0], "a"), entry(files[1], "b")])
    first, second = reply["datasets"]
    assert first["key"] == second["key"]
    assert first["rows"] == 10
    # <bos> w3 i ? # 1 <eos>
    assert first["mean_tokens"] == 7
    assert [json.loads(line) for line in Path(first["path"]).read_text().splitlines()] == rows


def test_says_which_row_lacks_what(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"question": "q", "answer": str(i)} for i in range(7473)]
    rows[211] = {"question": "q", "anwser": "5"}
    file = write_jsonl(tmp_path / "gsm8k.jsonl", rows)
    columns = {"prompt": "question", "completion": "answer"}
    reply = register(tmp_path / "cache", datasets=[entry(file, "gsm8k", columns=columns)])
    assert reply["datasets"] == []
    assert reply["problems"] == [
        {
            "object": "datasets.gsm8k",
            "row": 212,
            "message": f'row 212 of {file} has no "answer" (columns: question, anwser). 1 of 7,473 rows. '
            "Fix the row or set on_bad_rows: skip.",
        }
    ]


def test_skips_bad_rows_when_told_and_says_so(tmp_path: Path) -> None:
    report = Report()
    file = tmp_path / "x.jsonl"
    file.write_text('{"prompt": "a", "completion": "b"}\n\nbroken\n{"prompt": "c", "completion": ""}\n')
    reply = register(tmp_path / "cache", datasets=[entry(file, on_bad_rows="skip")], report=report)
    assert reply["datasets"][0]["rows"] == 1
    assert reply["datasets"][0]["skipped_rows"] == 3
    wanted = 'row 2 is empty; row 3 is not JSON; row 4 has an empty "completion"'
    assert report.warnings == [f"datasets.d: 3 of 4 rows were skipped ({wanted})."]


def test_lists_the_problems_of_all_objects_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "odd.jsonl").write_text('{"colour": "red"}\n')
    (tmp_path / "bad.jsonl").write_text("nothing\n")
    entries = [entry(tmp_path / f"{name}.jsonl", name) for name in ("empty", "odd", "bad", "none")]
    problems = register(tmp_path / "cache", datasets=entries)["problems"]
    messages = {problem["object"]: problem["message"] for problem in problems}
    assert messages["datasets.empty"].endswith("empty.jsonl is empty. Give it rows, or leave this dataset out.")
    assert "The columns colour fit no known format" in messages["datasets.odd"]
    assert "row 1" in messages["datasets.bad"] and "is not JSON. 1 of 1 rows" in messages["datasets.bad"]
    assert messages["datasets.none"].endswith("none.jsonl does not exist.")


@pytest.mark.parametrize(
    ("address", "form", "rows"),
    [("tiny-world:math", "prompt_completion", 250), ("tiny-world:pref_math", "preference", 400)],
)
def test_registers_the_tiny_world(address: str, form: str, rows: int, tmp_path: Path) -> None:
    registered = register(tmp_path / "cache", datasets=[entry(address)])["datasets"][0]
    assert (registered["format"], registered["rows"]) == (form, rows)


def test_names_the_tiny_world_s_datasets_when_one_is_unknown(tmp_path: Path) -> None:
    problems = register(tmp_path / "cache", datasets=[entry("tiny-world:maths")])["problems"]
    assert "math_noisy" in problems[0]["message"]


@pytest.mark.skipif(not DEMOS.is_dir(), reason="no demo data beside the checkout")
@pytest.mark.parametrize(
    ("file", "form", "rows"),
    [
        ("llama-factory/alpaca_en_demo.json", "prompt_completion", 999),
        ("llama-factory/dpo_en_demo.json", "preference", 300),
        ("llama-factory/kto_en_demo.json", "unpaired_preference", 300),
        ("llama-factory/glaive_toolcall_en_demo.json", "messages", 300),
        ("gsm8k/train.jsonl", "prompt_completion", 7473),
        ("mawps/train.csv", "prompt_completion", 1537),
    ],
)
def test_registers_data_as_people_have_it(file: str, form: str, rows: int, tmp_path: Path) -> None:
    reply = register(tmp_path / "cache", datasets=[entry(DEMOS / file)])
    assert reply["problems"] == []
    assert (reply["datasets"][0]["format"], reply["datasets"][0]["rows"]) == (form, rows)
