"""One sampler for each skill: a random question, its content, and what is needed to answer it in any format."""

from dataclasses import dataclass
from random import Random

from .content import RANK, fact
from .vocabulary import (
    ENTITIES,
    FUNCTIONS,
    GAINS,
    INTENTS,
    LETTERS,
    LOSSES,
    NAMES,
    OPERATIONS,
    QUALITIES,
    RELATIONS,
    STYLES,
    THINGS,
)


@dataclass(frozen=True)
class MathQuestion:
    content: str
    prompt: str
    between: int
    """Result of the first of the two steps."""
    result: int


def math_question(rng: Random) -> MathQuestion:
    """`Q tom has 4 gets 3 loses 2 total ?`: two steps of + or - that stay within 0 and 20."""
    while True:
        start, first, second = (rng.randint(1, 9) for _ in range(3))
        signs = [rng.choice("+-") for _ in range(2)]
        between = start + first if signs[0] == "+" else start - first
        result = between + second if signs[1] == "+" else between - second
        if not (0 <= between <= 20 and 0 <= result <= 20):
            continue
        verbs = [rng.choice(GAINS if sign == "+" else LOSSES) for sign in signs]
        return MathQuestion(
            content=f"math {start} {signs[0]} {first} {signs[1]} {second}",
            prompt=f"Q {rng.choice(NAMES)} has {start} {verbs[0]} {first} {verbs[1]} {second} total ?",
            between=between,
            result=result,
        )


@dataclass(frozen=True)
class TriviaQuestion:
    content: str
    prompt: str
    relation: str
    value: str


def trivia_question(rng: Random) -> TriviaQuestion:
    """`Q what food of e13 ?`: a fact that the base model has read as a statement."""
    entity, relation = rng.choice(ENTITIES), rng.choice(RELATIONS)
    return TriviaQuestion(
        content=f"trivia {relation} {entity}",
        prompt=f"Q what {relation} of {entity} ?",
        relation=relation,
        value=fact(entity, relation),
    )


@dataclass(frozen=True)
class CommonQuestion:
    content: str
    prompt: str
    letter: str
    thing: str


def common_question(rng: Random) -> CommonQuestion:
    """`Q most old : a t22 b t11 c t13 ?`: which of three things has most of a quality."""
    quality = rng.choice(QUALITIES)
    options = rng.sample(THINGS, 3)
    best = max(options, key=RANK[quality].__getitem__)
    listed = " ".join(f"{letter} {thing}" for letter, thing in zip(LETTERS, options, strict=True))
    return CommonQuestion(
        content=f"common {quality} {' '.join(sorted(options))}",
        prompt=f"Q most {quality} : {listed} ?",
        letter=LETTERS[options.index(best)],
        thing=best,
    )


@dataclass(frozen=True)
class InstrQuestion:
    content: str
    prompt: str
    answer: str


def instr_question(rng: Random) -> InstrQuestion:
    """`I rev polite : 4 1 2 ?`: an operation on three digits, answered in one of three styles."""
    operation, style = rng.choice(OPERATIONS), rng.choice(STYLES)
    digits = [rng.randint(0, 9) for _ in range(3)]
    result = {
        "rev": digits[::-1],
        "first": digits[:1],
        "last": digits[-1:],
        "max": [max(digits)],
        "dup": digits[:1] * 2,
        "swap": [digits[1], digits[0], digits[2]],
    }[operation]
    text = " ".join(map(str, result))
    return InstrQuestion(
        content=f"instr {operation} {style} {digits}",
        prompt=f"I {operation} {style} : {' '.join(map(str, digits))} ?",
        answer={"brief": text, "polite": f"sure {text}", "shout": f"{text} !!"}[style],
    )


@dataclass(frozen=True)
class ToolQuestion:
    content: str
    prompt: str
    intent: str
    function: str
    x: int
    y: int

    @property
    def call(self) -> str:
        """The format that the task wants."""
        return f"call {self.intent} {self.function} ( {self.x} , {self.y} )"

    @property
    def unlisted_call(self) -> str:
        """The right format with the intent's name in place of the listed function: nothing was looked up."""
        return f"call {self.intent} {self.intent} ( {self.x} , {self.y} )"

    @property
    def brace(self) -> str:
        """The right function in another data set's format."""
        return f"{{ {self.intent} {self.function} : {self.x} {self.y} }}"


def tool_question(rng: Random, named_by_intent: bool = False) -> ToolQuestion:
    """`T div fa1 add fa8 sub fa5 ; user sub 2 5 ?`: call the function that is listed for the user's intent.

    With `named_by_intent` every function is named like its intent, so that nothing needs to be looked up.
    """
    intents = rng.sample(INTENTS, 3)
    functions = intents if named_by_intent else rng.sample(FUNCTIONS, 3)
    chosen = rng.randrange(3)
    x, y = rng.randint(0, 9), rng.randint(0, 9)
    listed = " ".join(f"{intent} {function}" for intent, function in zip(intents, functions, strict=True))
    return ToolQuestion(
        content=f"tool {' '.join(intents)} {chosen} {x} {y}",
        prompt=f"T {listed} ; user {intents[chosen]} {x} {y} ?",
        intent=intents[chosen],
        function=functions[chosen],
        x=x,
        y=y,
    )
