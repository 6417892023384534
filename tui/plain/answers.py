"""Answers as they are typed at a plain prompt, and options as they are said there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tui.plain.spoken import sentence, signed_numbers, spoken

if TYPE_CHECKING:
    from wizard_steps.asking.question import Question

OWN_WORDS: Final = "Type your own words."


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def labels(asked: Question, values: Sequence[str] | None) -> str:
    """Values as the user calls them."""
    return ", ".join(asked.label(value) for value in values or ()) or "none"


def option(asked: Question, index: int) -> str:
    """One option by its number, with what it leads to."""
    made = asked.options[index]
    best = " Recommended." if made.value in asked.recommended else ""
    here = " Chosen." if made.value in (asked.answer or ()) else ""
    leads = f": {sentence(made.leads_to)}" if made.leads_to else "."
    return f"{index + 1}. {spoken(made.label)}{leads}{best}{here}"


def how_to_answer(asked: Question) -> str:
    """What to type where a number alone does not say it; empty where it does."""
    parts = "semicolons" if asked.separator == ";" else "commas"
    match asked.form:
        case "number":
            return "Type a whole number."
        case "text":
            return OWN_WORDS
        case "several" if not asked.options:
            return f"{OWN_WORDS} {parts.capitalize()} part several answers."
        case "several":
            own = ', or words of your own such as "+Reminder"' if asked.own_words else ""
            return f'Several answers are possible: "1,3-4", "none"{own}.'
        case _:
            return "Words of your own are possible too." if asked.own_words else ""


def values(asked: Question, said: str) -> tuple[str, ...]:
    """Values from numbers, values, labels or own words."""
    from wizard_steps.asking.question import split

    usual = asked.answer if asked.answer is not None else asked.recommended
    if said == "":
        return usual
    if asked.form == "several":
        return () if said == "none" else _several(asked, split(asked, said), usual)
    return tuple(_value(asked, part) for part in split(asked, said))


def _several(asked: Question, parts: Sequence[str], usual: tuple[str, ...]) -> tuple[str, ...]:
    """Several values: chosen anew, or added to and taken from what there is."""
    adding = any(part.startswith("+") for part in parts)
    chosen = dict.fromkeys(usual if adding or _all_taken_away(asked, parts) else ())
    for part in parts:
        for sign, value in _numbered(asked, part):
            chosen.pop(value, None) if sign == "-" else chosen.update({value: None})
    return tuple(chosen)


def _all_taken_away(asked: Question, parts: Sequence[str]) -> bool:
    return all(sign == "-" for part in parts for sign, _ in _numbered(asked, part))


def _numbered(asked: Question, part: str) -> Iterator[tuple[str, str]]:
    """The values that one part means, each with its sign: "3-4", "-2", "+Reminder", "Reminder"."""
    numbers = signed_numbers(part, len(asked.options))
    if numbers:
        yield from ((sign, asked.options[at - 1].value) for sign, at in numbers)
    else:
        own = part.removeprefix("+").strip()
        yield "", _value(asked, own)


def _value(asked: Question, said: str) -> str:
    listed = asked.form in ("one", "several") and said.isdecimal()
    if listed and 1 <= int(said) <= len(asked.options):
        return asked.options[int(said) - 1].value
    labels = {option.label.lower(): option.value for option in asked.options}
    values = {option.value.lower(): option.value for option in asked.options}
    return values.get(said.lower()) or labels.get(said.lower(), said)
