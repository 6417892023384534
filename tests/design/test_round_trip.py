"""Any design survives its file, as a new text and as an edit of another."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemawalk.design.edit import edit
from schemawalk.design.file import dumps, loads
from schemawalk.design.layout import layout
from schemawalk.design.model import Attribute, Design, Entity, Step
from schemawalk.design.spelling import to_file
from schemawalk.design.whole import Product
from tests.design.designs import TEXT, changed, designs, typical

SLOW = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(designs())
def test_any_design_is_read_back_as_it_was_written(design: Design) -> None:
    """Whatever a design holds, writing and reading it gives the same design."""
    assert loads(dumps(design)) == design


@given(TEXT)
def test_any_text_is_read_back_as_it_was_typed(text: str) -> None:
    """Quotes, control characters and line ends stay, apart from space around the text."""
    design = Design(steps=(Step(id="s", title="S", text=text),))
    written = tomllib.loads(dumps(design))
    assert written["step"][0].get("text", "") == design.steps[0].text


@SLOW
@given(st.data())
def test_any_edit_of_a_file_gives_the_new_design(data: st.DataObject) -> None:
    """Editing the text of one design into another reads as that other, and back again."""
    old = data.draw(designs())
    new = data.draw(changed(old))
    root = layout(dumps(old))
    edit(root, to_file(old), to_file(new))
    assert loads(root.text()) == new
    edit(root, to_file(new), to_file(old))
    assert loads(root.text()) == old


@SLOW
@given(designs())
def test_a_file_cut_into_tables_and_joined_is_the_same_text(design: Design) -> None:
    """Cutting loses no character."""
    text = dumps(design)
    assert layout(text).text() == text


def test_nothing_unanswered_is_written() -> None:
    """A design with one answer is a file with one answer."""
    text = dumps(Design(product=Product(name="Paperly")))
    assert text.splitlines()[1:] == ["format = 1", "", "[product]", 'name = "Paperly"']


def test_the_first_line_says_what_the_file_is() -> None:
    """Somebody who finds the file knows that it may be edited."""
    first = dumps(Design()).splitlines()[0]
    assert first.startswith("# ")
    assert "by hand" in first


def test_an_answer_of_none_of_them_differs_from_no_answer() -> None:
    """An empty list that was answered is kept; one that was not is left out."""
    answered = Design(entities=(Entity(id="e", name="E", identity=()),))
    assert "identity = []" in dumps(answered)
    assert loads(dumps(answered)).entities[0].identity == ()


def test_tables_are_named_in_the_singular_with_a_blank_line_between() -> None:
    """The file reads from the product down to the notes, attributes below their entity."""
    text = dumps(typical(entities=2, attributes=1))
    headers = re.findall(r"(?m)^\n(\[.*\])$", text)
    assert headers == [
        "[product]", "[stack]", "[[source]]", "[[step]]", "[[step]]",
        "[[entity]]", "[[entity.attribute]]", "[[entity]]", "[[entity.attribute]]",
        "[[relationship]]", "[[access_pattern]]", "[[note]]",
    ]  # fmt: skip


def test_text_of_several_lines_keeps_its_lines() -> None:
    """The text of a step reads in the file as in its document."""
    text = dumps(Design(steps=(Step(id="s", title="S", text='One "two"\n\n- three\\four'),)))
    assert 'text = """\nOne "two"\n\n- three\\\\four"""\n' in text


def test_a_long_list_gets_a_line_for_each_item() -> None:
    """Twenty values are not one line of 400 columns."""
    values = tuple(f"a value of some length {number}" for number in range(20))
    attribute = Attribute(id="e.a", name="a", values=values)
    text = dumps(Design(entities=(Entity(id="e", name="E", attributes=(attribute,)),)))
    assert max(map(len, text.splitlines())) <= 100
    assert loads(text).entities[0].attributes[0].values == values


HANDWRITTEN = [
    'product = {name = "P"}\nstep = [{id = "a", title = "A"}, {id = "b", title = "B"}]\n',
    '[[step]]\nid = "a"\ntitle = """say "no""""\ntext = \'\'\'\n[[step]]\'\'\'\'\'\n'
    '[[step]]\nid = "b"\ntitle = ""\n',
    'product.name = "P"\nproduct."summary" = \'S\'\n',
    '[["entity"]]\nid="e"#c\nname = """a\n[[x]]\n# no\n""" # yes\n[[ entity . attribute ]]\n'
    "id = \"e.a\"\nname = '''q''''\nvalues = [ # one\n \"a\", # ]\n\n 'b',\n]",
    'dropped = []\n\n[[step]]\nid = "a"\ntitle = "A"\n\n[[entity]]\nid = "e"\nname = "E"\n\n'
    '[[step]]\nid = "b"\ntitle = "B"\n',
    '[[entity]]\nid = "e"\nname = "E"\n\n[[step]]\nid = "a"\ntitle = "A"\n\n'
    '[[entity.attribute]]\nid = "e.a"\nname = "a"\n',
    "step = []\n# only a comment",
    "",
]


@pytest.mark.parametrize("text", HANDWRITTEN)
def test_toml_written_another_way_can_be_edited(text: str) -> None:
    """Inline tables, dotted and quoted keys, tables apart from their siblings: all can change."""
    ended = text if text.endswith("\n") else text + "\n"
    old = loads("format = 1\n" + ended)
    root = layout("format = 1\n" + ended)
    new = typical(entities=2)
    told = (*old.steps[1:], *new.steps, Step(id="z", title="Z"))
    new = new.model_copy(update={"steps": told})
    edit(root, to_file(old), to_file(new))
    assert loads(root.text()) == new
    edit(root, to_file(new), to_file(old))
    assert loads(root.text()) == old


def test_reading_and_a_new_file_need_no_tomlkit() -> None:
    """What only an edit of a list needs is not loaded before the first paint."""
    program = (
        "import sys\n"
        "from schemawalk.design import draft, file, history\n"
        "file.loads(file.dumps(file.Design()))\n"
        "sys.exit('tomlkit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
