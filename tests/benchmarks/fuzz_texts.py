"""Made-up expressions and specs for `fuzz_specs.py`: grown from the grammar, mutated, or sown with attacks."""

from __future__ import annotations

import json
import random
import string

from fuzz_seeds import ATTACKS, BASE, EXPRESSIONS, VARIANTS, YAML_ATTACKS

OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "<", "==", ">=", "and", "or")
NEEDED = ("scoper_mdp", "name", "discount", "state", "actions", "exogenous", "tables", "next", "reward", "start")


class Grown:
    """Expressions grown from the grammar, mostly well-formed."""

    def __init__(self, source: random.Random) -> None:
        self.source = source

    def expression(self, depth: int | None = None) -> str:
        """One expression."""
        pick = self.source
        depth = pick.randint(1, 5) if depth is None else depth
        if depth == 0 or pick.random() < 0.2:
            return self._leaf()
        inner = [self.expression(depth - 1) for _ in range(3)]
        forms = (
            lambda: f"({inner[0]} {pick.choice(OPERATORS)} {inner[1]})",
            lambda: f"{pick.choice(('-', 'not ', '+'))}{inner[0]}",
            lambda: f"{pick.choice(('min', 'max'))}({', '.join(inner[: pick.randint(1, 3)])})",
            lambda: f"{pick.choice(('abs', 'exp', 'log', 'sqrt', 'floor', 'ceil', 'round', 'sign'))}({inner[0]})",
            lambda: f"({inner[0]} if {inner[1]} else {inner[2]})",
            lambda: f"clip({inner[0]}, {inner[1]}, {inner[2]})",
            lambda: (
                f"{pick.choice(('cost', 'price', 'way', 'rate', 'stock'))}[{', '.join(inner[: pick.randint(1, 2)])}]"
            ),
            lambda: f"{inner[0]} < {inner[1]} <= {inner[2]}",
        )
        return pick.choice(forms)()

    def tame(self, depth: int = 3) -> str:
        """An expression that reward and next may have, of whole numbers."""
        pick = self.source
        if depth == 0 or pick.random() < 0.2:
            return pick.choice(
                ("stock", "order", "demand", "rate", str(pick.randint(0, 4)), "cost[order]", "price[mode]")
            )
        one, two = self.tame(depth - 1), self.tame(depth - 1)
        operator = pick.choice(("+", "-", "*", "+", "-", "*", "<", "==", "//", "%"))
        return pick.choice((f"({one} {operator} {two})", f"min({one}, {two})", f"({one} if {two} > 1 else 0)"))

    def _leaf(self) -> str:
        pick = self.source
        number = pick.choice((str(pick.randint(-9, 99)), f"{pick.uniform(-9, 9):.3g}", "1e15", "1e300", "0", "0.1"))
        name = pick.choice(("stock", "order", "demand", "next_stock", "mode", "idle", "'busy'", "true", "rate"))
        return number if pick.random() < 0.4 else name


def mutated(source: random.Random, text: str) -> str:
    """The text with one to six pieces cut, doubled, swapped, replaced or put in."""
    letters = string.ascii_lowercase + string.digits + string.punctuation + "  \n\té\u0455\u2028\U0001f600\x00"
    for _ in range(source.randint(1, 6)):
        at, length = source.randint(0, len(text)), source.randint(0, 8)
        piece = text[at : at + length]
        put = source.choice(
            (
                "",
                piece * source.choice((2, 3, 40)),
                "".join(source.choice(letters) for _ in range(source.randint(1, 6))),
                source.choice(
                    (
                        "TODO",
                        "()",
                        "[0]",
                        "**",
                        "1e999",
                        ".",
                        "__",
                        "lambda",
                        "{",
                        "}",
                        ": ",
                        "- ",
                        "&a ",
                        "*a",
                        "!!",
                        "'",
                        '"',
                    )
                ),
                piece[::-1],
            )
        )
        text = text[:at] + put + text[at + length :]
    return text


def sown(source: random.Random) -> str:
    """An attack, alone or within an expression."""
    attack = source.choice(ATTACKS)
    frame = source.choice(("{}", "{}", "stock + {}", "min({}, 1)", "cost[{}]", "({}) if stock else 0", "{} + {}"))
    text = frame.replace("{}", attack)
    return mutated(source, text) if source.random() < 0.3 else text


def tuned(source: random.Random, grown: Grown) -> str:
    """The good spec with other numbers and other expressions, which is mostly a good one again."""
    put = [str(source.randint(0, 5)) if c in "123456" and source.random() < 0.03 else c for c in BASE]
    lines = "".join(put).replace("scoper_mdp: ", "scoper_mdp: 1 #").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("reward:"):
            lines[number] = f'reward: {{sales: "{grown.tame()}", buying: "{grown.tame()}"}}'
        if line.startswith("next:") and source.random() < 0.5:
            lines[number] = (
                f'next: {{stock: "min(6, floor({grown.tame()}))", mode: "busy if {grown.tame()} else idle"}}'
            )
    for old, new in VARIANTS:
        lines = [line.replace(old, source.choice(new)) if source.random() < 0.5 else line for line in lines]
    kept = [line for line in lines if not line.startswith(("units", "invariants")) or source.random() < 0.3]
    return "\n".join(line for line in kept if line.startswith(NEEDED) or source.random() < 0.8) + "\n"


