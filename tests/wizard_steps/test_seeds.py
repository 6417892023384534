"""Seeds: rows from the start, read and checked before they are taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemawalk.design.model import Attribute, Design, Entity, Relationship, Step
from schemawalk.schema.around.seed_rows import SeedError, row_misfit, seed_row
from tests.wizard_steps.designs import taken
from wizard_steps import walk
from wizard_steps.asking.question import AnswerError, split
from wizard_steps.seeds import named_in

ROWS = "reference.framework.rows"
GDPR = "code = 'gdpr', name = 'GDPR'"
SOC = "code = 'soc_2', name = 'SOC 2'"


def seeds(design: Design) -> tuple[str, ...] | None:
    return next(e.seeds for e in design.entities if e.id == "framework")


def telling(text: str) -> Design:
    """The usual design, as if its journey said this as well."""
    said = Step(id="said", title="Look at the list", text=text)
    design = taken()
    entities = tuple(
        e.model_copy(update={"seeds": None}) if e.id == "framework" else e for e in design.entities
    )
    return design.model_copy(update={"steps": (*design.steps, said), "entities": entities})


def test_rows_are_asked_of_lists_and_of_what_no_step_creates() -> None:
    about = {q.subject for q in walk.questions(taken(), "tools") if q.tree == "reference"}
    assert "framework" in about
    assert "document" not in about
    seeded = walk.answer(taken(), "entity.document.created_by", "seeded")
    assert "from the start" in walk.question(seeded, "reference.document.rows").called


def test_rows_are_taken_as_they_are_written() -> None:
    design = walk.answer(taken(), ROWS, (GDPR, SOC))
    assert seeds(design) == (GDPR, SOC)
    assert split(walk.question(design, ROWS), f"{GDPR}; {SOC}") == (GDPR, SOC)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("gdpr", "is no value of a row"),
        ("code > 'gdpr'", "is no value of a row"),
        ("code = ((", "is no value of a row"),
        ("code = 'a', code = 'b'", "given twice"),
        ("code = 'gdpr', name = 'GDPR', colour = 'red'", "Framework has no colour; it has code"),
        ("code = 'gdpr'", "name is missing"),
        ("code = 'gdpr', name = null", "cannot be null"),
        ("code = 'gdpr', name = 'GDPR', active = 'perhaps'", "active does not fit"),
        ("code = 5, name = 'GDPR'", "code does not fit"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_the_reason(row: str, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        walk.answer(taken(), ROWS, (row,))


def test_two_rows_cannot_share_what_must_be_unique() -> None:
    with pytest.raises(AnswerError, match="Two rows have the code 'gdpr'"):
        walk.answer(taken(), ROWS, (GDPR, "code = 'gdpr', name = 'Once more'"))


def test_personal_data_is_never_a_seed() -> None:
    email = Attribute(id="user.email", name="email", kind="email", sensitivity="personal")
    user = Entity(id="user", name="User", attributes=(email,))
    assert "never in a seed" in row_misfit(seed_row("email = 'ada@example.org'"), user)


@given(
    st.dictionaries(
        st.from_regex(r"c[a-z]{1,8}", fullmatch=True),
        st.one_of(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs"))),
                  st.integers(0, 10**9), st.booleans()),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_every_row_that_is_written_is_read_back(row: dict[str, str | int | bool]) -> None:
    def written(value: str | int | bool) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)

    assert seed_row(", ".join(f"{name} = {written(v)}" for name, v in row.items())) == row


def test_numbers_and_quotes_are_read() -> None:
    assert seed_row("rate = 1.5, name = 'O''Hara, Ltd.'") == {
        "rate": Decimal("1.5"), "name": "O'Hara, Ltd.",
    }  # fmt: skip
    with pytest.raises(SeedError, match="is no row"):
        seed_row(" , ")


def test_a_quote_in_a_value_is_part_of_it() -> None:
    row = "code = 'hara', name = 'O''Hara''s list'"
    assert seeds(walk.answer(taken(), ROWS, (row,))) == (row,)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("She ticks the frameworks that apply: ISO 27001 and SOC 2, GDPR for herself.",
         ("ISO 27001", "SOC 2", "GDPR")),
        ("There are frameworks such as privacy, money laundering and safety.",
         ("privacy", "money laundering", "safety")),
        ("A framework is a PDF.", ()),
        ("The page shows ISO 27001 and SOC 2.", ()),
    ],
)  # fmt: skip
def test_what_the_journey_lists_is_proposed(text: str, names: tuple[str, ...]) -> None:
    framework = next(e for e in taken().entities if e.id == "framework")
    found = named_in((Step(id="s", title="S", text=text),), framework)
    assert tuple(name for name, _ in found) == names


def test_proposed_rows_are_whole_rows_and_say_where_they_come_from() -> None:
    design = telling("The frameworks are GDPR and SOC 2.")
    question = walk.question(design, ROWS)
    assert question.recommended == (GDPR, SOC)
    assert question.because == 'named in step "Look at the list"'
    assert seeds(walk.propose(design, "tools").design) == (GDPR, SOC)


def test_where_a_row_needs_more_than_a_name_none_is_proposed() -> None:
    design = telling("The frameworks are GDPR and SOC 2.")
    more = Attribute(id="framework.country", name="country", kind="short-text", required="start",
                     default="none")  # fmt: skip
    entities = tuple(
        e.model_copy(update={"attributes": (*e.attributes, more)}) if e.id == "framework" else e
        for e in design.entities
    )
    design = design.model_copy(update={"entities": entities})
    assert walk.question(design, ROWS).recommended == ()


def test_development_rows_are_a_number() -> None:
    assert walk.question(taken(), "seeds.made_up_rows").answer == ("20",)
    with pytest.raises(AnswerError, match="whole number"):
        walk.answer(taken(), "seeds.made_up_rows", "some")


def test_the_step_shows_rows_and_lists_that_users_keep() -> None:
    design = walk.answer(taken(), "attribute.document.status.kept_by", "users")
    design = walk.answer(design, ROWS, (GDPR, SOC))
    proposal = walk.propose(design, "tools")
    rows = {row.title: row.detail for row in proposal.rows}
    assert rows["Framework"] == "2 rows from the start"
    assert rows["Document · status"] == "3 rows from its values"
    assert proposal.headline.endswith("; 2 reference rows")


def test_what_a_row_belongs_to_is_called_by_its_name() -> None:
    """A row that must belong to another says which; one that nobody wrote is refused."""
    design = walk.answer(taken(), ROWS, (GDPR,))
    parts = Entity(id="clause", name="Clause", archetype="catalogue", owner="framework",
                   attributes=(Attribute(id="clause.number", name="number"),))  # fmt: skip
    belongs = Relationship(id="framework_clause", a="framework", b="clause", many_b="yes",
                           many_a="no", optional="no")  # fmt: skip
    more = {"entities": (*design.entities, parts),
            "relationships": (*design.relationships, belongs)}  # fmt: skip
    design = design.model_copy(update=more)
    rows = "reference.clause.rows"
    assert walk.answer(design, rows, ("framework = 'gdpr', number = '17'",))
    with pytest.raises(AnswerError, match="no reference row that is called 'dora'"):
        walk.answer(design, rows, ("framework = 'dora', number = '17'",))
    with pytest.raises(AnswerError, match="framework is missing"):
        walk.answer(design, rows, ("number = '17'",))
