"""Finds rows of training data that hold items of a task: word for word, by the 8-grams they share, or but for a word.

The items' n-grams are the index, and rows go past it one by one: the answer is exact at any number of rows, and memory
depends on the items only.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from temper_gpu.encoding import Prompt

Gram = tuple[str, ...]
GRAM = 8
# Share of an item's 8-grams that one row must hold: PaLM's criterion (Chowdhery et al. 2022, section 8).
CONTAINMENT = 0.7
# Shorter items are compared as wholes: one other word makes another question of them. Of longer ones, one word in so
# many may be another, put in or left out: in the middle of 16 to 33 words one breaks more than 30 % of the 8-grams.
WHOLE_WORDS = 2 * GRAM
# An item of fewer than 8 words is one n-gram of its own length; below this many words it must be equal to a prompt.
FEWEST_WORDS = 5
# An n-gram that more of a task's items share is its template, such as an instruction, and says nothing of one item.
TEMPLATE_ITEMS = 5
TEMPLATE_SHARE = 0.01

# Numbers, words and symbols; prose punctuation is left out, arithmetic stays.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+|[^\w\s.,;:!?'\"`“”‘’…]")
# Scripts that put no spaces between words: each character counts as one.
_CHARACTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True)
class Item:
    """One item of a split, as it is compared."""

    task: str
    split: str
    id: str
    prompt: Prompt


@dataclass(frozen=True)
class Overlap:
    """A row that holds an item.

    ``similarity`` is the share of the item's n-grams, or of its words where a few are others; 1 with ``exact`` = word
    for word.
    """

    item: Item
    similarity: float
    exact: bool


def words_of(text: str) -> list[str]:
    """A text as it is compared: case, spacing and punctuation do not count."""
    if not text.isascii():
        text = _CHARACTER.sub(r" \g<0> ", unicodedata.normalize("NFKC", text))
    text = text.casefold()
    return _WORD.findall(text) or text.split()


def texts_of(prompt: Prompt) -> list[str]:
    """The parts of a prompt: its messages, or the one text that it is."""
    return [prompt] if isinstance(prompt, str) else [message["content"] for message in prompt]


class ItemIndex:
    """Items of any tasks and splits by what they are found with."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._whole: dict[str, list[int]] = {}
        self._items_with: dict[int, list[int]] = {}
        # Lengths of the n-grams that begin with these two words: most places of a row begin none.
        self._starts: dict[tuple[str, str], set[int]] = {}
        texts = [[words_of(text) for text in texts_of(item.prompt)] for item in items]
        questions = [words_of(_question(item.prompt)) for item in items]
        grams = [_item_grams(parts) for parts in texts]
        templates = _templates([item.task for item in items], grams)
        # What a row must hold of each item: of its text, and of its question.
        self._parts: list[tuple[_Part, _Part]] = []
        for index, item in enumerate(items):
            self._whole.setdefault(_joined(texts[index]), []).append(index)
            common = templates[item.task]
            asked = _item_grams([questions[index]]) - common
            own = (grams[index] | asked) - common
            for gram in own:
                self._items_with.setdefault(hash(gram), []).append(index)
                self._starts.setdefault((gram[0], gram[1]), set()).add(len(gram))
            self._parts.append((_Part(own, texts[index], common), _Part(asked, [questions[index]], common)))

    def find(self, row: dict[str, Any]) -> list[Overlap]:
        """Items that this canonical row holds, in the order of the items."""
        prompts, texts = _parts_of_row(row)
        exact: set[int] = set()
        for prompt in prompts:
            exact.update(self._whole.get(prompt, ()))
        seen: set[int] = set()
        for words in texts:
            for start, pair in enumerate(pairwise(words)):
                for length in self._starts.get(pair, ()):
                    gram = hash(tuple(words[start : start + length]))
                    if gram in self._items_with:
                        seen.add(gram)
        found = dict.fromkeys(exact, 1.0)
        for index in {index for gram in seen for index in self._items_with[gram]} - exact:
            whole, question = self._parts[index]
            similarity = whole.share_in(seen, texts)
            if similarity > 0 and question.share_in(seen, texts) > 0:
                found[index] = similarity
        return [Overlap(self._items[index], found[index], index in exact) for index in sorted(found)]


