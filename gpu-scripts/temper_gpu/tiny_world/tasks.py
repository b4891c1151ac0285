"""The five tasks: questions of each split with the answer that must follow the last `#`."""

from collections.abc import Callable
from random import Random

from .content import SPLITS, split_of
from .skills import common_question, instr_question, math_question, tool_question, trivia_question

ITEMS = 240
"""Most items in a split. No content stands twice in a split; trivia has fewer contents, and all of them are used."""

# A draw that only repeats itself for this many tries has seen every content of the split.
_TRIES = 20_000


def _math(rng: Random) -> tuple[str, str, str]:
    question = math_question(rng)
    return question.content, question.prompt, str(question.result)


def _trivia(rng: Random) -> tuple[str, str, str]:
    question = trivia_question(rng)
    return question.content, question.prompt, question.value


def _common(rng: Random) -> tuple[str, str, str]:
    question = common_question(rng)
    return question.content, question.prompt, question.letter


def _instr(rng: Random) -> tuple[str, str, str]:
    question = instr_question(rng)
    return question.content, question.prompt, question.answer


def _tool(rng: Random) -> tuple[str, str, str]:
    question = tool_question(rng)
    return question.content, question.prompt, question.call


TASKS: dict[str, Callable[[Random], tuple[str, str, str]]] = {
    "math": _math,
    "trivia": _trivia,
    "common": _common,
    "instr": _instr,
    "tool": _tool,
}
"""Each draws (content, prompt, answer)."""


def task_items(task: str, split: str, world: int = 0) -> list[dict[str, str]]:
    """Items of one split in the order of the draw; at most `ITEMS`, all with different contents."""
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}: there are {', '.join(SPLITS)}")
    rng = Random(f"tiny-world task {task} {split} {world}")
    items: list[dict[str, str]] = []
    seen: set[str] = set()
    tries = 0
    while len(items) < ITEMS and tries < _TRIES:
        tries += 1
        content, prompt, answer = TASKS[task](rng)
        if content in seen or split_of(content) != split:
            continue
        seen.add(content)
        items.append({"id": f"{task}-{split}-{len(items)}", "prompt": prompt, "answer": answer})
    return items
