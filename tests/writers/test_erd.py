"""Text diagrams: they fit, say everything, and every line in them leads where it should."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemawalk.design.model import Design
from schemawalk.schema.model import Schema, Table, Unique
from schemawalk.writers.erd import diagram, files
from schemawalk.writers.erd_canvas import cells, cut
from schemawalk.writers.erd_layout import spread
from schemawalk.writers.work import Work, header
from tests.judges.batch import cases
from tests.schemas import UUID, column, key, library, reference
from tests.writers.test_sql_hostile import hostile

Tie = tuple[str, str, bool]
"""Two tables that a line joins, upper first, and whether the lower one is marked as many."""

ARMS = {
    "│": "ud", "─": "lr", "┌": "dr", "┐": "dl", "└": "ur", "┘": "ul", "├": "udr", "┤": "udl",
    "┬": "dlr", "┴": "ulr", "┼": "udlr",
}  # fmt: skip
STEP = {"u": (-1, 0), "d": (1, 0), "l": (0, -1), "r": (0, 1)}
BACK = {"u": "d", "d": "u", "l": "r", "r": "l"}


def table(name: str, *parents: str, one: bool = False, null: bool = False) -> Table:
    """A table that refers to the parents, required or not, once or many times."""
    columns = tuple(column(f"{parent}_id", "uuid", null=null) for parent in parents)
    return Table(
        name,
        (UUID, *columns),
        key(name),
        uniques=tuple(Unique(f"uq_{name}_{c.name}", (c.name,)) for c in columns if one),
        foreign_keys=tuple(
            reference(name, c.name, parent, "SET NULL" if null else "CASCADE")
            for c, parent in zip(columns, parents, strict=True)
        ),
    )


def product() -> Schema:
    """Seven tables as a small product has them."""
    return Schema((
        table("teams"), table("frameworks"), table("users", "teams", null=True),
        table("documents", "users"), table("assessments", "documents", "users"),
        table("assessment_frameworks", "assessments", "frameworks"),
        table("usage_events", "teams", "users", "assessments", null=True),
    ))  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> Schema:
    """Up to twelve tables that refer to earlier, later or the same ones in any way."""
    names = [f"t{at}" + "x" * draw(st.integers(0, 9)) for at in range(draw(st.integers(1, 12)))]
    tables = [
        table(
            name,
            *draw(st.lists(st.sampled_from(names), max_size=3, unique=True)),
            one=draw(st.booleans()),
            null=draw(st.booleans()),
        )
        for name in names
    ]
    return Schema(tuple(tables))


def ties(schema: Schema) -> set[Tie]:
    """What the lines of a drawing must say."""
    order = [t.name for t in schema.tables]
    found = set()
    for each, reference_ in schema.references():
        parent = reference_.references
        many = not any(unique.columns == reference_.columns for unique in each.uniques)
        if order.index(parent) < order.index(each.name):
            found.add((parent, each.name, many))
        elif parent != each.name:
            found.add((each.name, parent, False))
    return found


def moved(row: int, column: int, way: str) -> tuple[int, int]:
    """The next place that way."""
    return row + STEP[way][0], column + STEP[way][1]


class Drawing:
    """A drawing that is read back as a person reads it, line by line with a finger."""

    def __init__(self, text: str, names: list[str]) -> None:
        self.grid = [list(line) for line in text.split("\n\n")[0].splitlines()]
        self.boxes = {name: box for name in names if (box := self.box(name))}

    def at(self, row: int, column: int) -> str:
        """The character at a place, a space outside."""
        if 0 <= row < len(self.grid) and 0 <= column < len(self.grid[row]):
            return self.grid[row][column]
        return " "

    def box(self, name: str) -> tuple[int, range] | None:
        """Row of a table's name, and the columns of its box."""
        for row, characters in enumerate(self.grid):
            line, at = "".join(characters), -1
            while (at := line.find(f" {name} ", at + 1)) >= 0:
                left, right = line.rfind("│", 0, at + 1), line.find("│", at + len(name))
                if self.at(row - 1, left) == "┌" and self.at(row - 1, right) == "┐":
                    return row, range(left, right + 1)
        return None

    def ties(self) -> set[Tie]:
        """All pairs of boxes that a line joins."""
        return {
            (name, *end)
            for name, (row, columns) in self.boxes.items()
            for column in columns
            if self.at(row + 1, column) in "┬╥"
            for end in self.ends(row + 2, column, "d")
        }

    def ends(self, row: int, column: int, way: str) -> set[tuple[str, bool]]:
        """The boxes that a finger reaches which comes into this place going that way."""
        here = self.at(row, column)
        if way == "d" and (name := self.top_of(row, column)):
            assert here in "╨┴", f"{here!r} where a line meets a box"
            return {(name, here == "╨")}
        if here == "│" and way in "lr":
            return self.ends(row, column + STEP[way][1], way)
        assert BACK[way] in ARMS.get(here, ""), f"a line breaks off at {here!r}"
        onward = ARMS[here].replace(BACK[way], "")
        return {
            end for to in onward for end in self.ends(row + STEP[to][0], column + STEP[to][1], to)
        }

    def top_of(self, row: int, column: int) -> str:
        """The table whose box has its upper edge here."""
        for name, (at, columns) in self.boxes.items():
            if row == at - 1 and column in columns:
                return name
        return ""


WIDTHS = pytest.mark.parametrize("width", [34, 60, 80, 120])


@WIDTHS
@pytest.mark.parametrize("schema", [library(), product()], ids=["library", "product"])
def test_each_table_and_reference_is_there_within_the_width(schema: Schema, width: int) -> None:
    """Names, columns and what happens on delete, at every width."""
    text = diagram(schema, width)
    assert max(map(cells, text.splitlines())) <= width
    for each in schema.tables:
        assert f"│ {each.name}" in text
    for each, held in schema.references():
        child = text.index(f"< {each.name}")
        assert child >= 0
        assert f"{held.columns[0]}" in text
    assert text.count("CASCADE") == sum(k.on_delete == "CASCADE" for _, k in schema.references())


