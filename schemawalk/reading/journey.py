"""Turns the text of a journey into its steps, and keeps its other parts apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from schemawalk.design.model import Step
from schemawalk.reading.forms import Draft, drafts_of, paragraphs, requirements
from schemawalk.reading.headings import (
    JOURNEY_WORDS,
    REQUIREMENT,
    Role,
    bare_title,
    is_step_title,
    role_of,
)
from schemawalk.reading.markdown import Block, blocks
from schemawalk.reading.names import slug, unused


@dataclass(frozen=True)
class Section:
    """A headed part of a document that is no step; `line` is that of its heading."""

    title: str
    text: str
    line: int


@dataclass(frozen=True)
class Journey:
    """The steps of one document in order, and its other parts."""

    steps: tuple[Step, ...] = ()
    personas: tuple[Section, ...] = ()
    metrics: tuple[Section, ...] = ()
    other: tuple[Section, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """Everything that is no step, in the order of the document."""
        parts = chain(self.personas, self.metrics, self.other)
        return tuple(sorted(parts, key=lambda section: section.line))


@dataclass
class _Sorted:
    """Blocks of one document, sorted by what they hold."""

    drafts: dict[int, list[Draft]] = field(default_factory=dict)
    """By position of the block: the steps that its form shows."""
    containers: set[int] = field(default_factory=set)
    """Positions of the blocks that have headings below them."""
    free: dict[int, Block] = field(default_factory=dict)
    """By position: blocks that may hold a step, but show no form of one."""
    apart: list[tuple[Role, Block]] = field(default_factory=list)


def read_journey(text: str, file: str) -> Journey:
    """Return the journey in `text`; `file` is the name that its steps carry.  Never raises."""
    found = _sort(_with_requirements_folded(blocks(text)))
    if not found.drafts and not found.free:
        found = _steps_among_the_rest(found)
    drafts, left = _choose(found)
    return Journey(
        steps=_steps(drafts, file),
        personas=_sections(block for role, block in found.apart if role == "personas"),
        metrics=_sections(block for role, block in found.apart if role == "metrics"),
        other=_sections([*(block for role, block in found.apart if role == "other"), *left]),
    )


def _sort(all_blocks: Sequence[Block]) -> _Sorted:
    found = _Sorted()
    for position, block in enumerate(all_blocks):
        if position + 1 < len(all_blocks) and all_blocks[position + 1].level > block.level:
            found.containers.add(position)
        role = _role(block)
        if role is not None:
            found.apart.append((role, block))
        elif drafts := drafts_of(block):
            found.drafts[position] = drafts
            found.apart.extend(_uncovered(block, drafts))
        elif block.text.strip():
            found.free[position] = block
    return found


def _uncovered(block: Block, drafts: Sequence[Draft]) -> Iterator[tuple[Role, Block]]:
    """Yield what a block says besides its steps, so that nothing is dropped."""
    covered = frozenset[int]().union(*(draft.covers for draft in drafts))
    rest = tuple((number, raw) for number, raw in block.body if number not in covered)
    if any(raw.strip("|-: \t>`") for _, raw in rest):
        yield "other", replace(block, body=rest)


def _role(block: Block) -> Role | None:
    """The outermost heading that keeps its text apart decides; a document's title never does."""
    inherited = next((role for title in block.enclosing if (role := role_of(title))), None)
    if is_step_title(block.title) or block.title == block.top:
        return inherited
    return inherited or role_of(block.title)


def _speaks_of_journeys(title: str) -> bool:
    return any(word in title.lower() for word in JOURNEY_WORDS)


def _with_requirements_folded(all_blocks: Sequence[Block]) -> list[Block]:
    """Requirements with a heading each become lines of the heading above them."""
    folded: list[Block] = []
    for block in all_blocks:
        if folded and REQUIREMENT.fullmatch(block.title.strip()):
            lines = ((block.line, f"- **{block.title.strip()}**: {_one_line(block)}"),)
            over = folded[-1]
            folded[-1] = Block(over.level, over.title, over.line, over.above, over.body + lines)
        else:
            folded.append(block)
    return folded


def _one_line(block: Block) -> str:
    return " ".join(block.text.split())


def _steps_among_the_rest(found: _Sorted) -> _Sorted:
    """When every part was kept apart, those that count steps are steps after all."""
    again = _Sorted()
    for position, (role, block) in enumerate(found.apart):
        drafts = drafts_of(block) if is_step_title(block.title) else []
        if drafts:
            again.drafts[position] = drafts
        else:
            again.apart.append((role, block))
    return again


def _choose(found: _Sorted) -> tuple[list[Draft], list[Block]]:
    """Return the drafts that become steps, in order, and the blocks left over."""
    chosen = dict(found.drafts)
    left: list[Block] = []
    nothing_formed = not chosen
    for position, block in found.free.items():
        wanted = any(_speaks_of_journeys(title) for title in block.above)
        if nothing_formed or (wanted and position not in found.containers):
            chosen[position] = [Draft(bare_title(block.title), block.text, block.line)]
        else:
            left.append(block)
    if nothing_formed and len(chosen) == 1:
        chosen = {0: paragraphs(next(iter(found.free.values())))}
    elif all(draft.requirements for drafts in chosen.values() for draft in drafts):
        chosen = {position: _split(drafts) for position, drafts in chosen.items()}
    return [draft for position in sorted(chosen) for draft in chosen[position]], left


def _split(drafts: Sequence[Draft]) -> list[Draft]:
    """A single list of requirements is a journey of as many steps."""
    return [part for draft in drafts for part in requirements(draft)]


def _steps(drafts: Sequence[Draft], file: str) -> tuple[Step, ...]:
    used: dict[str, int] = {}
    steps = []
    for number, draft in enumerate(drafts, start=1):
        title = draft.title or f"Step {number}"
        name = unused(slug(title) or f"step-{number}", used)
        steps.append(Step(id=name, title=title, text=draft.text, file=file, line=draft.line))
    return tuple(steps)


def _sections(kept: Iterable[Block]) -> tuple[Section, ...]:
    parts = (Section(block.title, block.text, block.line) for block in kept)
    return tuple(sorted((part for part in parts if part.text), key=lambda part: part.line))
