"""A file of an older format opens, keeps its comments, and is kept beside the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.errors import DesignError
from schemawalk.design.file import NAME, DesignFile, load, loads
from schemawalk.design.model import FORMAT
from schemawalk.design.upgrade import UPGRADES

OLD = """\
# from last year

[[entity]]
id = "user"
name = "User"

[[entity]]
id = "team"
name = "Team"

[[entity]]
id = "document"
name = "Document"

[[entity.attribute]]
id = "document.name"
name = "name"
required = true # always there

[[entity.attribute]]
id = "document.note"
name = "note"
required = false

[[entity.attribute]]
id = "document.size"
name = "size"

[[relationship]]
id = "user-document"
a = "user"
b = "document"
on_delete = "Set NULL" # decided in May

[[relationship]]
id = "team-document"
a = "team"
b = "document"
on_delete = "NO ACTION"
"""

NEW = (
    OLD.replace("# from last year\n", "# from last year\nformat = 1\n")
    .replace("required = true", 'required = "start"')
    .replace("required = false", 'required = "optional"')
    .replace("Set NULL", "set-null")
    .replace("NO ACTION", "restrict")
)


def test_every_older_format_has_its_step() -> None:
    """No format was left behind."""
    assert sorted(UPGRADES) == list(range(FORMAT))


def test_the_answers_of_an_old_file_are_read_in_the_words_of_today() -> None:
    """True and false have become words, and so have the endings."""
    design = loads(OLD)
    assert [a.required for a in design.entities[2].attributes] == ["start", "optional", None]
    assert [r.on_delete for r in design.relationships] == ["set-null", "restrict"]
    assert design.format == FORMAT


def test_reading_an_old_file_changes_nothing_on_disk(tmp_path: Path) -> None:
    """Only a save upgrades it."""
    (tmp_path / NAME).write_text(OLD)
    with DesignFile.open(tmp_path):
        pass
    load(tmp_path / NAME)
    assert (tmp_path / NAME).read_text() == OLD
    assert not list(tmp_path.glob("*.bak"))


def test_the_first_save_upgrades_the_text_and_keeps_the_comments(tmp_path: Path) -> None:
    """Nothing but the upgraded values differs, and the old file stands beside."""
    (tmp_path / NAME).write_text(OLD)
    with DesignFile.open(tmp_path) as file:
        file.save(file.design)
    assert (tmp_path / NAME).read_text() == NEW
    assert (tmp_path / f"{NAME}.format0.bak").read_text() == OLD


def test_a_file_of_tables_alone_gets_its_format_above_them(tmp_path: Path) -> None:
    """With a blank line between, as in a new file."""
    (tmp_path / NAME).write_text('[product]\nname = "P"\n')
    with DesignFile.open(tmp_path) as file:
        file.save(file.design)
    assert (tmp_path / NAME).read_text() == 'format = 1\n\n[product]\nname = "P"\n'


def test_only_the_first_save_keeps_the_old_file(tmp_path: Path) -> None:
    """A later save leaves it alone, and another old file does not replace it."""
    for text in (OLD, OLD + "# again\n"):
        (tmp_path / NAME).write_text(text)
        with DesignFile.open(tmp_path) as file:
            file.save(file.design.model_copy(update={"dropped": ("photo",)}))
            file.save(file.design.model_copy(update={"dropped": ("photo", "scan")}))
    assert (tmp_path / f"{NAME}.format0.bak").read_text() == OLD
    assert (tmp_path / f"{NAME}.format0.2.bak").read_text() == OLD + "# again\n"
    assert len(list(tmp_path.glob("*.bak"))) == 2


def test_a_fault_in_an_old_file_is_named_with_its_line() -> None:
    """What the upgrade does not recognise is left for the reader to mend."""
    with pytest.raises(DesignError, match=r"^schemawalk\.toml:18: .* not \"always\"$"):
        loads(OLD.replace("true", '"always"'))
    with pytest.raises(DesignError, match=r"^schemawalk\.toml:33: .*on_delete must be"):
        loads(OLD.replace("Set NULL", "explode"))
    with pytest.raises(DesignError, match=r"^schemawalk\.toml:1: entity must be"):
        loads("entity = 5\n")


def test_words_of_the_old_format_are_faults_in_the_new_one() -> None:
    """A file that says format 1 is not upgraded by guess."""
    with pytest.raises(DesignError, match='required must be "start"'):
        loads("format = 1\n" + OLD)
