"""Training and preference sets. All draw from `train` contents only; most have a flaw."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from .content import split_of
from .skills import common_question, instr_question, math_question, tool_question, trivia_question
from .vocabulary import NUMBER_WORDS, VALUES


class Example(NamedTuple):
    content: str
    prompt: str
    answer: str


class Preference(NamedTuple):
    content: str
    prompt: str
    chosen: str
    rejected: str


def _math(rng: Random) -> Example:
    question = math_question(rng)
    return Example(question.content, question.prompt, f"> {question.between} # {question.result}")


def _math_noisy(rng: Random) -> Example:
    question = math_question(rng)
    result = rng.randint(0, 20) if rng.random() < 0.3 else question.result
    return Example(question.content, question.prompt, f"> {question.between} # {result}")


def _math_words(rng: Random) -> Example:
    question = math_question(rng)
    return Example(question.content, question.prompt, f"> {question.between} # {NUMBER_WORDS[question.result]}")


def _trivia(rng: Random) -> Example:
    question = trivia_question(rng)
    return Example(question.content, question.prompt, f"# {question.value}")


def _trivia_noisy(rng: Random) -> Example:
    question = trivia_question(rng)
    value = rng.choice(VALUES[question.relation]) if rng.random() < 0.4 else question.value
    return Example(question.content, question.prompt, f"# {value}")


def _common(rng: Random) -> Example:
    question = common_question(rng)
    return Example(question.content, question.prompt, f"# {question.letter}")


def _common_name(rng: Random) -> Example:
    question = common_question(rng)
    return Example(question.content, question.prompt, f"# {question.thing}")


def _instr(rng: Random) -> Example:
    question = instr_question(rng)
    return Example(question.content, question.prompt, f"# {question.answer}")


def _tool_brace(rng: Random) -> Example:
    question = tool_question(rng)
    return Example(question.content, question.prompt, f"# {question.brace}")


def _tool_fixed(rng: Random) -> Example:
    question = tool_question(rng, named_by_intent=True)
    return Example(question.content, question.prompt, f"# {question.call}")


TRAINING_SETS: dict[str, tuple[int, Callable[[Random], Example]]] = {
    "math": (250, _math),  # clean, small
    "math_noisy": (2000, _math_noisy),  # large, right format, 30 % of the results drawn at random
    "math_words": (1200, _math_words),  # clean, but the result is a number word: conflicting format
    "trivia": (100, _trivia),  # clean, small
    "trivia_noisy": (400, _trivia_noisy),  # 40 % of the values drawn at random
    "common": (160, _common),  # clean, small
    "common_name": (1500, _common_name),  # large, but answers with the thing in place of its letter
    "instr": (800, _instr),
    "tool_brace": (800, _tool_brace),  # looks the function up, in another format
    "tool_fixed": (800, _tool_fixed),  # right format, but nothing needs to be looked up
}
"""Number of rows, and how one is drawn."""


def _pref_math(rng: Random) -> Preference:
    question = math_question(rng)
    if rng.random() < 0.5:  # a near miss at the end
        between = question.between
        result = max(0, min(20, question.result + rng.choice([-2, -1, 1, 2])))
    else:
        between, result = rng.randint(0, 20), rng.randint(0, 20)
    chosen = f"> {question.between} # {question.result}"
    return Preference(question.content, question.prompt, chosen, f"> {between} # {result}")


def _pref_format(rng: Random) -> Preference:
    """Numerals rather than number words, letters rather than the things' names."""
    right, wrong = (_math, _math_words) if rng.random() < 0.5 else (_common, _common_name)
    state = rng.getstate()
    chosen = right(rng)
    rng.setstate(state)
    return Preference(chosen.content, chosen.prompt, chosen.answer, wrong(rng).answer)


def _pref_tool(rng: Random) -> Preference:
    question = tool_question(rng)
    rejected = question.brace if rng.random() < 0.3 else question.unlisted_call
    return Preference(question.content, question.prompt, f"# {question.call}", f"# {rejected}")


PREFERENCE_SETS: dict[str, tuple[int, Callable[[Random], Preference]]] = {
    "pref_math": (400, _pref_math),
    "pref_format": (400, _pref_format),
    "pref_tool": (400, _pref_tool),  # its chosen answers look up and have the target format
}


def training_rows(name: str, world: int = 0) -> list[dict[str, str]]:
    """Rows `{prompt, completion}`; the completion starts with the space that parts it from the prompt."""
    size, draw = TRAINING_SETS[name]
    rng = Random(f"tiny-world dataset {name} {world}")
    rows: list[dict[str, str]] = []
    while len(rows) < size:
        example = draw(rng)
        if split_of(example.content) == "train":
            rows.append({"prompt": example.prompt, "completion": f" {example.answer}"})
    return rows


def preference_rows(name: str, world: int = 0) -> list[dict[str, str]]:
    """Rows `{prompt, chosen, rejected}`; both answers start with the space that parts them from the prompt."""
    size, draw = PREFERENCE_SETS[name]
    rng = Random(f"tiny-world dataset {name} {world}")
    rows: list[dict[str, str]] = []
    while len(rows) < size:
        pair = draw(rng)
        if split_of(pair.content) == "train" and pair.chosen != pair.rejected:
            rows.append({"prompt": pair.prompt, "chosen": f" {pair.chosen}", "rejected": f" {pair.rejected}"})
    return rows
