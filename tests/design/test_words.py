"""Whatever a field names is known: a word of its list, a form, or another part of the design."""

from __future__ import annotations

from typing import get_args

import pytest

from schemawalk.design import choices
from schemawalk.design.errors import DesignError
from schemawalk.design.file import loads
from schemawalk.design.model import Design
from schemawalk.design.part import Part
from schemawalk.design.references import REFERENCES
from schemawalk.design.spelling import held
from schemawalk.schema.kinds import KINDS
from schemawalk.schema.tables.archetypes import ARCHETYPES
from schemawalk.schema.tools import TOOLS

HEAD = """\
format = 1

[[step]]
id = "sign-in-and-join"
title = "Sign in"

[[entity]]
id = "user"
name = "User"

[[entity]]
id = "booking"
"""
LINE = HEAD.count("\n") + 2
IN_BOOKING = f'schemawalk.toml:{LINE}: entity "booking": '

OF_ENTITY = {
    'archetype = "grup"': 'unknown archetype "grup"; did you mean "group"?',
    'keep_for = "a while"': "keep_for: 'a while' is no length of time: write 90 days, 18 months, "
    "10 years or forever",
    'keep_for = "0 days"': "keep_for: '0 days' is no length of time: write 90 days, 18 months, "
    "10 years or forever",
    "rows = -5": "rows must be 0 or more, not -5",
    'created_by = "sign-in"': 'created_by names an unknown step "sign-in"; did you mean '
    '"sign-in-and-join"?',
    'read_by = ["sign-in-and-join", "x"]': 'read_by names an unknown step "x"; name one that is '
    "there, or add a [[step]] with that id",
    'owner = "usr"': 'owner names an unknown entity "usr"; did you mean "user"?',
    'owner = "booking"': "owner leads in a circle (booking → booking); let one of them belong to "
    'another, or to "system"',
    'same_as = "booking"': "same_as leads in a circle (booking → booking); let one of them stand "
    'for itself: same_as = "no"',
    'summed_by = "x"': 'summed_by names an unknown relationship "x"; there is no [[relationship]] '
    "yet: add it, or take the name away",
    'lives_in = "redis"': 'lives_in must be "session", "cache" or "queue", not "redis"',
}


@pytest.mark.parametrize(("line", "sentence"), OF_ENTITY.items())
def test_an_entity_names_only_what_is_there(line: str, sentence: str) -> None:
    """The sentence names line and remedy."""
    with pytest.raises(DesignError) as caught:
        loads(f'{HEAD}name = "Booking"\n{line}\n')
    assert str(caught.value) == IN_BOOKING + sentence


OF_ATTRIBUTE = {
    'kind = "onof"': 'unknown kind "onof"; did you mean "one-of"?',
    'kind = "float"': 'unknown kind "float"; did you mean "decimal"?',
    'kind = "timestamp"': 'unknown kind "timestamp"; did you mean "moment"?',
    'kind = "measure"': 'unknown kind "measure"; did you mean "decimal"?',
    'values = ["free", "free"]': 'values: "free" is there twice: remove one of them',
    'currency = "euro"': "currency must be a code of three capital letters, such as EUR, or "
    'per-row, not "euro"',
    "length = -1": "length must be 0 or more, not -1",
    "precision = 0": "precision must be 1 or more, not 0",
    'steps = ["gone"]': 'steps names an unknown step "gone"; name one that is there, or add a '
    "[[step]] with that id",
}


@pytest.mark.parametrize(("line", "sentence"), OF_ATTRIBUTE.items())
def test_an_attribute_names_only_what_is_there(line: str, sentence: str) -> None:
    """Words of other programs are known, too."""
    fact = '[[entity.attribute]]\nid = "booking.a"\nname = "a"\n'
    with pytest.raises(DesignError) as caught:
        loads(f'{HEAD}name = "Booking"\n{fact}{line}\n')
    at = f'schemawalk.toml:{LINE + 3}: entity "booking", attribute "booking.a": '
    assert str(caught.value) == at + sentence


OF_STACK = {
    'version = "sixteen"': "version must be numbers with points between them, such as 16 or 3.40, "
    'not "sixteen"',
    'tools = ["alembik"]': 'item 1 of tools: unknown word "alembik"; did you mean "alembic"?',
    'tools = ["zzz"]': 'item 1 of tools: unknown word "zzz"; choose one of '
    + ", ".join(TOOLS),
    "inserts_per_second = -1": "inserts_per_second must be 0 or more, not -1",
}  # fmt: skip


@pytest.mark.parametrize(("line", "sentence"), OF_STACK.items())
def test_the_stack_names_only_what_is_there(line: str, sentence: str) -> None:
    """A version is a number, a tool one of those that there are."""
    with pytest.raises(DesignError) as caught:
        loads(f"format = 1\n[stack]\n{line}\n")
    assert str(caught.value) == f"schemawalk.toml:3: stack: {sentence}"


@pytest.mark.parametrize("table", ["entity", "access_pattern", "rule", "finish"])
def test_nothing_has_an_empty_name(table: str) -> None:
    """What has no name would get a name that says nothing."""
    key = "says" if table == "rule" else "name"
    text = f'format = 1\n[[{table}]]\nid = "x"\nentity = "x"\n{key} = " "\n'
    with pytest.raises(DesignError, match=rf'toml:5: .*"x": {key} must not be empty'):
        loads(text if table != "entity" else text.replace('entity = "x"\n', "\n"))


@pytest.mark.parametrize(
    ("table", "key"), [(table, key) for table, named in REFERENCES.items() for key in named]
)
def test_whatever_is_named_must_be_there(table: str, key: str) -> None:
    """Every field of the table of references is looked at."""
    value = '["gone"]' if key in ("steps", "one_of") or key.endswith("d_by") else '"gone"'
    value = '"gone"' if key in ("created_by", "summed_by") else value
    rest = {"a": 'a = "e"', "b": 'b = "e"', "entity": 'entity = "e"', "name": 'name = "n"',
            "says": 'says = "s"'}  # fmt: skip
    wanted = "\n".join(line for name, line in rest.items() if _has(table, name) and name != key)
    opening = '[[entity]]\nid = "e"\nname = "E"\n' if table != "entity" else ""
    opening += "[[entity.attribute]]" if table == "attribute" else f"[[{table}]]"
    with pytest.raises(DesignError, match=f'{key} names an unknown .* "gone"'):
        loads(f'format = 1\n{opening}\nid = "x.y"\n{wanted}\n{key} = {value}\n')


def _has(table: str, name: str) -> bool:
    parts = {**held(Design), "attribute": held(held(Design)["entity"] or Part)["attribute"]}
    return name in held(parts[table] or Part)


def test_a_long_circle_is_found_in_time() -> None:
    """Five thousand owners in a row, the last of them the first one's."""
    chain = "".join(
        f'[[entity]]\nid = "e{n}"\nname = "E"\nowner = "e{(n + 1) % 5000}"\n' for n in range(5000)
    )
    with pytest.raises(DesignError, match=r"toml:5: .*owner leads in a circle \(e0 → e1 → "):
        loads(f"format = 1\n{chain}")
    loads(f"format = 1\n{chain}".replace('owner = "e0"', 'owner = "system"'))


def test_the_lists_of_words_are_the_tables() -> None:
    """What the file may say is what the derivation knows."""
    assert get_args(choices.Kind) == tuple(KINDS)
    assert get_args(choices.Archetype) == tuple(ARCHETYPES)
    assert get_args(choices.Tool) == tuple(TOOLS)