class _Part:
    """A text of an item, the n-grams that tell it from other items', and how much of them a row must hold.

    N-grams are hashes of 64 bits: two that differ are never taken for one another in practice.
    """

    def __init__(self, grams: set[Gram], texts: list[list[str]], common: set[Gram]) -> None:
        self._grams = set(map(hash, grams))
        self._texts = texts
        self._words = sum(map(len, texts))
        self._needed = len(grams) if self._words < WHOLE_WORDS else math.ceil(CONTAINMENT * len(grams))
        self._edits = sum(_own_words(words, common) for words in texts) // WHOLE_WORDS

    def share_in(self, seen: set[int], texts: list[list[str]]) -> float:
        """How much of this part stands in a row with these n-grams and texts; 0 when it is too little."""
        held = len(self._grams & seen)
        if held >= self._needed:
            return held / len(self._grams) if self._grams else 1.0
        # A changed word is in at most 8 of the 8-grams: where more are missing there is no need to look.
        if self._edits == 0 or held < len(self._grams) - GRAM * self._edits:
            return 0.0
        edits = sum(min(edits_to_find(part, text) for text in texts) for part in self._texts)
        return 1 - edits / self._words if edits <= self._edits else 0.0


def edits_to_find(part: list[str], text: list[str]) -> float:
    """The fewest words that are others, too many or missing where ``text`` holds ``part`` best (Sellers 1980).

    Infinite where a number or a sign would have to be another: that makes another question.
    """
    costs = [_edit_cost(word) for word in part]
    column = [0.0]
    for cost in costs:
        column.append(column[-1] + cost)
    best = column[-1]
    for word in text:
        inserted = _edit_cost(word)
        before, column = column, [0.0]
        for place, (own, cost) in enumerate(zip(part, costs, strict=True)):
            same = before[place] + (0.0 if own == word else max(cost, inserted))
            column.append(min(same, before[place + 1] + inserted, column[place] + cost))
        best = min(best, column[-1])
    return best


def _edit_cost(word: str) -> float:
    return 1.0 if word.isalpha() else math.inf


def _own_words(words: list[str], common: set[Gram]) -> int:
    """Words outside of what many items share."""
    shared: set[int] = set()
    for start, gram in enumerate(_grams(words, GRAM)):
        if gram in common:
            shared.update(range(start, start + GRAM))
    return len(words) - len(shared)


def _question(prompt: Prompt) -> str:
    """What an item asks: the last paragraph of its last message. What stands before it may serve many items."""
    return texts_of(prompt)[-1].strip().rsplit("\n\n", 1)[-1]


def _item_grams(parts: list[list[str]]) -> set[Gram]:
    grams: set[Gram] = set()
    if all(len(part) < GRAM for part in parts):
        parts = sorted(parts, key=len)[-1:]
    for part in parts:
        if len(part) >= GRAM:
            grams.update(_grams(part, GRAM))
        elif len(part) >= FEWEST_WORDS and len(parts) == 1:
            grams.update(_grams(part, len(part)))
    return grams


def _templates(tasks: list[str], grams: list[set[Gram]]) -> dict[str, set[Gram]]:
    """By task, the n-grams that too many of its items share."""
    by_task: dict[str, list[set[Gram]]] = {}
    for task, own in zip(tasks, grams, strict=True):
        by_task.setdefault(task, []).append(own)
    found: dict[str, set[Gram]] = {}
    for task, sets in by_task.items():
        most = max(TEMPLATE_ITEMS, TEMPLATE_SHARE * len(sets))
        counts = Counter(gram for own in sets for gram in own)
        found[task] = {gram for gram, count in counts.items() if count > most}
    return found


def _grams(words: list[str], length: int) -> Iterable[Gram]:
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))


def _joined(parts: Sequence[list[str]]) -> str:
    """Words for comparison as a whole."""
    return "\n".join(" ".join(part) for part in parts)


def _parts_of_row(row: dict[str, Any]) -> tuple[set[str], list[list[str]]]:
    """(normalised prompts of a row, words of all its texts). Each question of a conversation is a prompt, as is all."""
    if "messages" in row:
        texts = [words_of(message["content"]) for message in row["messages"]]
        asked = [words for words, message in zip(texts, row["messages"], strict=True) if message["role"] == "user"]
        before = texts[:-1]
    else:
        before = asked = [words_of(text) for text in texts_of(row["prompt"])]
        answers = (row[name] for name in ("completion", "chosen", "rejected") if name in row)
        texts = [*before, *(words_of(answer) for answer in answers)]
    return {_joined(before), *(_joined([words]) for words in asked)}, texts
