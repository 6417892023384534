"""What the plain prompts can say of the design: tables, diagram, SQL, trail, changes, findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemawalk.design.model import Design
from schemawalk.printable import printable
from tui.plain.spoken import sentence, spoken

if TYPE_CHECKING:
    from schemawalk.schema.model import Column, Finding, Schema, Table
    from tui.session import Session
    from wizard_steps.asking.question import Question

NO_TABLE = "No table yet: they come as soon as there is an entity."


def summary(design: Design, progress: tuple[int, int]) -> list[str]:
    """How many questions are answered, and each table with its columns."""
    from schemawalk.delivery import work_for

    answered, total = progress
    tables = work_for(design).schema.tables
    count = f"{len(tables)} table{'' if len(tables) == 1 else 's'}" if tables else "No table yet"
    head = f"{answered} of {total} questions answered. {count}."
    return [head, *(f"{t.name}: {', '.join(c.name for c in t.columns)}." for t in tables)]


def sql(design: Design) -> list[str]:
    """The SQL of the whole schema, or what the database has instead."""
    from schemawalk.delivery import work_for
    from schemawalk.writers.whole import whole

    work = work_for(design)
    return printable(whole(work)[1]).splitlines() if work.schema.tables else [NO_TABLE]


def drawn(design: Design) -> list[str]:
    """The diagram as it is drawn, for those who see it."""
    from schemawalk.delivery import work_for
    from schemawalk.writers.erd import diagram

    schema = work_for(design).schema
    return printable(diagram(schema)).splitlines() if schema.tables else [NO_TABLE]


def diagram(design: Design) -> list[str]:
    """The diagram in sentences: each table with what it belongs to and what hangs on it."""
    from schemawalk.delivery import work_for

    schema = work_for(design).schema
    if not schema.tables:
        return [NO_TABLE]
    lines = [f"{len(schema.tables)} tables."]
    for table in schema.tables:
        lines.append(f"{table.name}, {len(table.columns)} columns.")
        lines += [f"   {each}" for each in (*_upwards(table), *_downwards(schema, table))]
    return lines


def _upwards(table: Table) -> Iterator[str]:
    """What a table belongs to, and what happens when that goes."""
    columns = {column.name: column for column in table.columns}
    for key in table.foreign_keys:
        may = "may belong to" if _nullable(columns, key.columns) else "belongs to"
        on = ", ".join(key.columns)
        yield f"It {may} {key.references} by {on}; on delete {key.on_delete.lower()}."


def _nullable(columns: dict[str, Column], names: tuple[str, ...]) -> bool:
    return any(columns[name].nullable for name in names)


def _downwards(schema: Schema, table: Table) -> Iterator[str]:
    """Which tables point at it."""
    found = [
        f"{other.name} by {', '.join(key.columns)}"
        for other in schema.tables
        for key in other.foreign_keys
        if key.references == table.name
    ]
    if found:
        yield f"To it belong: {'; '.join(found)}."


def trail(session: Session, name: str) -> list[str]:
    """The answers that led to what is named, or to what is at hand."""
    from wizard_steps.asking.trail import trail as of

    subject = name or session.subject
    lines = of(session.design, subject) if subject else ()
    if not lines and name:
        found = [each for each in session.matches(name) if each.question]
        spoken_of = session.facts.found(found[0].question) if found else None
        subject = spoken_of.subject if spoken_of else ""
        lines = of(session.design, subject) if subject else ()
    if lines:
        return [sentence(line) for line in lines]
    if name:
        return [f'Nothing here is called {spoken(name)}: say a name such as "trail document".']
    return ['Say of what: "trail document", "trail documents.status".']


def changes(session: Session, asked: Question | None, number: str) -> list[str]:
    """What Enter would change in the tables, or the option of that number."""
    from schemawalk.delivery import work_for
    from tui.difference import differences

    after, what = _after(session, asked, number)
    found = differences(work_for(session.design), work_for(after))
    if not found:
        return [f"{what} changes nothing in the tables."]
    added = [f"   New: {spoken(line)}." for sign, line in found if sign == "+"]
    gone = [f"   Gone: {spoken(line)}." for sign, line in found if sign != "+"]
    head = f"{what} changes {len(found)} line{'' if len(found) == 1 else 's'} of the schema."
    return [head, *added, *gone]


def _after(session: Session, asked: Question | None, number: str) -> tuple[Design, str]:
    """The design as it would be, and the words for what would make it so."""
    from wizard_steps import walk
    from wizard_steps.asking.question import AnswerError

    if asked is None:
        place = session.place
        return walk.propose(session.design, place.step, place.without).design, "Taking this list"
    values = asked.answer if asked.answer is not None else asked.recommended
    if number.isdecimal() and 1 <= int(number) <= len(asked.options):
        values = (asked.options[int(number) - 1].value,)
    said = ", ".join(asked.label(value) for value in values) or "none"
    try:
        return walk.answer(session.design, asked.id, values), f"The answer {spoken(said)}"
    except AnswerError:
        return session.design, f"The answer {spoken(said)}"


def finding(found: Finding) -> str:
    """One finding of the review as sentences."""
    words = f"{found.severity.capitalize()}, about {spoken(found.subject)}."
    return " ".join(filter(None, (words, sentence(found.message), sentence(found.fix))))


def findings(design: Design) -> tuple[Finding, ...]:
    """What the review says about the design."""
    from schemawalk.delivery import work_for

    return tuple(work_for(design).findings)
