"""Recognises the forms in which one block of text shows steps: tables, stories, numbered lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from schemawalk.reading.headings import (
    ACTION_MARKS,
    ENTITY_TITLES,
    REQUIREMENT,
    bare_title,
    is_step_title,
)
from schemawalk.reading.markdown import Block, Line, Table, plain, tables

LONGEST_TITLE = 80
MOST_DRAFTS = 5_000
"""A block shows at most so many steps; what comes after them stays text."""

MOST_PARAGRAPHS = 400
"""A text without structure is folded into at most so many steps."""

_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,4}[.)])\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*\d{1,4}[.)]\s+(?=\S)")
_NAMED = re.compile(r"\s*\d{1,4}[.)]\s+(?:\*\*|__)([^*_\n]{1,120})(?:\*\*|__)\s*(?:[:–—-]+\s*)?")
_STORY = re.compile(r"[\s>*_+#\"“•\d.)-]{0,12}as\s+an?\b", re.IGNORECASE)
_WANT = re.compile(
    r"(?:\b(?:wants?|needs?|wish|would\s+like)|['’]d\s+like)(?:\s+to)?(?:\s+be\s+able\s+to)?"
    r"(?:\s+can)?\s+([^.\n;]{3,200})",
    re.IGNORECASE,
)
_CAN = re.compile(r"\bcan\s+([^.\n;]{3,200})", re.IGNORECASE)
_END_OF_WANT = re.compile(
    r",?\s+(?:and\s+)?(?:so\s+that|so\s+i|so\s+we|in\s+order|because)\b|,\s", re.IGNORECASE
)
_WHEN = re.compile(r"\bwhen\b\W{0,4}(.{3,200}?)(?:,?\W{0,4}\bthen\b|$)", re.IGNORECASE)
_ANOTHER_PART = re.compile(r"(?:so\b|i\b|we\b|in order)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s")


@dataclass(frozen=True, slots=True)
class Draft:
    """A step before it has an id."""

    title: str
    text: str
    line: int
    covers: frozenset[int] = frozenset()
    """Numbers of the lines that it holds."""
    requirements: tuple[Line, ...] = ()
    """The single requirements, when the step is a list of them."""


def drafts_of(block: Block) -> list[Draft]:
    """Return the steps that a block shows by its form; none when it shows no form."""
    if _is_entity_list(block):
        return [_whole(block)]
    if rows := _table_rows(block):
        return rows
    if listed := _requirement_lines(block.body):
        return [replace(_whole(block), requirements=listed)]
    stories = list(islice(_stories(block.body), MOST_DRAFTS))
    if is_step_title(block.title) and block.text:
        return _named_lines(block) if _is_list_of_names(block) else [_whole(block)]
    if len(stories) == 1 and _has_heading_of_its_own(block):
        return [_whole(block)]
    return stories or _lines_of(block)


def _lines_of(block: Block) -> list[Draft]:
    if any(mark in block.text.lower() for mark in ACTION_MARKS):
        return [_whole(block)]
    return _named_lines(block) or _given_when_then(block)


def _whole(block: Block) -> Draft:
    covers = frozenset(number for number, _ in block.body)
    return Draft(bare_title(block.title), block.text, block.line, covers)


def _is_entity_list(block: Block) -> bool:
    title = block.title.lower()
    return any(title.startswith(name) for name in ENTITY_TITLES) and bool(block.text)


def _has_heading_of_its_own(block: Block) -> bool:
    title = block.title.lower()
    return block.level >= 3 and "stories" not in title and "user story" not in title


def _is_list_of_names(block: Block) -> bool:
    title = block.title.lower().lstrip()
    return not title.startswith("step") and len(_named_lines(block)) > 1


def _table_rows(block: Block) -> list[Draft]:
    shown = (row for table in tables(block.body) if _shows_steps(table) for row in _rows(table))
    return list(islice(shown, MOST_DRAFTS))


def _shows_steps(table: Table) -> bool:
    header = [cell.lower() for cell in table.header]
    counts = any(cell in {"step", "steps", "#", "no", "no.", "stage", "phase"} for cell in header)
    acts = any(
        word in cell for cell in header for word in ("action", "happens", "activity", "does")
    )
    kept_apart = any(word in cell for cell in header for word in ("friction", "pain", "metric"))
    return counts and acts and not kept_apart


def _rows(table: Table) -> Iterator[Draft]:
    acts = next(
        at
        for at, cell in enumerate(table.header)
        if any(word in cell.lower() for word in ("action", "happens", "activity", "does"))
    )
    for line, row in table.rows:
        named = zip(table.header, row, strict=False)
        text = "\n".join(f"- {name}: {cell}" for name, cell in named if cell)
        title = row[acts] if acts < len(row) else ""
        if title:
            yield Draft(shortened(title), text, line, frozenset({line}))


def _requirement_lines(body: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines that state one requirement each, when the body is a list of them."""
    bare = [(number, _ITEM.sub("", raw, count=1)) for number, raw in body if raw.strip()]
    found = tuple((number, text) for number, text in bare if REQUIREMENT.match(plain(text[:80])))
    return found if len(found) > 1 or len(found) == len(bare) else ()