def test_a_product_is_drawn_with_parents_above_children() -> None:
    """Where a page is wide enough, lines lead from each table down to those that refer to it."""
    drawing = Drawing(diagram(product(), 60), [t.name for t in product().tables])
    assert drawing.ties() == ties(product())
    rows = {name: row for name, (row, _) in drawing.boxes.items()}
    assert rows["teams"] < rows["users"] < rows["documents"] < rows["assessments"]
    assert rows["frameworks"] == rows["assessments"]


def test_a_narrow_page_gets_a_list_below_each_table() -> None:
    """The branches lead to the tables that refer to it."""
    assert (
        "┌───────┐\n│ teams │\n└┬──────┘\n"
        " ├╌╌< users\n │      teams_id  SET NULL\n"
        " └╌╌< usage_events\n        teams_id  SET NULL\n\n"
    ) in diagram(product(), 34)


def test_references_stand_in_columns_where_they_fit() -> None:
    """Parent, how many, child, column, action."""
    assert "users        ──< documents              users_id        CASCADE\n" in diagram(product())


@pytest.mark.parametrize(
    ("one", "null", "line"), [(0, 0, "──<"), (0, 1, "╌╌<"), (1, 0, "─── "), (1, 1, "╌╌╌")]
)
def test_the_line_tells_how_many_and_whether_any(one: int, null: int, line: str) -> None:
    """Four kinds of line, of which only those that occur are explained."""
    schema = Schema((table("a"), table("b", "a", one=bool(one), null=bool(null))))
    text = diagram(schema)
    assert f"a  {line.strip()}" in text
    assert ("may refer to none" in text) == bool(null)
    assert ("──< many" in text) == (line == "──<")
    assert ("─── at most one" in text) == (line == "─── ")


def test_a_table_that_refers_to_itself_is_marked_and_one_without_references_stands_apart() -> None:
    """Neither is lost, though neither has a line to another table."""
    text = diagram(Schema((table("a", "a"), table("b", "a"), table("lonely"))))
    assert "│ a ↺ │" in text
    assert "│ lonely │" in text
    assert "↺ refers to itself" in text


def test_tables_that_refer_to_each_other_have_a_line_each_way() -> None:
    """In a cycle the upper table carries a foot of its own."""
    text = diagram(Schema((table("a", "b"), table("b", "a"))))
    assert "╥" in text
    assert Drawing(text, ["a", "b"]).ties() == {("a", "b", True), ("a", "b", False)}


def test_nothing_yet_is_said() -> None:
    """An empty schema is no error."""
    assert diagram(Schema()) == "No tables yet.\n"


def test_the_file_has_a_header() -> None:
    """Where it comes from, then the diagram for 80 columns."""
    text = files(Work(Design(), library(), "postgresql"))["erd.txt"]
    assert text == header("#") + "\n" + diagram(library(), 80)
    assert max(map(len, text.splitlines()[1:])) <= 80


@settings(max_examples=300, deadline=None)
@given(graphs(), st.integers(20, 130))
@example(library(), 80)
def test_every_line_leads_from_a_table_to_one_that_refers_to_it(schema: Schema, width: int) -> None:
    """Whatever the graph: when it is drawn at all, following the lines gives the references."""
    text = diagram(schema, width)
    assert max(map(cells, text.splitlines())) <= width
    drawing = Drawing(text, [t.name for t in schema.tables])
    if any(mark in line for line in text.split("\n\n")[0].splitlines() for mark in "╨┴"):
        assert drawing.ties() == ties(schema)


def test_any_names_at_any_width_fit_and_carry_no_control_characters() -> None:
    """Nothing that moves a cursor, turns the direction or makes a line longer."""
    for width, schema in enumerate(cases(hostile(), 120)):
        text = diagram(schema, width)
        assert max(map(cells, text.splitlines())) <= max(width, 20)
        assert not any(unicodedata.category(c) == "Cc" for c in text.replace("\n", ""))
        assert not set(text) & set("\u202a\u202e\u2066\u2069\u2028")


def test_sixty_tables_are_listed() -> None:
    """Too many for a drawing, not too many for a list."""
    many = [table(f"table_{at}", *([f"table_{at - 1}"] if at else [])) for at in range(60)]
    text = diagram(Schema(tuple(many)), 80)
    assert text.count("──< table_") == 59
    assert "╨" not in text


def test_wide_letters_take_two_cells_and_marks_none() -> None:
    """As a terminal shows them; what is cut is cut in cells."""
    assert [cells(text) for text in ("ab", "表", "e\u0301", "é", "")] == [2, 2, 1, 1, 0]
    assert cut("表表表", 4) == "表…"
    assert cut("abc", 3) == "abc"
    boxed = diagram(Schema((replace(table("a"), name="表名"),)))
    assert boxed == "┌──────┐\n│ 表名 │\n└──────┘\n"


@given(st.lists(st.tuples(st.floats(-50, 150), st.integers(1, 9)), max_size=9), st.integers(0, 3))
def test_things_in_a_row_stay_apart_and_inside(things: list[tuple[float, int]], gap: int) -> None:
    """Whatever columns are wanted."""
    widths = [width for _, width in things]
    columns = spread([want for want, _ in things], widths, gap, 2, 130)
    ends = [column + width for column, width in zip(columns, widths, strict=True)]
    assert all(end + gap <= column for end, column in zip(ends, columns[1:], strict=False))
    assert all(column >= 2 for column in columns)
    assert all(end <= 130 for end in ends)
