"""What is true in the tiny world, and which split a content is in: both by hash, so that nothing can move them."""

from hashlib import blake2b

from .vocabulary import QUALITIES, THINGS, VALUES

SPLITS = ("train", "search", "confirm", "final")

# Shares of 40/20/20/20 percent.
_SPLIT_OF_FIFTH = ("train", "train", "search", "confirm", "final")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def split_of(content: str) -> str:
    """The one split that a content (a fact, operands, options, a list, …) may stand in, in every world."""
    return _SPLIT_OF_FIFTH[_hash(f"split {content}") % 5]


def fact(entity: str, relation: str) -> str:
    """The value that answers "what RELATION of ENTITY"."""
    values = VALUES[relation]
    return values[_hash(f"fact {relation} {entity}") % len(values)]


def _ascending(quality: str) -> list[str]:
    return sorted(THINGS, key=lambda thing: _hash(f"rank {quality} {thing}"))


RANK = {quality: {thing: rank for rank, thing in enumerate(_ascending(quality))} for quality in QUALITIES}
"""`RANK[quality][thing]`: a larger rank is more of the quality."""
