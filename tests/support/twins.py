"""Banks in pairs that differ in nothing but the answers: which choices are the key, the
explanations and the feedback."""

from random import Random

LAST = ("None of the above", "All of the above")


def source() -> str:
    """The source that all decks are drawn from."""
    return "---\nkind: source\ntitle: The source\n---\n\n## One {#p1}\n\nA.\n\n## Two {#p2}\n\nB.\n"


def decks(seed: int, count: int, answers: int) -> dict[str, str]:
    """`count` decks by file name. Those of two `answers` differ in the answers alone."""
    return {
        f"deck-{number}.md": _deck(Random(f"{seed} {number}"), Random(f"{seed} {number} {answers}"))
        for number in range(count)
    }


def _deck(asked: Random, told: Random) -> str:
    """One deck. What is asked is drawn from `asked`, what is told afterwards from `told`."""
    name = asked.randrange(10_000)
    head = f"---\ntitle: Deck {name}\ntopic: Topic {name}\nsource: source\n---\n"
    questions = (_question(number, asked, told) for number in range(asked.randint(1, 2)))
    return head + "".join(questions)


def _question(number: int, asked: Random, told: Random) -> str:
    texts = [f"Choice {asked.randrange(10**6)} {i}" for i in range(asked.randint(2, 6))]
    if len(texts) > 2 and asked.random() < 0.2:
        texts[-1] = asked.choice(LAST)
    several = len(texts) > 3 and asked.random() < 0.4
    keys = told.sample(range(len(texts)), 2 if several else 1)
    passage = asked.choice(["", " source=p1", " source=p1,p2"])
    shuffle = asked.choice(["", "", " shuffle=false"])
    context = asked.choice(["", "\nA line of context.\n"])
    choices = "".join(_choice(text, i in keys, told) for i, text in enumerate(texts))
    return (
        f"\n## Question {number} of {asked.randrange(10**6)}? {{#q{number}{passage}{shuffle}}}\n"
        f"{context}\n{choices}\n> Explained: {_words(told)}\n"
    )


def _choice(text: str, is_key: bool, told: Random) -> str:
    line = f"- [{'x' if is_key else ' '}] {text}\n"
    return line if told.random() < 0.5 else f"{line}  > Told: {_words(told)}\n"


def _words(told: Random) -> str:
    return " ".join(f"word{told.randrange(1000)}" for _ in range(told.randint(1, 30)))
