"""All words of the tiny world. A text is words with single spaces between them; each word is one token."""

PAD, BOS, EOS, UNKNOWN = "<pad>", "<bos>", "<eos>", "<unk>"

NUMBERS = [str(n) for n in range(21)]
NUMBER_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    "twenty",
]

NAMES = ["tom", "ann", "bob", "sue"]
GAINS = ["gets", "finds"]
LOSSES = ["loses", "gives"]

# 270 x 4 facts: one in five is in each evaluation split, which must hold 200 (1,080 / 5 = 216 expected).
ENTITIES = [f"e{n}" for n in range(270)]
RELATIONS = ["capital", "color", "food", "pet"]
VALUES = {relation: [f"{relation}{n}" for n in range(12)] for relation in RELATIONS}

THINGS = [f"t{n}" for n in range(24)]
QUALITIES = ["heavy", "fast", "old"]
LETTERS = ["a", "b", "c"]

OPERATIONS = ["rev", "first", "last", "max", "dup", "swap"]
STYLES = ["brief", "polite", "shout"]

INTENTS = ["add", "mul", "sub", "div", "pow"]
FUNCTIONS = [f"fa{n}" for n in range(12)]
# Stand only in the pre-training's look-ups, which more names make more general.
OTHER_FUNCTIONS = [f"fb{n}" for n in range(12)]

# Q, F, I, T and M open a text: question, fact, instruction, tools, arithmetic ("maths").
_MARKS = ["Q", "F", "I", "T", "M", "?", "#", ">", ":", ";", "(", ",", ")", "{", "}", "!!"]
_GLUE = ["has", "total", "what", "of", "most", "is", "sure", "user", "call"]

WORDS = [
    *(PAD, BOS, EOS, UNKNOWN),
    *_MARKS,
    *_GLUE,
    *NUMBERS,
    *NUMBER_WORDS,
    *NAMES,
    *GAINS,
    *LOSSES,
    *ENTITIES,
    *RELATIONS,
    *(value for relation in RELATIONS for value in VALUES[relation]),
    *THINGS,
    *QUALITIES,
    *LETTERS,
    *OPERATIONS,
    *STYLES,
    *INTENTS,
    *FUNCTIONS,
    *OTHER_FUNCTIONS,
]
"""Position = token id. `<pad>` is 0, `<bos>` 1, `<eos>` 2."""

TOKEN_IDS = {word: token for token, word in enumerate(WORDS)}