def requirements(draft: Draft) -> list[Draft]:
    """Return a list of requirements as one step each, titled by its own words."""
    if len(draft.requirements) > MOST_DRAFTS:
        return [draft]
    return [
        Draft(shortened(REQUIREMENT.sub("", plain(text), count=1).strip(" :–—-")), text, line)
        for line, text in draft.requirements
    ]


def _stories(body: Sequence[Line]) -> Iterator[Draft]:
    """Yield user stories: from "As a …" to the blank line after what is wanted."""
    lines: list[Line] = []
    for number, raw in body:
        text = raw.lstrip("> \t").rstrip()
        if _STORY.match(plain(raw[:200])):
            yield from _story(lines)
            lines = [(number, text)]
        elif lines and text and not lines[-1][1] and not _goes_on(text):
            yield from _story(lines)
            lines = []
        elif lines:
            lines.append((number, text))
    yield from _story(lines)


def _goes_on(text: str) -> bool:
    """Tell whether a paragraph after a blank line belongs to the story before it."""
    return _ANOTHER_PART.match(plain(text[:200])) is not None


def _story(lines: Sequence[Line]) -> Iterator[Draft]:
    text = "\n".join(text for _, text in lines if text)
    if lines and (title := _want(text)):
        yield Draft(title, text, lines[0][0], frozenset(number for number, _ in lines))


def _want(story: str) -> str:
    words = plain(" ".join(story[:2000].split())[:800])
    match = _WANT.search(words) or _CAN.search(words)
    if match is None:
        return ""
    want = _END_OF_WANT.split(match[1], maxsplit=1)[0]
    return shortened(want[:1].upper() + want[1:])


def _named_lines(block: Block) -> list[Draft]:
    """`1. **Scan the code** — …`: each such line is a step, with what follows it."""
    drafts: list[Draft] = []
    for number, raw in block.body:
        match = _NAMED.match(raw)
        if match and len(drafts) < MOST_DRAFTS:
            title = shortened(plain(match[1]).rstrip(":"))
            drafts.append(Draft(title, raw[match.end() :], number, frozenset({number})))
        elif drafts and raw[:1] in {" ", "\t"} and raw.strip():
            last = drafts[-1]
            text = f"{last.text}\n{raw.strip()}"
            drafts[-1] = replace(last, text=text, covers=last.covers | {number})
    numbered = sum(1 for _, raw in block.body if _NUMBERED.match(raw))
    named_throughout = len(drafts) > 1 and 2 * len(drafts) > numbered
    return drafts if named_throughout and not _is_given(drafts[0].title) else []


def _is_given(title: str) -> bool:
    return title.lower() in {"given", "when", "then", "and", "if"}


def _given_when_then(block: Block) -> list[Draft]:
    """Acceptance scenarios on a line each, titled by what is done."""
    drafts = []
    for number, raw in block.body:
        text = plain(_ITEM.sub("", raw, count=1))
        if text[:5].lower() == "given" and (match := _WHEN.search(text[:600])):
            title = match[1].removeprefix("I ").strip(" ,:")
            title = shortened(title[:1].upper() + title[1:])
            drafts.append(Draft(title, text, number, frozenset({number})))
    return drafts[:MOST_DRAFTS]


def paragraphs(block: Block) -> list[Draft]:
    """Return a text without structure as steps: its numbered lines, else its paragraphs."""
    numbered = [(number, raw) for number, raw in block.body if _NUMBERED.match(raw)]
    if 1 < len(numbered) <= MOST_DRAFTS:
        return [_from_words([line]) for line in numbered]
    gathered: list[list[Line]] = [[]]
    for number, raw in block.body:
        if raw.strip():
            gathered[-1].append((number, raw))
        elif gathered[-1]:
            gathered.append([])
    return _folded([_from_words(lines) for lines in gathered if lines])


def _from_words(lines: Sequence[Line]) -> Draft:
    text = "\n".join(raw for _, raw in lines)
    return Draft(shortened(plain(_ITEM.sub("", lines[0][1][:1000], count=1))), text, lines[0][0])


def _folded(drafts: list[Draft]) -> list[Draft]:
    size = -(-len(drafts) // MOST_PARAGRAPHS) or 1
    groups = (drafts[at : at + size] for at in range(0, len(drafts), size))
    return [
        Draft(group[0].title, "\n\n".join(draft.text for draft in group), group[0].line)
        for group in groups
    ]


def shortened(text: str) -> str:
    """Return a title of one sentence, cut at a word where it is too long."""
    first = _SENTENCE_END.split(" ".join(text[:400].split()), maxsplit=1)[0].rstrip(" .;:,")
    if len(first) <= LONGEST_TITLE:
        return first
    return first[:LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:") + "…"
