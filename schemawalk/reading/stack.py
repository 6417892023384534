"""Reads what a project is built with, each choice with the line that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemawalk.reading.chosen import Said, said_in
from schemawalk.reading.lemmas import fold_name
from schemawalk.reading.stack_words import (
    CHOSEN,
    COMMON_WORDS,
    DATABASES,
    EXPRESS_AS_VALUE,
    FOR_TRYING,
    FRAMEWORKS,
    GO_IN_PROSE,
    LANGUAGES,
    NO_TENANT,
    ON_A_SCREEN,
    SERVICES,
    TARGET_COLUMNS,
    TARGET_HEADING,
    TARGET_NUMBER,
    TARGET_WORDS,
    TENANCIES,
    TENANT_COLUMN,
    TENANT_NOUNS,
    TENANT_WORDS,
    TOOLS,
    UNIT_IN_HEADER,
)
from schemawalk.reading.words import FUNCTION

LABELLED, LISTED, CHOICE, MENTION, ASIDE = 4, 3, 2, 1, 0
"""How sure a line is: its label asks for it; it stands in a list or below a heading that does; a
verb chooses it; it is only named; it is named for something else."""

MOST_CHARACTERS = 500_000
"""Of a longer document only the beginning is read for its stack."""

MOST_TARGETS = 40
LONGEST_QUOTE = 200

_VERSION = re.compile(
    r"\W{0,3}(?:v|version\s*)?(\d{1,4}(?:\.\d{1,4}){0,2})(?!\s*[-–]?\s*(?:tables?|ms|s\b|%))", re.I
)
_ONLY_VERSION = re.compile(r"\s*v?(\d{1,4}(?:\.\d{1,4}){0,2})", re.I)


@dataclass(frozen=True)
class Fact:
    """One choice that a document states: what about, what, and where it says so.

    `line` counts from 1; `quote` is that line, without Markdown.
    """

    field: str
    value: str
    file: str
    line: int
    quote: str


@dataclass(frozen=True)
class _Claim:
    """A value that a line names, with how sure it is; of equal claims, the first wins."""

    field: str
    value: str
    sure: int
    said: Said
    version: str = ""

    def fact(self, field: str = "", value: str = "") -> Fact:
        quote = self.said.quote[:LONGEST_QUOTE]
        return Fact(field or self.field, value or self.value, self.said.file, self.said.line, quote)


def read_stack(documents: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return the choices stated in `documents` (text by file name, the most trusted first).

    What a document rejects is not a choice.  Of several choices for one field the surest wins,
    then the first; `tool` and `target` may occur more than once.
    """
    beginnings = {file: text[:MOST_CHARACTERS] for file, text in documents.items()}
    said = [line for file, text in beginnings.items() for line in said_in(text, file)]
    claims = [claim for line in said for claim in _claims(line)]
    facts = [fact for field in ("database", "framework") for fact in _surest(claims, field)]
    facts += _language(claims)
    facts += _tools(claims)
    for field in ("tenancy", "cache", "queue", "auth", "storage"):
        facts += _surest(claims, field)
    return (*facts, *_tenant(said), *_targets(said))


def _surest(claims: list[_Claim], field: str) -> list[Fact]:
    rivals = [claim for claim in claims if claim.field == field]
    if not rivals:
        return []
    best = max(rivals, key=lambda claim: claim.sure)
    facts = [best.fact()]
    if field == "database" and (versioned := _versioned(rivals, best)):
        facts.append(versioned.fact("version", versioned.version))
    return facts


def _versioned(rivals: list[_Claim], best: _Claim) -> _Claim | None:
    same = [claim for claim in rivals if claim.value == best.value and claim.version]
    return max(same, key=lambda claim: (claim is best, claim.sure), default=None)


def _language(claims: list[_Claim]) -> list[Fact]:
    """The backend's language; its framework's when it names none; TypeScript where both occur."""
    rivals = [claim for claim in claims if claim.field == "language"]
    if not rivals:
        return []
    best = max(rivals, key=lambda claim: claim.sure)
    typed = next((claim for claim in rivals if claim.value == "typescript"), None)
    plainly = "javascript" in best.said.value.lower()
    if best.value == "javascript" and typed is not None and not plainly:
        best = typed
    return [best.fact()]


def _tools(claims: list[_Claim]) -> list[Fact]:
    rivals = [claim for claim in claims if claim.field == "tool"]
    top = max((claim.sure for claim in rivals), default=0)
    first = {claim.value: claim for claim in reversed(rivals) if claim.sure == top}
    return [claim.fact() for claim in reversed(first.values())]


def _claims(said: Said) -> Iterator[_Claim]:
    if said.turned_down or said.about == "nothing":
        return
    yield from _databases(said)
    yield from _frameworks(said)
    yield from _languages(said)
    for tool, pattern in TOOLS.items():
        if pattern.search(said.text):
            yield _Claim("tool", tool, _sure(said, ("tool", "database", "backend")), said)
    yield from _tenancy(said)
    if said.about in {"cache", "queue", "auth", "storage"} and not _is_database(said):
        yield _Claim(said.about, said.value, LABELLED, said)


