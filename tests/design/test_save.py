"""Saving changes what changed, keeps the rest, and never overwrites somebody else's work."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemawalk.design.errors import DesignChanged, DesignError
from schemawalk.design.file import NAME, DesignFile, dumps, load
from schemawalk.design.model import Attribute, Design, Entity, Note, Step
from schemawalk.design.whole import Product, Source
from tests.design.designs import typical

BY_HAND = """\
# Our database, see the wiki.
format = 1
dropped = [ "photo" ] # never again

[product]
name = 'Paperly'   # working title
# summary = "later"

# ---- Billing ----

# what people send us
[[entity]]
name = "Document"
id = "document"
  # indented on purpose
  aliases = [
    "upload", # first
    # then
    "review",
  ]

  [[entity.attribute]]
  id = "document.name"
  name = "name"
  kind = "short-text" # short

# ---- People ----

[[entity]]
id = "user"
name = "User"

# the end
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[DesignFile]:
    """A file that somebody wrote by hand, open."""
    (tmp_path / NAME).write_text(BY_HAND)
    with DesignFile.open(tmp_path) as file:
        yield file


def text_of(file: DesignFile, design: Design, tmp_path: Path) -> str:
    """The file after a save, which must read as the design."""
    file.save(design)
    assert load(tmp_path / NAME) == design
    return (tmp_path / NAME).read_text()


def with_entity(design: Design, number: int, **update: Any) -> Design:
    """The design with one entity changed."""
    entities = list(design.entities)
    entities[number] = entities[number].model_copy(update=update)
    return design.model_copy(update={"entities": tuple(entities)})


def test_saving_the_same_design_changes_no_byte(opened: DesignFile, tmp_path: Path) -> None:
    """Comments, quotes, spaces and order are the user's."""
    assert text_of(opened, opened.design, tmp_path) == BY_HAND


def test_one_changed_value_changes_one_line(opened: DesignFile, tmp_path: Path) -> None:
    """Even the comment on its line stays."""
    design = opened.design.model_copy(update={"product": Product(name="Paperless")})
    expected = BY_HAND.replace("'Paperly'", '"Paperless"')
    assert text_of(opened, design, tmp_path) == expected


def test_an_answer_is_added_where_its_key_belongs(opened: DesignFile, tmp_path: Path) -> None:
    """A new key comes after the one before it in the model, indented like it."""
    attribute = opened.design.entities[0].attributes[0].model_copy(update={"length": 80})
    design = with_entity(opened.design, 0, attributes=(attribute,))
    expected = BY_HAND.replace("# short\n", "# short\n  length = 80\n")
    assert text_of(opened, design, tmp_path) == expected


def test_an_answer_taken_back_removes_its_line(opened: DesignFile, tmp_path: Path) -> None:
    """And brings the same text back when it is given again."""
    bare = opened.design.entities[0].attributes[0].model_copy(update={"kind": None})
    text = text_of(opened, with_entity(opened.design, 0, attributes=(bare,)), tmp_path)
    assert text == BY_HAND.replace('  kind = "short-text" # short\n', "")


def test_a_list_keeps_its_comments_and_lines(opened: DesignFile, tmp_path: Path) -> None:
    """An item added at the end leaves the items above as they stand."""
    aliases = (*opened.design.entities[0].aliases, "pay")
    text = text_of(opened, with_entity(opened.design, 0, aliases=aliases), tmp_path)
    assert '    "upload", # first\n    # then\n    "review",\n    "pay",\n' in text


def test_a_new_part_comes_after_its_siblings(opened: DesignFile, tmp_path: Path) -> None:
    """A third entity stands below the second, with a blank line between."""
    third = Entity(id="team", name="Team")
    design = opened.design.model_copy(update={"entities": (*opened.design.entities, third)})
    new = '\n[[entity]]\nid = "team"\nname = "Team"\n'
    assert text_of(opened, design, tmp_path) == BY_HAND.replace("\n# the end", f"{new}\n# the end")


