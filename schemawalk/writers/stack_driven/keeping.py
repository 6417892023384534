"""What is kept and for how long, what deleting means, and how what is private is protected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schemawalk.design.choices import Forget, Keep
from schemawalk.design.model import Entity
from schemawalk.design.spans import FOREVER
from schemawalk.schema.model import Column, Table
from schemawalk.schema.routine import Routine
from schemawalk.schema.tables.lifetime import GONE, deletion_of
from schemawalk.schema.things import Policy, Protected, Sealed, View
from schemawalk.writers.stack_driven.foundations import tenant_table
from schemawalk.writers.stack_driven.lifetimes import Cells, Grid, Told, entity_tables, told
from schemawalk.writers.stack_driven.markdown import Markdown, code, links, phrase
from schemawalk.writers.stack_driven.survey import Survey

MEANS: Final = {
    "real": "deleted rows are gone.",
    "soft": "deleted rows are hidden, and can be restored.",
    "archive": "rows are archived instead of deleted.",
}
FORGET: Final = {
    "delete": "who asks to be forgotten is deleted, with everything that tells who they are.",
    "anonymise": "who asks to be forgotten is made anonymous; what they did stays.",
    "keep": "a duty to keep outweighs a wish to be forgotten; the reason must be told.",
}


def keeping(survey: Survey) -> Told | None:
    """What deleting means, how long rows are kept, what is private and how it is protected."""
    tables = tuple(entity_tables(survey))
    return told(
        _keeping_facts(survey),
        Grid(
            "Deletion and retention", "", ("Table", "Deleting means", "Kept for"),
            tuple(_retention(survey, entity, table) for entity, table in tables
                  if entity.deletion or entity.keep_for or _is_apart(survey, entity, table)),
        ),
        Grid(
            "Sensitive columns",
            "Personal data must be found again when somebody asks for it, or to be forgotten.",
            ("Column", "Kind", "Protection"),
            tuple(
                (code(f"{table.name}.{column.name}"), column.sensitivity,
                 _protection(survey, table, column))
                for table in survey.schema.tables for column in table.columns
                if column.sensitivity in ("confidential", "personal", "secret")
            ),
        ),
    )  # fmt: skip


def _keeping_facts(survey: Survey) -> Iterator[Markdown | str]:
    kept = survey.design.keeping
    if kept.deletion:
        yield phrase("Where the table below says nothing else, {}", MEANS[kept.deletion])
    hidden = [e for e, _ in entity_tables(survey) if _meaning(survey, e) == "soft"]
    if kept.restore_days and hidden:
        yield phrase("What is hidden can be restored for {} days, where the table below says "
                     "nothing else.", kept.restore_days)  # fmt: skip
    if kept.cleanup:
        yield phrase("What is past its time is removed by {}.", _remover(survey))
    yield from _forgetting(survey)
    if tenant_table(survey) is None:
        return
    if kept.policies:
        yield _keeper(survey)
    owned = [t.name for e, t in entity_tables(survey) if e.tenant == "yes"]
    shared = [t.name for e, t in entity_tables(survey) if e.tenant == "no"]
    if owned:
        yield phrase("Rows of one group: {}.", links(owned))
    if shared and owned:
        yield phrase("Rows of the system: {}.", links(shared))


def _remover(survey: Survey) -> str:
    if survey.design.keeping.cleanup != "job":
        return "somebody, by hand"
    made = any(routine.purpose in ("purge", "roll") for routine in survey.schema.things(Routine))
    return "a job that calls the routines below" if made else "a job of the program"


def _forgetting(survey: Survey) -> Iterator[Markdown]:
    """What forgetting does in general, and where something else was decided."""
    whole = survey.design.keeping.forget
    if whole:
        yield phrase("Where nothing else is said, {}", FORGET[whole])
    others: dict[Forget, list[str]] = {}
    for entity, table in entity_tables(survey):
        if entity.forget and entity.forget != whole:
            others.setdefault(entity.forget, []).append(table.name)
    for forget, names in others.items():
        yield phrase("In {}, {}", links(names), FORGET[forget])


def _keeper(survey: Survey) -> Markdown:
    """Who keeps the rows of groups apart: as chosen, or what is left where it cannot be had."""
    if survey.design.keeping.policies != "database":
        return Markdown("One group's rows are kept from another by the program's own queries.")
    if survey.schema.things(Policy):
        return Markdown("One group's rows are kept from another by row-level security.")
    return phrase("One group's rows are kept from another by the program's own queries: the schema "
                  "on {} holds no policies.", survey.work.dialect.title)  # fmt: skip


def _meaning(survey: Survey, entity: Entity) -> Keep:
    return deletion_of(entity, survey.design, survey.lookup)


def _is_apart(survey: Survey, entity: Entity, table: Table) -> bool:
    """Whether rows of the table go in another way, or at another time, than the rest."""
    whole = survey.design.keeping.deletion or "real"
    cleaned = table.name in survey.cleaners or table.name in _refusing(survey)
    return _meaning(survey, entity) != whole or _meaning(survey, entity) != "real" or cleaned


def _refusing(survey: Survey) -> dict[str, Sealed]:
    """Tables whose rows may not be deleted, with the trigger that refuses it."""
    seals = survey.schema.things(Sealed)
    return {seal.table: seal for seal in seals if "DELETE" in seal.events}


def _retention(survey: Survey, entity: Entity, table: Table) -> Cells:
    meaning = _meaning(survey, entity)
    way: Markdown | str = "the row goes"
    if meaning in GONE:
        way = phrase("{} is set", code(GONE[meaning][0]))
    elif seal := _refusing(survey).get(table.name):
        since = phrase("until {} after {}", str(seal.age), code(seal.moment))
        way = phrase("it is refused {}", since) if seal.age else "it is refused"
    return links([table.name]), way, _kept_for(survey, entity, table)


def _kept_for(survey: Survey, entity: Entity, table: Table) -> Markdown | str:
    """How long rows stay, from when on, and what removes them then."""
    cleaner = survey.cleaners.get(table.name)
    if cleaner is not None and cleaner.age is not None:
        return phrase("{} after {}; then {} removes them", str(cleaner.age), code(cleaner.column),
                      code(cleaner.name))  # fmt: skip
    if entity.keep_for == FOREVER:
        return "for ever: no job removes them"
    return entity.keep_for or "as long as it is needed"


def _protection(survey: Survey, table: Table, column: Column) -> Markdown | str:
    attribute = survey.lookup.attributes.get(column.source)
    match attribute.protection if attribute else None:
        case "comment":
            return "said in the column's comment"
        case "mask":
            masked = (v.name for v in survey.schema.things(View)
                      if v.table == table.name and v.purpose == "masked")  # fmt: skip
            view = next(masked, "")
            return phrase("shown in part, through {}", code(view)) if view else "to be masked"
        case "encrypt" | "hash" as way:
            return _hidden_by(survey, table, column, way)
        case _:
            return "none decided"


def _hidden_by(survey: Survey, table: Table, column: Column, way: str) -> Markdown | str:
    """Whether the database or the program makes the hash, or encrypts."""
    said = "only a hash is kept" if way == "hash" else "encrypted"
    made = (p for p in survey.schema.things(Protected) if p.table == table.name)
    trigger = next((p.name for p in made if column.name in dict(p.columns)), "")
    return phrase("{}, made by {}", said, code(trigger) if trigger else "the program")
