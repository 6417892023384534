"""Text from outside is text: hostile names and words all the way from the journey to a database."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemawalk.delivery import work_for
from schemawalk.design.file import dumps, loads
from schemawalk.design.model import Attribute, Design, Entity, Relationship, Step
from schemawalk.design.whole import Product
from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.reading.journey import read_journey
from schemawalk.writers import registry, sql
from wizard_steps import walk

WORDS = (
    "[/foo] and [bold]",
    "\x1b]52;c;aGk=\x07\x1b[31m",
    "'; DROP TABLE users; --",
    'say "quoted" `ticked` \\ back',
    "very long " * 30,
    "😀 party 🎉",
    "مستند عربي",
    "two\nlines\tand tabs",
    "{owner} {0} %s %(x)s :name $1",
    "select",
    "*/ <!-- | cell | --> ```",
)


def hostile_design(words: tuple[str, ...]) -> Design:
    """Entities, facts, lists, defaults and purposes that are all made of these words."""
    entities = tuple(
        Entity(
            id=f"e{i}",
            name=word or "x",
            purpose=word,
            origin="user",
            attributes=(
                Attribute(id=f"e{i}.a", name=word or "x", required="start", purpose=word),
                Attribute(id=f"e{i}.b", name="kind", kind="one-of", values=(word or "x", "plain"),
                          kept_by="developers", required="start", default="'plain'"),
            ),
        )
        for i, word in enumerate(words)
    )  # fmt: skip
    links = tuple(
        Relationship(id=f"l{i}", a=f"e{i - 1}", b=f"e{i}", many_b="yes", many_a="no",
                     optional="no", on_delete="cascade", purpose=words[i])
        for i in range(1, len(words))
    )  # fmt: skip
    return Design(product=Product(name=words[0]), entities=entities, relationships=links)


def held(design: Design, database: str, engine: AbstractContextManager[Engine]) -> list[str]:
    """What the proof of the design's SQL finds wrong."""
    work = work_for(design, database)
    up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
    with engine as opened:
        proof = prove(opened, work.schema, up, down)
    return [f"{check.name}: {check.detail}" for check in proof.checks if not check.ok]


def test_hostile_words_give_proven_sql_on_sqlite() -> None:
    assert held(hostile_design(WORDS), "sqlite", open_engine("sqlite")) == []


def test_hostile_words_give_proven_sql_on_postgresql(postgresql_url: str) -> None:
    engine = open_engine("postgresql", postgresql_url)
    assert held(hostile_design(WORDS), "postgresql", engine) == []


_TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
    min_size=1,
    max_size=4,
)


@given(_TEXTS)
@settings(max_examples=40)
def test_any_words_give_proven_sql_on_sqlite(words: list[str]) -> None:
    assert held(hostile_design(tuple(words)), "sqlite", open_engine("sqlite")) == []


@given(words=_TEXTS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_give_proven_sql_on_postgresql(words: list[str], postgresql_url: str) -> None:
    engine = open_engine("postgresql", postgresql_url)
    assert held(hostile_design(tuple(words)), "postgresql", engine) == []


def test_a_hostile_journey_is_walked_to_the_end() -> None:
    text = "\n".join(f"### Step {i}: {word}\nThe user {word} a document.\n" for i, word in
                     enumerate(WORDS, 1))  # fmt: skip
    journey = read_journey(text, "journey.md")
    design = walk.take_all(Design(steps=journey.steps))
    assert loads(dumps(design)) == design
    assert held(design, "sqlite", open_engine("sqlite")) == []


@pytest.mark.parametrize("database", ["postgresql", "sqlite", "mariadb"])
def test_every_writer_takes_hostile_words(database: str) -> None:
    """Nothing that a terminal obeys is in any file."""
    step = Step(id="s", title=WORDS[0], text=" ".join(WORDS))
    design = hostile_design(WORDS).model_copy(update={"steps": (step,)})
    work = work_for(design, database)
    writers = [writer for writer in registry.WRITERS if database in writer.databases]
    texts = registry.write_all(work, writers, registry.LAYOUTS["stack-driven"])
    assert len(texts) >= len(writers)
    for path, text in texts.items():
        assert "\x1b" not in text, path
        assert "\x07" not in text, path