def test_the_first_part_of_its_kind_goes_where_its_kind_belongs(
    opened: DesignFile, tmp_path: Path
) -> None:
    """Steps come between the product and the entities."""
    update = {"steps": (Step(id="s", title="S"),), "notes": (Note(id="n"),)}
    text = text_of(opened, opened.design.model_copy(update=update), tmp_path)
    assert text.index("[product]") < text.index("[[step]]") < text.index("[[entity]]")
    assert text.index('"User"') < text.index("[[note]]") < text.index("# the end")


def test_a_removed_part_goes_and_comments_apart_from_it_stay(
    opened: DesignFile, tmp_path: Path
) -> None:
    """The comment right above it goes; the heading of the section does not."""
    design = opened.design.model_copy(update={"entities": opened.design.entities[1:]})
    text = text_of(opened, design, tmp_path)
    assert "Document" not in text
    assert "what people send us" not in text
    for kept in ("# ---- Billing ----", "# ---- People ----", "# the end", '# summary = "later"'):
        assert kept in text


def test_a_part_that_is_brought_back_has_its_comments_again(
    opened: DesignFile, tmp_path: Path
) -> None:
    """Removing an entity and undoing that costs no comment."""
    design = opened.design
    text_of(opened, design.model_copy(update={"entities": design.entities[1:]}), tmp_path)
    text = text_of(opened, design, tmp_path)
    for comment in ("# what people send us", "# indented on purpose", "# first", "# short"):
        assert comment in text
    assert text.count("# ---- Billing ----") == 1


def test_a_part_that_moves_takes_its_comments_along(opened: DesignFile, tmp_path: Path) -> None:
    """Order in the file is order in the design."""
    design = opened.design.model_copy(update={"entities": opened.design.entities[::-1]})
    text = text_of(opened, design, tmp_path)
    assert text.index('"User"') < text.index('# what people send us\n[[entity]]\nname = "Document')


def test_sources_are_told_apart_by_their_path(tmp_path: Path) -> None:
    """A new fingerprint changes the line of its own source."""
    sources = tuple(Source(kind="journey", path=path, sha256="1") for path in ("a.md", "b.md"))
    (tmp_path / NAME).write_text(dumps(Design(sources=sources)) + "# about b\n")
    with DesignFile.open(tmp_path) as file:
        changed = sources[1].model_copy(update={"sha256": "2"})
        text = text_of(file, Design(sources=(changed,)), tmp_path)
    assert "a.md" not in text
    assert 'path = "b.md"\nsha256 = "2"\n# about b\n' in text


def test_a_default_that_somebody_wrote_out_stays(tmp_path: Path) -> None:
    """Only what changed is changed."""
    (tmp_path / NAME).write_text('format = 1\n[[note]]\nid = "n"\nby = "user"\nunknown = false\n')
    with DesignFile.open(tmp_path) as file:
        note = file.design.notes[0].model_copy(update={"why": "so"})
        text = text_of(file, Design(notes=(note,)), tmp_path)
    assert 'id = "n"\nwhy = "so"\nby = "user"\nunknown = false\n' in text


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    """A file with CRLF gets its new lines with CRLF."""
    (tmp_path / NAME).write_bytes(BY_HAND.replace("\n", "\r\n").encode())
    with DesignFile.open(tmp_path) as file:
        file.save(with_entity(file.design, 1, purpose="Who pays"))
    content = (tmp_path / NAME).read_bytes()
    assert b'purpose = "Who pays"\r\n' in content
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_folder_without_a_file_gives_an_empty_design(tmp_path: Path) -> None:
    """The file appears with the first answer."""
    with DesignFile.open(tmp_path) as file:
        assert file.design == Design()
        assert not (tmp_path / NAME).exists()
        file.save(typical())
        assert file.design == typical()
    assert (tmp_path / NAME).read_text() == dumps(typical())


def test_a_file_grown_answer_by_answer_is_the_file_written_at_once(tmp_path: Path) -> None:
    """The order of the answers leaves no trace in a new file."""
    with DesignFile.open(tmp_path) as file:
        design = Design()
        for name in ("steps", "entities", "notes", "stack", "product", "sources", "relationships"):
            design = design.model_copy(update={name: getattr(typical(), name)})
            file.save(design)
    assert (tmp_path / NAME).read_text() == dumps(design)


