"""What is wrong with objects, collected so that people see all of it at once, with row numbers and counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class RowProblem(Exception):
    """One row that cannot be used. ``reason`` reads on from "row 212 of data.jsonl": ``has no "answer"``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ObjectProblem(Exception):
    """An object that cannot be used at all, such as a missing file. The message carries the remedy."""


@dataclass
class BadRows:
    """Bad rows of one table, grouped by reason."""

    first: dict[str, int] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def add(self, row: int, reason: str) -> None:
        """Notes row ``row`` (numbers start at 1)."""
        self.first.setdefault(reason, row)
        self.count[reason] = self.count.get(reason, 0) + 1
        self.rows.add(row)

    def __len__(self) -> int:
        return len(self.rows)

    def problems(self, object_name: str, source: str, total: int) -> list[dict[str, Any]]:
        """One problem for each reason, with its first row and how many rows have it."""
        return [
            {
                "object": object_name,
                "row": row,
                "message": f"row {row} of {source} {reason}. {self.count[reason]:,} of {total:,} rows. "
                "Fix the row or set on_bad_rows: skip.",
            }
            for reason, row in self.first.items()
        ]


def object_problem(object_name: str, message: str) -> dict[str, Any]:
    """A problem of a whole object."""
    return {"object": object_name, "row": None, "message": message}
