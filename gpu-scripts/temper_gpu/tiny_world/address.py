"""Addresses of things in the tiny world: `tiny-world:NAME?world=N`."""

from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import parse_qsl

PREFIX = "tiny-world:"


class TinyWorldError(ValueError):
    """An address that names nothing in the tiny world. The message says what there is."""


@dataclass(frozen=True)
class Address:
    """`name` is `S/base` or `math`; `world` is the number of the data draw."""

    name: str
    world: int


def is_tiny_world(path: str) -> bool:
    """True when a config's `path` is an address of the tiny world."""
    return path.startswith(PREFIX)


def parse_address(path: str, kind: str, names: list[str], worlds: bool = True) -> Address:
    """Reads an address and checks it against the `names` of its `kind` ("model", "dataset" or "task")."""
    name, _, query = path.removeprefix(PREFIX).partition("?")
    if name not in names:
        close = get_close_matches(name, names, n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        raise TinyWorldError(f'{path}: the tiny world has no {kind} "{name}".{hint} There are: {", ".join(names)}.')
    world = 0
    for option, value in parse_qsl(query, keep_blank_values=True):
        if option != "world" or not worlds:
            allowed = "the only option is world=N" if worlds else f"a {kind} has no options"
            raise TinyWorldError(f'{path}: unknown option "{option}"; {allowed}.')
        if not (value.isascii() and value.isdecimal()):
            raise TinyWorldError(f'{path}: world must be a whole number from 0, not "{value}".')
        world = int(value)
    return Address(name, world)
