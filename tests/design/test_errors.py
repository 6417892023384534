"""Whatever is wrong with a file, one sentence names the line, the fault, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.errors import DesignError
from schemawalk.design.file import NAME, DesignFile, load, loads

ENTITY = 'format = 1\n\n[[entity]]\nid = "document"\nname = "Document"\n'
ATTRIBUTE = ENTITY + '\n[[entity.attribute]]\nid = "document.status"\nname = "status"\n'
IN_STATUS = 'entity "document", attribute "document.status": '

FAULTS = {
    "a value that is no text": (
        ATTRIBUTE + "kind = 5\n",
        f"schemawalk.toml:10: {IN_STATUS}kind must be text in quotes, not 5",
    ),
    "a value that is not one of those allowed": (
        ATTRIBUTE + '# soon\nrequired = "strat"\n',
        f'schemawalk.toml:11: {IN_STATUS}required must be "start", "later" or "optional", '
        'not "strat"',
    ),
    "text where a number belongs": (
        ATTRIBUTE + 'length = "80"\n',
        f'schemawalk.toml:10: {IN_STATUS}length must be a whole number, not "80"',
    ),
    "true where a number belongs": (
        ATTRIBUTE + "length = true\n",
        f"schemawalk.toml:10: {IN_STATUS}length must be a whole number, not true",
    ),
    "text where a list belongs": (
        ATTRIBUTE + 'values = "a, b"\n',
        f'schemawalk.toml:10: {IN_STATUS}values must be a list in square brackets, not "a, b"',
    ),
    "a wrong item of a list": (
        ATTRIBUTE + 'values = [\n  "a",\n  7,\n]\n',
        f"schemawalk.toml:10: {IN_STATUS}item 2 of values must be text in quotes, not 7",
    ),
    "a key that is nearly right": (
        ATTRIBUTE + 'requird = "start"\n',
        f'schemawalk.toml:10: {IN_STATUS}unknown key "requird"; did you mean "required"?',
    ),
    "a key that is nothing": (
        ATTRIBUTE + "zzz = 1\n",
        f'schemawalk.toml:10: {IN_STATUS}unknown key "zzz"; remove it, or make it a comment',
    ),
    "a table in the plural": (
        '[[entities]]\nid = "e"\n',
        'schemawalk.toml:1: unknown key "entities"; did you mean "entity"?',
    ),
    "a missing name": (
        ENTITY + '\n[[entity]]\nid = "user"\n\n[[entity]]\nid = "team"\nname = "Team"\n',
        'schemawalk.toml:7: entity "user": name is missing; add a line name = "…"',
    ),
    "a missing id": (
        "[[step]]\nid='a'\ntitle='A'\n[[step]]\ntitle = 'B'\n",
        'schemawalk.toml:4: step number 2: id is missing; add a line id = "…"',
    ),
    "an empty id": (
        "[[note]]\n\nid = ' '\n",
        'schemawalk.toml:3: note " ": id must not be empty',
    ),
    "a value in a table that is there once": (
        '[product]\nname = "P"\n\n[stack]\ndatabase = "oracle"\n',
        'schemawalk.toml:5: stack: database must be "postgresql", "sqlite", "mysql", "mariadb" or '
        '"mongodb", not "oracle"',
    ),
    "a value where a table belongs": (
        'product = "P"\n',
        'schemawalk.toml:1: product must be a table, not "P"',
    ),
    "a value where tables belong": (
        "format = 1\nentity = 3\n",
        "schemawalk.toml:2: entity must be written as [[entity]], for each of them",
    ),
    "a value in a list of tables": (
        "format = 1\nentity = [3]\n",
        "schemawalk.toml:2: item 1 of entity must be a table, not 3",
    ),
    "one table where several may be": (
        "[entity]\nid = 'e'\n",
        "schemawalk.toml:1: entity must be written as [[entity]], for each of them",
    ),
    "an id that is there twice": (
        ENTITY + '\n[[entity]]\nname = "Paper"\nid = "document"\n',
        'schemawalk.toml:7: entity "document" is there twice, first on line 3; '
        "give one of them another id",
    ),
    "an attribute copied to another entity": (
        ATTRIBUTE + "[[entity]]\nid='e'\nname='E'\n[[entity.attribute]]\nid='document.status'\n"
        "name='s'\n",
        'schemawalk.toml:13: entity "e", attribute "document.status" is there twice, '
        "first on line 7; give one of them another id",
    ),
    "the first of several faults": (
        ATTRIBUTE + "scale = 'x'\nkind = 5\n\n[stack]\nzzz = 1\n",
        f'schemawalk.toml:10: {IN_STATUS}scale must be a whole number, not "x"',
    ),
    "a key inside inline tables": (
        "format = 1\n\nstep = [\n  {id = 'a', title = 7},\n]\n",
        'schemawalk.toml:3: step "a": title must be text in quotes, not 7',
    ),
    "a fault below text that looks like tables": (
        '[[step]]\nid = "a"\ntitle = "A"\ntext = """\n[[entity]]\nkind = 5\n# """\n\n[[entity]]\n'
        "id = 5\nname = 'E'\n",
        "schemawalk.toml:10: entity 5: id must be text in quotes, not 5",
    ),
    "a newer format": (
        '# new\nformat = 3\n[future]\nx = "y"\n',
        "schemawalk.toml:2: written by a newer Schemawalk, format 3; this one knows 1: upgrade it",
    ),
    "a format that is no number": (
        'format = "1"\n',
        'schemawalk.toml:1: format must be a whole number, not "1"',
    ),
    "a key without a value": (
        "format = 1\n[product]\nname =\n",
        "schemawalk.toml:3:7: not valid TOML: invalid value; mend this line",
    ),
    "a key twice": (
        "[product]\nname = 'a'\nname = 'b'\n",
        "schemawalk.toml:3:11: not valid TOML: cannot overwrite a value; mend this line",
    ),
    "text without an end": (
        '[product]\nname = """a\nb\n',
        "schemawalk.toml:4: not valid TOML: unterminated string; something before the end is not "
        "closed",
    ),
    "a number that nobody can count to": (
        ENTITY + f"rows = {'9' * 40}\n",
        'schemawalk.toml:6: entity "document": rows must be at most 9223372036854775807, not '
        + "9" * 40,
    ),
    "a number that no program reads": (
        ENTITY + f"rows = {'9' * 5000}\n",
        "schemawalk.toml:6: a number with 5000 digits is too large; shorten it",
    ),
    "a NUL": (
        '[product]\nname = "a\x00b"\n',
        "schemawalk.toml:2:10: not valid TOML: illegal character '\\x00'; mend this line",
    ),
    "a word as long as a book": (
        ENTITY + f'owner = "{"x" * 200_000}"\n',
        f'schemawalk.toml:6: entity "document": owner names an unknown entity "{"x" * 59}…"; name '
        "one that is there, or add a [[entity]] with that id",
    ),
    "an escape sequence for the terminal": (
        ENTITY + '"\\u001b[31m" = 1\n',
        'schemawalk.toml:6: entity "document": unknown key "\\x1b[31m"; remove it, or make it a '
        "comment",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_its_line(text: str, sentence: str) -> None:
    """The sentence is for somebody who has the file open in an editor."""
    with pytest.raises(DesignError) as caught:
        loads(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "text",
    ["dropped = " + "[" * 10_000 + "]" * 10_000, "a" + ".a" * 10_000 + " = 1\n",
     f"[{'.'.join('a' * 10_000)}]\n"],
    ids=["brackets", "keys", "headers"],
)  # fmt: skip
def test_a_deep_nest_is_a_fault_and_no_crash(text: str) -> None:
    """However ten thousand levels are written, they are refused like any other mistake."""
    with pytest.raises(DesignError, match="nested too deeply"):
        loads(text)


def test_text_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    """A file saved by an old editor says so."""
    (tmp_path / NAME).write_bytes(b'format = 1\n[product]\nname = "Caf\xe9"\n')
    with pytest.raises(DesignError, match=r"^schemawalk\.toml:3: not UTF-8 text; save it as UTF-8"):
        load(tmp_path / NAME)


def test_the_mark_that_some_editors_put_first_is_accepted(tmp_path: Path) -> None:
    """A byte order mark is no fault."""
    (tmp_path / NAME).write_bytes(b'\xef\xbb\xbfformat = 1\n[product]\nname = "P"\n')
    assert load(tmp_path / NAME).product.name == "P"


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    """And so is a path without a file, and a folder that is none."""
    (tmp_path / NAME).mkdir()
    with pytest.raises(DesignError, match=r"^schemawalk\.toml: not a file"):
        load(tmp_path / NAME)
    with pytest.raises(DesignError, match=r"no\.toml: cannot be read \(no such file"):
        load(tmp_path / "no.toml")
    with pytest.raises(DesignError, match="not a folder"):
        DesignFile.open(tmp_path / "nowhere")


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words of the system, without its numbers."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / NAME).write_text("format = 1\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DesignError, match=r"cannot be read \(permission denied\)"):
        load(tmp_path / NAME)


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """A file where the state folder belongs stands for any folder that cannot hold the lock."""
    (tmp_path / ".schemawalk").write_text("")
    with pytest.raises(DesignError, match=r"cannot be written \(.*\); make it yours"):
        DesignFile.open(tmp_path)


@pytest.mark.parametrize("text", [text for text, _ in FAULTS.values()], ids=FAULTS.keys())
def test_a_broken_file_is_never_overwritten(tmp_path: Path, text: str) -> None:
    """It cannot be opened for writing, its bytes stay, and mending it is enough to go on."""
    (tmp_path / NAME).write_text(text)
    with pytest.raises(DesignError):
        DesignFile.open(tmp_path)
    assert (tmp_path / NAME).read_text() == text
    (tmp_path / NAME).write_text("format = 1\n")
    DesignFile.open(tmp_path).close()