def _sure(said: Said, labels: tuple[str, ...]) -> int:
    if said.about in labels:
        return LABELLED
    if said.below in labels and not said.about:
        return LISTED
    return CHOICE if CHOSEN.search(said.text) else MENTION


def _databases(said: Said) -> Iterator[_Claim]:
    if said.about in {"cache", "queue", "frontend", "auth", "tool"}:
        return
    found = [
        (match.start(), name, match)
        for name, pattern in DATABASES.items()
        for match in pattern.finditer(said.text)
    ]
    serious = [hit for hit in found if not FOR_TRYING.match(said.text[hit[2].end() :][:40])]
    for _, name, match in sorted(serious or found, key=lambda hit: hit[0]):
        named = not SERVICES.fullmatch(match[0])
        version = _version(said, match.end()) if named else ""
        sure = _sure(said, ("database", "storage"))
        yield _Claim("database", name, sure if serious else MENTION, said, version)


def _version(said: Said, after: int) -> str:
    match = _VERSION.match(said.text[after : after + 24])
    if match is None and said.version:
        match = _ONLY_VERSION.match(said.version)
    return match[1] if match else ""


def _is_database(said: Said) -> bool:
    return said.about == "storage" and any(
        pattern.search(said.text) for pattern in DATABASES.values()
    )


def _frameworks(said: Said) -> Iterator[_Claim]:
    labelled = {said.about, said.below} & {"backend", "frontend"}
    found: list[tuple[int, str, re.Match[str]]] = [
        (match.start(), name, match)
        for name, (pattern, _) in FRAMEWORKS.items()
        if (labelled or name not in COMMON_WORDS) and (match := pattern.search(said.text))
    ]
    if said.about == "backend" and (match := EXPRESS_AS_VALUE.search(said.text)):
        found.append((match.start(), "express", match))
    for _, name, match in sorted(found, key=lambda hit: hit[0]):
        sure = ASIDE if ON_A_SCREEN.match(said.text[match.end() :][:40]) else _backend_sure(said)
        yield _Claim("framework", name, sure, said)
        yield _Claim("language", FRAMEWORKS[name][1], sure, said)


def _languages(said: Said) -> Iterator[_Claim]:
    for name, pattern in LANGUAGES.items():
        labelled = "backend" in {said.about, said.below}
        plain = name not in COMMON_WORDS or GO_IN_PROSE.search(said.text)
        if (labelled or plain) and pattern.search(said.text):
            yield _Claim("language", name, _backend_sure(said), said)


def _backend_sure(said: Said) -> int:
    """A frontend's line decides only when no other does; a label that says backend, before all."""
    if "frontend" in {said.about, said.below}:
        return ASIDE
    if said.about == "backend":
        return LABELLED + ("back" in said.label.lower() or "server" in said.label.lower())
    return _sure(said, ("backend",)) if not said.about else MENTION


def _tenancy(said: Said) -> Iterator[_Claim]:
    for value, pattern in TENANCIES:
        if pattern.search(said.quote if value == "none" else said.text):
            yield _Claim("tenancy", value, LABELLED if said.about == "tenancy" else CHOICE, said)
            return


def _tenant(said: list[Said]) -> list[Fact]:
    """Whose the rows are, in the noun that a column or a sentence names; columns come first.

    "`clinic_id` on each table" and "all clinics share the tables" name the clinic.
    """
    heard = [line for line in said if not line.turned_down]
    about = [line for line in heard if TENANT_WORDS.search(line.quote) or "tenan" in _about(line)]
    columns = ((line, match[1], "_id") for line in about
               for match in TENANT_COLUMN.finditer(line.text))  # fmt: skip
    nouns = ((line, next(filter(None, match.groups())), "")
             for line in heard for match in TENANT_NOUNS.finditer(line.text))  # fmt: skip
    for line, name, ending in (*columns, *nouns):
        noun = fold_name(name).replace(" ", "_")
        if noun not in NO_TENANT | FUNCTION:
            value = f"{noun}{ending}"
            return [Fact("tenant", value, line.file, line.line, line.quote[:LONGEST_QUOTE])]
    return []


def _about(line: Said) -> str:
    return f"{line.heading} {line.label}".lower()


def _with_units(line: Said) -> str:
    """The line; bare numbers of a table with the unit that the header gives them: "p95 (ms)"."""
    columns, cells = line.columns.split(" | "), line.quote.split(" | ")
    if len(columns) != len(cells) or len(cells) < 2:
        return line.quote
    units = (UNIT_IN_HEADER.search(column) for column in columns)
    return " | ".join(
        f"{cell} {unit[1]}" if unit and cell.strip().isdigit() else cell
        for cell, unit in zip(cells, units, strict=True)
    )


def _targets(said: list[Said]) -> list[Fact]:
    found: dict[str, Fact] = {}
    for line in said:
        speaks = TARGET_WORDS.search(line.quote) or TARGET_HEADING.search(line.heading)
        speaks = speaks or TARGET_COLUMNS.search(line.columns)
        told = _with_units(line)
        if speaks and TARGET_NUMBER.search(told) and not line.turned_down:
            quote = told[:LONGEST_QUOTE]
            found.setdefault(quote, Fact("target", quote, line.file, line.line, quote))
    return list(found.values())[:MOST_TARGETS]