def test_a_missing_file_is_said_when_none_is_to_be_made(tmp_path: Path) -> None:
    """Nothing is made, not even the folder of the lock."""
    with pytest.raises(DesignError, match=r"no schemawalk\.toml here; start a design first"):
        DesignFile.open(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_change_by_somebody_else_is_never_overwritten(opened: DesignFile, tmp_path: Path) -> None:
    """The sentence says what to do, and their words stay."""
    theirs = BY_HAND.replace("User", "Person")
    (tmp_path / NAME).write_text(theirs)
    with pytest.raises(DesignChanged, match=r"changed by somebody else .* open the design again"):
        opened.save(typical())
    assert (tmp_path / NAME).read_text() == theirs


def test_a_change_between_two_saves_is_seen(opened: DesignFile, tmp_path: Path) -> None:
    """What counts is the last save, not the reading."""
    opened.save(typical())
    (tmp_path / NAME).write_text(BY_HAND)
    with pytest.raises(DesignChanged):
        opened.save(Design())


def test_a_file_that_is_gone_or_has_appeared_is_a_change(tmp_path: Path) -> None:
    """Neither is made again nor overwritten."""
    with DesignFile.open(tmp_path) as file:
        (tmp_path / NAME).write_text(BY_HAND)
        with pytest.raises(DesignChanged, match="changed by somebody else"):
            file.save(typical())
    with DesignFile.open(tmp_path) as file:
        (tmp_path / NAME).unlink()
        with pytest.raises(DesignChanged, match="removed by somebody else"):
            file.save(typical())


def test_the_mode_of_the_file_stays(opened: DesignFile, tmp_path: Path) -> None:
    """A file that only its owner may read is so after a save."""
    (tmp_path / NAME).chmod(0o600)
    opened.save(typical())
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that it points to is the one that is saved."""
    real = tmp_path / "elsewhere.toml"
    real.write_text(BY_HAND)
    (tmp_path / NAME).symlink_to(real)
    with DesignFile.open(tmp_path) as file:
        file.save(typical())
    assert (tmp_path / NAME).is_symlink()
    assert load(real) == typical()


def test_a_save_that_fails_leaves_the_file_and_the_next_one_works(
    opened: DesignFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs nothing that was saved, and no stray file stays."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DesignError, match=r"not saved \(no space left on device\)"):
            opened.save(typical())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".schemawalk", NAME]
    assert (tmp_path / NAME).read_text() == BY_HAND
    assert text_of(opened, opened.design, tmp_path) == BY_HAND
    assert "# the end" in text_of(opened, typical(), tmp_path)


def test_file_and_folder_are_synced_before_a_save_returns(
    opened: DesignFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the content, then the name."""
    synced: list[bool] = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
    )
    opened.save(typical())
    assert synced == [False, True]
    assert load(tmp_path / NAME) == typical()


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (
            {"entities": (Entity(id="e", name="E"),) * 2},
            'not saved: entity "e" is there twice; give',
        ),
        (
            {"steps": (Step(id="s", title="S").model_copy(update={"title": 5}),)},
            'not saved: step "s": title must be text',
        ),
        (
            {
                "entities": tuple(
                    Entity(id=name, name="E", attributes=(Attribute(id="a", name="a"),))
                    for name in "ef"
                )
            },
            'attribute "a" is there twice',
        ),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    opened: DesignFile, tmp_path: Path, wrong: dict[str, Any], what: str
) -> None:
    """A design that was put together wrongly never reaches the file."""
    with pytest.raises(DesignError, match=what):
        opened.save(Design().model_copy(update=wrong))
    assert (tmp_path / NAME).read_text() == BY_HAND


def test_a_closed_file_takes_no_save(tmp_path: Path) -> None:
    """After closing, the folder belongs to others."""
    file = DesignFile.open(tmp_path)
    file.close()
    file.close()
    with pytest.raises(ValueError, match="closed"):
        file.save(typical())