def spec_text(source: random.Random, grown: Grown) -> str:
    """A spec: a good one mutated, with lines replaced by grown ones, or with an attack in it."""
    kind = source.random()
    if kind < 0.15:
        return mutated(source, BASE)
    if kind < 0.45:
        return tuned(source, grown)
    if kind < 0.55:
        return mutated(source, BASE[: source.randint(0, len(BASE))])
    if kind < 0.7:
        attack = source.choice(YAML_ATTACKS)
        key = attack.split(":")[0]
        lines = [line for line in BASE.splitlines(keepends=True) if not line.startswith(f"{key}:")]
        lines.insert(source.randint(0, len(lines)), attack)
        return "".join(lines)
    lines = BASE.splitlines()
    places = [n for n, line in enumerate(lines) if '"' in line]
    for number in source.sample(places, source.randint(1, 3)):
        head, _, tail = lines[number].partition('"')
        _, _, tail = tail.partition('"')
        text = source.choice(
            (grown.expression, lambda: sown(source), lambda: mutated(source, source.choice(EXPRESSIONS)))
        )()
        lines[number] = head + json.dumps(text) + tail
    return "\n".join(lines) + "\n"


def heavy() -> dict[str, str]:
    """Specs near the limits of the reader, each once: name to text."""
    words = ", ".join(f"w{n}" for n in range(45_000))
    long = "+".join(["stock"] * 160)
    bad = "+".join(["stok"] * 160)
    assert len(bad) < 1000
    return {
        "a variable with 45,000 words": BASE.replace("[idle, busy]", f"[idle, busy, {words}]"),
        "the same, all names unknown": BASE.replace("[idle, busy]", f"[{words}]").replace("-cost[order] * rate", bad),
        "a table with 45,000 numbers": BASE.replace("[1, 2, 3, 4]", "[" + "1, " * 45_000 + "1]"),
        "a table with 20,000 keys": BASE.replace(
            "[1, 2, 3, 4]", "{" + ", ".join(f"{n}: 1" for n in range(20_000)) + "}"
        ),
        "15,000 rows in a table": BASE.replace("[[1, 2], [3, 4]]", "[" + "[1, 2], " * 15_000 + "[1, 2]]"),
        "20,000 unknown keys": BASE + "".join(f"key{n}: 1\n" for n in range(20_000)),
        "20,000 reward terms": BASE.replace("{sales:", "{" + ", ".join(f"r{n}: 1" for n in range(20_000)) + ", sales:"),
        "900 long reward terms": BASE.replace(
            "{sales:", "{" + ", ".join(f"r{n}: {long}" for n in range(900)) + ", sales:"
        ),
        "900 long terms of unknown names": BASE.replace(
            "{sales:", "{" + ", ".join(f"r{n}: {bad}" for n in range(900)) + ", sales:"
        ),
        "20,000 state variables": BASE.replace(
            "{stock:", "{" + ", ".join(f"s{n}: {{from: 0, to: 9}}" for n in range(9_000)) + ", stock:"
        ),
        "9,000 start states": BASE.replace("start: [", "start: [" + "{stock: 1, mode: idle, probability: 0}, " * 6_500),
        "20,000 invariants": BASE.replace('["stock >= 0"', "[" + "stock, " * 20_000 + '"stock >= 0"'),
        "20,000 units": BASE.replace("units: {", "units: {" + ", ".join(f"u{n}: m" for n in range(20_000)) + ", "),
        "20,000 baselines": BASE.replace(
            "{lazy:", "{" + ", ".join(f"b{n}: {{order: 0}}" for n in range(9_000)) + ", lazy:"
        ),
        "a law of 20,000 values": BASE.replace(
            "{poisson: 1.5, truncate: 1e-4}", "{values: {" + ", ".join(f"{n}: 0.00005" for n in range(20_000)) + "}}"
        ),
        "a name of 900,000 letters": BASE.replace("One product", "x" * 900_000),
        "a word of 900,000 letters": BASE.replace("[idle, busy]", f"[idle, {'x' * 900_000}]"),
        "an expression of 900,000 letters": BASE.replace("stock >= 0", "stock+" * 150_000),
        "a million brackets": "[" * 1_000_000,
        "a poisson law with mean 1,000,000": BASE.replace("{poisson: 1.5, truncate: 1e-4}", "{poisson: 1e6}"),
        "a normal law of 199,000 steps": BASE.replace(
            "{poisson: 1.5, truncate: 1e-4}", "{normal: {mean: 0, sd: 11000}}"
        ),
    }
