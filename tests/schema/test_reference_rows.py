"""Reference rows are read as people write them, and refer to each other by what people say."""

from __future__ import annotations

import pytest

from schemawalk.schema.around.reference_rows import ReferenceRow, Sought, misfit_of, reference_rows
from schemawalk.schema.derive import derive
from schemawalk.schema.tables.lookup import Lookup
from tests.lasting import museum


def rows(table: str, identifiers: str = "uuid") -> list[ReferenceRow]:
    design = museum(identifiers=identifiers)
    return [r for r in reference_rows(design, derive(design).schema) if r.table.name == table]


def test_a_row_has_the_columns_of_its_entity() -> None:
    cubism, dada = (dict(row.values) for row in rows("styles", "bigint"))
    assert cubism == {"code": "cubism", "name": "Cubism"}
    assert dada == {"code": "dada", "name": "Dada"}


def test_an_id_that_anybody_can_make_is_the_same_everywhere() -> None:
    first, again = rows("styles"), rows("styles")
    assert [row.values["id"] for row in first] == [row.values["id"] for row in again]
    assert len({row.values["id"] for row in first}) == 2


def test_a_row_refers_to_another_by_its_name() -> None:
    facet, plain = rows("terms", "bigint")
    assert facet.values["style_id"] == Sought("styles", "id", (("code", "cubism"),))
    assert facet.values["meaning"] == "It's a facet"
    assert "meaning" not in plain.values


def test_a_list_that_users_keep_begins_with_its_values() -> None:
    assert [dict(row.values) for row in rows("exhibit_sizes")] == [
        {"code": "small", "label": "Small", "position": 1},
        {"code": "very_large", "label": "Very large", "position": 2},
    ]


def test_parents_come_first() -> None:
    design = museum()
    named = [row.table.name for row in reference_rows(design, derive(design).schema)]
    assert named.index("styles") < named.index("terms")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("style = 'baroque', number = 1", "no reference row that is called 'baroque'"),
        ("number = 1", "style is missing"),
        ("style = 'dada', number = 'x'", "number does not fit"),
        ("style = 'dada'", "number is missing"),
        ("style = 'dada', number = 1, colour = 'red'", "Term has no colour"),
        ("nonsense", "is no value of a row"),
    ],
)
def test_a_row_that_is_none_is_told(text: str, why: str) -> None:
    design = museum()
    term = next(entity for entity in design.entities if entity.id == "term")
    assert why in misfit_of(text, term, Lookup(design))


def test_a_row_that_is_left_out_is_a_finding() -> None:
    (said,) = (p for p in derive(museum()).problems if p.rule == "reference-row-misfit")
    assert (said.subject, "baroque" in said.message) == ("term", True)
