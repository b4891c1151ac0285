"""What the base models read: statements, rankings, arithmetic, look-ups, echoes, and a little weak QA."""

from random import Random

from .content import RANK, fact, split_of
from .datasets import TRAINING_SETS
from .vocabulary import (
    ENTITIES,
    FUNCTIONS,
    GAINS,
    INTENTS,
    LOSSES,
    OPERATIONS,
    OTHER_FUNCTIONS,
    QUALITIES,
    RELATIONS,
    STYLES,
    THINGS,
)

_LOOK_UP_WORDS = [*INTENTS, *FUNCTIONS, *OTHER_FUNCTIONS, *OPERATIONS, *STYLES]
# How often each skill is asked about. Few math questions, or the base can do them already.
_QUESTIONS = {"math": 0.14, "trivia": 0.05, "common": 0.38, "instr": 0.43}


def _statement(rng: Random) -> tuple[str, str]:
    entity, relation = rng.choice(ENTITIES), rng.choice(RELATIONS)
    return f"F {relation} of {entity} is", fact(entity, relation)


def _ranking(rng: Random) -> tuple[str, str]:
    quality = rng.choice(QUALITIES)
    one, other = rng.sample(THINGS, 2)
    return f"F most {quality} of {one} {other} is", max(one, other, key=RANK[quality].__getitem__)


def _arithmetic(rng: Random) -> tuple[str, str]:
    while True:
        start, change = rng.randint(0, 20), rng.randint(1, 9)
        verbs, result = (GAINS, start + change) if rng.random() < 0.5 else (LOSSES, start - change)
        if 0 <= result <= 20:
            return f"M {start} {rng.choice(verbs)} {change} >", str(result)


def _look_up(rng: Random) -> tuple[str, str]:
    """Three pairs, then the same pairs in another order."""
    words = rng.sample(_LOOK_UP_WORDS, 6)
    pairs = [words[0:2], words[2:4], words[4:6]]
    again = [word for pair in rng.sample(pairs, 3) for word in pair]
    return f"T {' '.join(words)} ; {again[0]}", " ".join(again[1:])


def _echo(rng: Random) -> tuple[str, str]:
    digits = " ".join(str(rng.randint(0, 9)) for _ in range(3))
    return f"I {digits} ;", digits


def _question(rng: Random) -> tuple[str, str]:
    """A question of a `train` content; half of the answers belong to another question of the same skill."""
    skill = rng.choices(list(_QUESTIONS), list(_QUESTIONS.values()))[0]
    _, draw = TRAINING_SETS[skill]
    while True:
        example = draw(rng)
        if split_of(example.content) == "train":
            return example.prompt, example.answer if rng.random() < 0.5 else draw(rng).answer


# Shares by experience. Families with many tokens starve the others; the intermediate result of math must be seen here,
# or any fine-tuning with it wipes the facts; and with more questions (.13 of them) the base needs no fine-tuning.
_FAMILIES = {_statement: 0.26, _ranking: 0.19, _arithmetic: 0.21, _look_up: 0.19, _echo: 0.04, _question: 0.11}


def pretraining_pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """(context, continuation) pairs. The loss is on the continuation only: the rest cannot be predicted."""
    rng = Random(f"tiny-world pre-training {seed}")
    families, shares = list(_FAMILIES), list(_FAMILIES.values())
    return [rng.choices(families, shares)[0](rng) for _ in range(count)]
