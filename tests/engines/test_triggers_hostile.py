"""Triggers over names, values and sentences that try to break out of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.language.expression import Compare, In, Literal, Name
from schemawalk.schema.model import Check, Column, Schema, Table, Type
from schemawalk.schema.things import (
    Asserted,
    Audit,
    Guard,
    History,
    Limit,
    ParentRule,
    Sealed,
    Stamp,
)
from tests.engines.migrations import migration, outcome
from tests.schemas import NOW, UUID, column, key, reference

SAYS = 'it\'s 100% $body$ \\ "quoted"; END // -- DROP TABLE x'
STATES = ("it's", "a $body$ b", 'c "d"', "%s %", "back\\slash;")


def schema(parent: str, child: str, state: str, found: str) -> Schema:
    """Two tables, and every trigger on one of them."""
    above = Table(parent, (UUID, column(found, "boolean", default=True)), key(parent))
    rows = Table(
        child,
        (
            UUID,
            column("of", "uuid"),
            column(state, "text"),
            column(found, "text", null=True),
            Column("at", Type("timestamptz"), default=NOW),
            column("times", "integer", default=1),
        ),
        key(child),
        checks=(Check("ck", In(Name(state), tuple(map(Literal, STATES)))),),
        foreign_keys=(reference(child, "of", parent, "RESTRICT"),),
    )
    log = Table(
        "the log",
        (
            Column("id", Type("bigint"), identity=True),
            column("when", "timestamptz"),
            column("who", "text", null=True),
            column("what", "text"),
            column("table", "text"),
            column("row", "text"),
            column("old", "json", null=True),
            column("new", "json", null=True),
        ),
        key("the log"),
    )
    past = Table(
        "the past",
        (
            Column("n", Type("bigint"), identity=True),
            column("id", "uuid"),
            column(state, "text"),
            column("since", "timestamptz", null=True),
            column("until", "timestamptz"),
        ),
        key("the past", "n"),
    )
    ways = tuple(pairwise(STATES))
    here = (("of",), parent, ("id",))
    places = (("at", "when"), ("actor", "who"), ("action", "what"), ("table", "table"),
              ("row", "row"), ("old", "old"), ("new", "new"))  # fmt: skip
    around = (
        Stamp("s 'a\"", child, (("at", "now"), ("times", "next")), SAYS),
        Guard("g 'a\"", child, state, ways, STATES[:1], SAYS),
        Asserted("a 'a\"", child, Compare("<>", Name(found), Literal("it's $body$")), SAYS),
        Limit("l 'a\"", child, *here, 2, Compare("=", Name(state), Literal(STATES[0])), SAYS),
        ParentRule("p 'a\"", child, *here, Compare("=", Name(found), Literal(True)), SAYS),
        Sealed("o 'a\"", child, ("UPDATE",), ("of",), because=SAYS),
        Audit("u 'a\"", child, "the log", places, (found,), ("at", "times"), because=SAYS),
        Sealed("w 'a\"", "the log", ("UPDATE", "DELETE"), because=SAYS),
        History(
            "h 'a\"",
            child,
            "the past",
            ("id", state),
            "since",
            "until",
            "at",
            ("at", "times"),
            SAYS,
        ),
    )
    return Schema((above, rows, log, past), (), around)


@pytest.mark.parametrize(
    ("parent", "child", "state", "found"),
    [
        ("parent", "other", "name", "found"),
        ("old", "new", "was", "became"),
        ("it's $body$ \"p\"", "c'; DROP TABLE x; --", "%s", "$1"),
        ("parents", "select", "key", "value"),
    ],
)  # fmt: skip
def test_hostile_names_and_words_stay_names_and_words(
    engine: Engine, parent: str, child: str, state: str, found: str
) -> None:
    """Each trigger is there, acts, and goes again."""
    made = schema(parent, child, state, found)
    assert outcome(prove(engine, *migration(made, engine))) == []
