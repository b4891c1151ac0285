"""Rows of a task to items: ``{id, prompt | messages, answer, other_answers?}``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from temper_gpu.data.formats import fill_numbers, format_scalar, map_columns, read_prompt
from temper_gpu.data.messages import split_last_answer
from temper_gpu.data.problems import BadRows, ObjectProblem, RowProblem
from temper_gpu.data.read_table import Table, read_file, read_table
from temper_gpu.data.splits import content_hash
from temper_gpu.function_calls import canonical, parse_calls
from temper_gpu.verifiers import readable

Item = dict[str, Any]
ANSWER_NAMES = ("answer", "completion", "solution", "target", "output", "response", "ground_truth", "answers")
_CALL_INSTRUCTION = (
    'Answer with the function call as JSON and nothing else: {{"name": "...", "arguments": {{...}}}}. '
    "You can call these functions:\n{tools}\n\n{question}"
)


def read_task_items(
    entry: dict[str, Any], path: str, split: str | None, offline: bool
) -> tuple[list[Item], list[dict[str, Any]]]:
    """(items, problems) of one table. Raises ObjectProblem when there is nothing to read."""
    table = read_table(path, split, entry["source"]["revision"], offline)
    if table.total == 0:
        raise ObjectProblem(f"{table.source} is empty.")
    columns = dict(entry["columns"])
    separate = _separate_answers(path, columns.pop("answers_file", None))
    items, bad = [], table.bad
    for number, raw in table.rows:
        try:
            items.append(_item(raw, columns, separate, entry["verifier"]))
        except RowProblem as problem:
            bad.add(number, problem.reason)
    return items, _problems(bad, f"tasks.{entry['id']}", table)


def _problems(bad: BadRows, name: str, table: Table) -> list[dict[str, Any]]:
    """Tasks have no on_bad_rows: a missing item would change what is measured without a word."""
    problems = bad.problems(name, table.source, table.total)
    for problem in problems:
        problem["message"] = problem["message"].replace(
            "Fix the row or set on_bad_rows: skip.", "Fix the row or leave it out."
        )
    return problems


def _separate_answers(path: str, named: str | None) -> dict[str, Any] | None:
    """Answers by id from a file of their own: the named one, or ``x.answers.json`` beside ``x.json`` (AceBench)."""
    file = Path(path).expanduser()
    beside = Path(named).expanduser() if named else file.with_name(f"{file.stem}.answers{file.suffix}")
    if not beside.is_file():
        if named:
            raise ObjectProblem(f"The answers' file {named} does not exist.")
        return None
    answers: dict[str, Any] = {}
    for _, row in read_file(beside, str(beside)).rows:
        name = next((name for name in ANSWER_NAMES if name in row), None)
        if name is not None and "id" in row:
            answers[str(row["id"])] = row[name]
    return answers


def _item(
    raw: dict[str, Any], columns: dict[str, str], separate: dict[str, Any] | None, verifier: dict[str, Any]
) -> Item:
    row = fill_numbers(map_columns(raw, columns))
    if separate is not None and "answer" not in row:
        if str(row.get("id")) not in separate:
            raise RowProblem(f'has the id "{row.get("id")}", which the answers\' file lacks')
        row["answer"] = separate[str(row["id"])]
    if verifier["kind"] == "function_call" and "function" in row and "tools" not in row:
        row["tools"] = row.pop("function")
    prompt, answers = _prompt_and_answers(row, verifier)
    for answer in answers:
        if not readable(verifier, answer):
            what = {"number": "a number", "choice": "one of the choices", "function_call": "a function call"}
            found = what.get(verifier["kind"], "an answer")
            raise RowProblem(f'has an "answer" in which no {found.removeprefix("a ")} is found: {answer[:60]!r}')
    name = "prompt" if isinstance(prompt, str) else "messages"
    item: Item = {"id": str(row.get("id") or content_hash(prompt)[:16]), name: prompt, "answer": answers[0]}
    if len(answers) > 1:
        item["other_answers"] = answers[1:]
    return item


def _prompt_and_answers(row: dict[str, Any], verifier: dict[str, Any]) -> tuple[Any, list[str]]:
    by_lower = {name.lower(): name for name in row}
    name = next((by_lower[known] for known in ANSWER_NAMES if known in by_lower), None)
    is_call = verifier["kind"] == "function_call"
    if is_call and row.get("tools") and "messages" not in row:
        row = _with_call_instruction(row)
    prompt = read_prompt(row)
    if prompt is None:
        raise RowProblem(f'has no "prompt" (columns: {", ".join(row)})')
    if name is None:
        if not isinstance(prompt, list):
            raise RowProblem(f'has no "answer" (columns: {", ".join(row)})')
        before, answer = split_last_answer(prompt, "messages")
        return before, [answer]
    return prompt, _answers(row[name], name, is_call)


def _with_call_instruction(row: dict[str, Any]) -> dict[str, Any]:
    by_lower = {name.lower(): name for name in row}
    name = next(
        (by_lower[known] for known in ("prompt", "question", "query", "instruction") if known in by_lower), None
    )
    if name is None or not isinstance(row[name], str):
        return row
    tools = row["tools"] if isinstance(row["tools"], str) else json.dumps(row["tools"], ensure_ascii=False)
    rest = {key: value for key, value in row.items() if key not in (name, "tools")}
    return {**rest, "prompt": _CALL_INSTRUCTION.format(tools=tools, question=row[name].strip())}


def _answers(value: Any, name: str, is_call: bool) -> list[str]:
    """Every accepted answer as text. A list holds alternatives."""
    alternatives = value if isinstance(value, list) and value else [value]
    answers = []
    for alternative in alternatives:
        if alternative is None or alternative == "":
            raise RowProblem(f'has an empty "{name}"')
        if isinstance(alternative, bool | int | float):
            answers.append(format_scalar(alternative))
        elif isinstance(alternative, dict | list):
            text = json.dumps(alternative, ensure_ascii=False)
            calls = parse_calls(text) if is_call else None
            answers.append(text if calls is None else canonical(calls))
        else:
            answers.append(str(alternative))
    return answers
