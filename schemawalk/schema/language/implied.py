"""What a rule says in one word, for its name, and which rules say nothing that another does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import Final, TypeVar

from schemawalk.schema.language.expression import (
    Between,
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    walk,
)

_WORDS: Final = {"<": "max", "<=": "max", ">": "min", ">=": "min", "=": "is", "<>": "is_not"}
"""What a comparison with a constant says."""
_SIDES: Final = {"<": "order", "<=": "order", ">": "order", ">=": "order", "<>": "differ",
                 "=": "same"}  # fmt: skip
"""What a comparison of two columns says."""
_LENGTHS: Final = {"<": "max_length", "<=": "max_length", ">": "min_length", ">=": "min_length",
                   "=": "length", "<>": "length"}  # fmt: skip
_ATOM: Final = re.compile(
    r"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[\](){}*+?|^$])(?:\{(\d+)(,(\d*))?\}|([*+?]))?",
    re.DOTALL,
)
"""One character of a pattern, and how often it comes."""
_OFTEN: Final[dict[str, tuple[float, float]]] = {"*": (0, inf), "+": (1, inf), "?": (0, 1)}

_T = TypeVar("_T")


def gist(expression: Expression) -> str:
    """The rule in a word that can end a name: `max`, `positive`, `pattern`; empty for none."""
    match expression:
        case Compare(sign, Name(), Literal(value)) if _is_number(value):
            if value == 0 and sign in (">", ">="):
                return "positive" if sign == ">" else "not_negative"
            return _WORDS[sign]
        case Compare(sign, Call("length"), Literal()):
            return _LENGTHS[sign]
        case Compare(sign, Name(), Name()):
            return _SIDES[sign]
        case Between(Name(), Literal(), Literal()):
            return "range"
        case Matches():
            return "pattern"
        case In():
            return "values"
        case Not(Call("blank")):
            return "not_blank"
        case _:
            return _when(expression)


def second_gist(expression: Expression) -> str:
    """What ends the name of a rule where another rule has it already: how the two compare."""
    match expression:
        case Compare(sign):
            return _WORDS[sign]
        case Between():
            return "range"
        case IsNull(_, negated):
            return "present" if negated else "absent"
        case Logic("or"):
            return "either"
        case Logic():
            return "both"
        case _:
            return ""


def _when(expression: Expression) -> str:
    """The first text that the rule speaks of: the state in which it holds."""
    texts = (e.value for e in walk(expression) if isinstance(e, Literal))
    first = next((text for text in texts if isinstance(text, str)), "")
    plain = "_".join(re.findall(r"\w+", first.lower()))
    return f"when_{plain}" if plain else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The numbers that a rule lets one thing be; `open_…` when the end itself is not among them."""

    of: Expression
    low: float | Decimal = -inf
    open_low: bool = False
    high: float | Decimal = inf
    open_high: bool = False

    def within(self, other: _Stretch) -> bool:
        """Whether whatever this lets through the other, about the same thing, does, too."""
        low = (self.low, self.open_low) >= (other.low, other.open_low)
        high = (self.high, not self.open_high) <= (other.high, not other.open_high)
        return low and high


def without_implied(
    rules: Sequence[_T], said: Sequence[Expression], *, by_pattern: bool = False
) -> tuple[_T, ...]:
    """The rules, without those that another of them implies; of two that are the same the first.

    `said` are their expressions.  `by_pattern` where patterns are kept as well: what limits the
    characters limits the length.
    """
    by_subject: dict[Expression, list[tuple[int, _Stretch]]] = {}
    for at, each in enumerate(said):
        stretch = _stretch(each, by_pattern=by_pattern)
        if stretch is not None:
            by_subject.setdefault(stretch.of, []).append((at, stretch))
    # A pattern says more than how long a text is: it always stays.
    stays = frozenset(at for at, each in enumerate(said) if isinstance(each, Matches))
    idle = {at for same in by_subject.values() for at in _implied(same, stays)}
    return tuple(rule for at, rule in enumerate(rules) if at not in idle)


def _implied(same: Sequence[tuple[int, _Stretch]], stays: frozenset[int]) -> Iterator[int]:
    """The places of the rules about one thing that another rule about it implies."""
    for at, wide in same:
        narrow = ((one, each) for one, each in same if one != at and each.within(wide))
        implied = any(one in stays or one < at or not wide.within(each) for one, each in narrow)
        if implied and at not in stays:
            yield at


def _stretch(expression: Expression, *, by_pattern: bool) -> _Stretch | None:
    """What the rule lets one column, or its length, be; None when it says something else."""
    match expression:
        case Compare(sign, Name() | Call("length", (Name(),)) as of, Literal(value)):
            return _compared(of, sign, value)
        case Between(Name() as of, Literal(low), Literal(high)):
            numbers = isinstance(low, int | Decimal) and isinstance(high, int | Decimal)
            return _Stretch(of, low, False, high) if numbers else None  # type: ignore[arg-type]
        case Matches(Name() as of, pattern) if by_pattern:
            lengths = pattern_lengths(pattern)
            return _Stretch(Call("length", (of,)), lengths[0], False, lengths[1])
        case _:
            return None


def _compared(of: Expression, sign: str, value: object) -> _Stretch | None:
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or sign == "<>":
        return None
    if sign == "=":
        return _Stretch(of, value, False, value)
    if sign in (">", ">="):
        return _Stretch(of, low=value, open_low=sign == ">")
    return _Stretch(of, high=value, open_high=sign == "<")


def pattern_lengths(pattern: str) -> tuple[float, float]:
    """The fewest and the most characters of a text that the pattern matches as a whole.

    Zero and infinity when it does not say, or says it in a way that nobody counts.
    """
    inside = pattern.removeprefix("^").removesuffix("$")
    if len(inside) != len(pattern) - 2 or inside.endswith("\\"):
        return 0, inf
    fewest = most = 0.0
    at = 0
    while at < len(inside):
        found = _ATOM.match(inside, at)
        if found is None:
            return 0, inf
        low, high = _times(found)
        fewest, most, at = fewest + low, most + high, found.end()
    return fewest, most


def _times(found: re.Match[str]) -> tuple[float, float]:
    exactly, several, up_to, sign = found.groups()
    if sign:
        return _OFTEN[sign]
    if exactly is None:
        return 1, 1
    if several is None:
        return int(exactly), int(exactly)
    return int(exactly), int(up_to) if up_to else inf
