"""SQLAlchemy models: what Python code sees, on real databases made by the models themselves."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from schemawalk.schema.model import Schema, Table
from tests.schemas import column, key, library, reference
from tests.writers.alembic_project import (
    DATABASES,
    MIGRATION,
    everything,
    imported,
    keyed,
    migrate,
    models_of,
    reserved,
    table,
    written,
)

MORNING = dt.datetime(2024, 5, 31, 8, 30, 0, 123000, tzinfo=dt.UTC)
BERLIN = dt.timezone(dt.timedelta(hours=2))


Opened = Callable[[Schema], tuple[ModuleType, sa.Engine]]


@pytest.fixture(params=DATABASES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """A function that gives a schema's models and a database that the migration made."""
    database, url = request.param, f"sqlite:///{tmp_path / 'app.db'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    with ExitStack() as stack:

        def open_(schema: Schema) -> tuple[ModuleType, sa.Engine]:
            files = written(schema, database)
            models = stack.enter_context(imported(files["models.py"], "schemawalk_tested_models"))
            engine = sa.create_engine(url)
            stack.callback(engine.dispose)
            with engine.begin() as connection:
                migrate(connection, files[MIGRATION], "upgrade")
            return models, engine

        yield open_


def test_values_come_back_as_they_were_put_in(opened: Opened) -> None:
    """UUIDs, moments, days, spans, documents, lists, choices and decimals, as Python has them."""
    models, engine = opened(library())
    branch_id = uuid.uuid4()
    with Session(engine) as session:
        branch = models.Branch(id=branch_id, name="Süd: 100 %")
        reader = models.Reader(
            branch=branch, email="a@b", role="staff", active=False,
            settings={"größe": [1, None, True]}, tags=["a,b", 'c"d', ""],
            born_on=dt.date(1999, 1, 2),
        )  # fmt: skip
        heavy = Decimal("1.250")
        book = models.Book(title="T", state="it's lost", weight_kg=heavy, price_cents=2**40)
        loan = models.Loan(
            reader=reader, book=book, status="back", started_at=MORNING.astimezone(BERLIN),
            ended_at=MORNING, lasted=dt.timedelta(days=2, seconds=5),
        )  # fmt: skip
        session.add_all([branch, loan, models.BranchAndBook(branch=branch, book=book, position=3)])
        session.commit()
        loan_id = loan.id
    with Session(engine) as session:
        loan = session.get_one(models.Loan, loan_id)
        assert isinstance(loan_id, uuid.UUID)
        assert (loan.started_at, loan.ended_at) == (MORNING, MORNING)
        assert loan.started_at.tzinfo is not None
        assert loan.lasted == dt.timedelta(days=2, seconds=5)
        assert loan.reader.branch_id == branch_id
        assert loan.reader.branch.name == "Süd: 100 %"
        assert loan.reader.settings == {"größe": [1, None, True]}
        assert loan.reader.tags == ["a,b", 'c"d', ""]
        assert loan.reader.born_on == dt.date(1999, 1, 2)
        assert loan.reader.active is False
        assert (loan.book.state, loan.book.price_cents) == ("it's lost", 2**40)
        assert loan.book.weight_kg == Decimal("1.250")
        assert str(loan.book.weight_kg) == "1.250"
        assert [book.title for book in loan.reader.branch.books] == ["T"]
        assert loan.book.branches[0].branch_books[0].position == 3


def test_what_is_not_said_gets_the_default_of_the_database(opened: Opened) -> None:
    """Key, moment, document, choice and truth."""
    models, engine = opened(library())
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)
    with Session(engine) as session:
        reader = models.Reader(branch=models.Branch(name="N"), email="a@b", tags=[])
        session.add(reader)
        session.commit()
        assert (reader.role, reader.active, reader.settings) == ("member", True, {})
        assert reader.born_on is None
        assert before < reader.created_at < before + dt.timedelta(minutes=10)
        by_default = session.execute(
            sa.insert(models.Branch.__table__).values(name="M").returning(models.Branch.id)
        )
        assert isinstance(by_default.scalar_one(), uuid.UUID)


def test_none_is_null_in_a_list_and_in_a_document(opened: Opened) -> None:
    """Not the JSON value null."""
    facts = column("facts", "json", null=True), column("words", "list", null=True)
    models, engine = opened(Schema((replace(table("notes", *facts), entity="Note"),)))
    with Session(engine) as session:
        session.add(models.Note(facts=None, words=None))
        session.commit()
        null = sa.text("SELECT count(*) FROM notes WHERE facts IS NULL AND words IS NULL")
        assert session.scalar(null) == 1


def test_columns_can_be_searched_by_python_values(opened: Opened) -> None:
    """By UUID, moment and choice."""
    models, engine = opened(library())
    with Session(engine) as session:
        book = models.Book(title="T")
        early = models.Loan(book=book, started_at=MORNING)
        late = models.Loan(book=book, started_at=MORNING + dt.timedelta(hours=1), status="late")
        session.add_all([early, late])
        session.commit()
        query = sa.select(models.Loan).where(models.Loan.started_at > MORNING.astimezone(BERLIN))
        assert session.scalars(query).all() == [late]
        query = sa.select(models.Loan).where(models.Loan.id == early.id)
        assert session.scalars(query).all() == [early]
        query = sa.select(models.Loan).where(models.Loan.status == "late")
        assert session.scalars(query).all() == [late]


def test_a_counting_key_counts_and_another_does_not(opened: Opened) -> None:
    """Identity columns are left to the database; an integer key without one must be given."""
    models, engine = opened(everything())
    with Session(engine) as session:
        book = models.Book(title="T")
        copies = [
            models.Copy(book=book, cover=b"\x00\xff", was="out", retired_at=MORNING)
            for _ in range(2)
        ]
        session.add_all([*copies, models.Number(code=7, text="seven")])
        session.commit()
        assert {copy.id for copy in copies} == {1, 2}
        assert {copy.cover for copy in copies} == {b"\x00\xff"}
        assert copies[0].note == everything().table("copies").column("note").default.value  # type: ignore[union-attr]
        assert copies[0].paid == Decimal(0)


def test_deleting_follows_the_database(opened: Opened) -> None:
    """CASCADE takes children along, SET NULL lets go of them, RESTRICT refuses; loaded or not."""
    models, engine = opened(library())
    with Session(engine) as session:
        branch = models.Branch(name="N")
        reader = models.Reader(branch=branch, email="a@b", tags=[])
        first, second = models.Book(title="1"), models.Book(title="2")
        second.series = first
        session.add_all([models.Loan(book=first, reader=reader), models.Loan(book=second)])
        session.commit()
        session.delete(reader)
        session.commit()
        assert session.scalars(sa.select(models.Loan.reader_id)).all() == [None, None]
        session.delete(first)
        session.commit()
        assert session.scalars(sa.select(models.Loan)).all() == []
        assert session.scalars(sa.select(models.Book)).all() == []
        session.add(models.Reader(branch=branch, email="a@b", tags=[]))
        session.commit()
        assert branch.readers[0].email == "a@b"
        session.delete(branch)
        with pytest.raises(IntegrityError):
            session.commit()


def test_restrict_refuses_even_where_the_key_could_be_empty(opened: Opened) -> None:
    """The child is not let go of behind the database's back, loaded or not."""
    homes = replace(table("homes"), entity="Home")
    cats = table("cats", column("home_id", "uuid", null=True))
    cats = keyed(cats, reference("cats", "home_id", "homes", "RESTRICT"), entity="Cat")
    models, engine = opened(Schema((homes, cats)))
    with Session(engine) as session:
        cat = models.Cat(home=models.Home())
        session.add(cat)
        session.commit()
        assert cat.home.cats == [cat]
        session.delete(cat.home)
        with pytest.raises(IntegrityError):
            session.commit()


def test_sqlite_refuses_a_moment_without_a_zone(tmp_path: Path) -> None:
    """It could be any of 38 moments."""
    with imported(written(library(), "sqlite")["models.py"], "schemawalk_tested_models") as models:
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
        models.Base.metadata.create_all(engine)
        with Session(engine) as session:
            session.add(
                models.Loan(book=models.Book(title="T"), started_at=dt.datetime(2024, 1, 1))
            )
            with pytest.raises(StatementError, match="has no time zone: give it one"):
                session.commit()


def test_sqlite_heeds_foreign_keys_on_every_connection(tmp_path: Path) -> None:
    """Nothing has to be remembered by those who use the models."""
    with models_of(library(), "sqlite"):
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
        with engine.connect() as connection:
            assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1
    assert sqlite3.connect(":memory:").execute("PRAGMA foreign_keys").fetchone() == (0,)


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("schema", [library(), everything(), reserved()])
def test_models_configure_without_a_warning(schema: Schema, database: str) -> None:
    """SQLAlchemy warns about all that it finds ambiguous."""
    with models_of(schema, database) as models:
        mapped = {mapper.local_table.name for mapper in models.Base.registry.mappers}
        assert mapped == {table.name for table in schema.tables}


@pytest.mark.parametrize("database", DATABASES)
def test_every_column_is_reachable_whatever_it_is_called(database: str) -> None:
    """Under its own name, or one like it when that means something already."""
    with models_of(reserved(), database) as models:
        first = next(iter(models.Base.registry.mappers)).class_
        properties = sa.inspect(first).column_attrs
        wanted = {c.name for c in reserved().tables[0].columns}
        assert {attribute.columns[0].name for attribute in properties} == wanted
        by_column = {a.columns[0].name: a.key for a in properties}
        assert by_column["metadata"] == "metadata_"
        assert by_column["class"] == "class_"
        assert by_column["type"] == "type"
        assert by_column["名前"] == "名前_"
        assert by_column["1st"] == "n_1st"


@pytest.mark.parametrize("database", DATABASES)
def test_lists_of_values_are_literals(database: str) -> None:
    """Enum types and CHECKs alike, so that a type checker knows what may be said."""
    with models_of(library(), database) as models:
        assert get_args(models.BookState) == ("in", "out", "it's lost")
        assert get_args(models.ReaderRole) == ("member", "staff", 'it\'s "both"')


def linked(*, action: str = "CASCADE") -> Schema:
    """Posts and tags with a join table that has nothing of its own."""
    posts = replace(table("posts", column("title", "text")), entity="Post")
    tags = replace(table("tags", column("word", "text")), entity="Tag")
    pairs = Table(
        "post_tags",
        (column("post_id", "uuid"), column("tag_id", "uuid")),
        key("post_tags", "post_id", "tag_id"),
        foreign_keys=(
            reference("post_tags", "post_id", "posts", "CASCADE"),
            reference("post_tags", "tag_id", "tags", action),
        ),
        entity="Post and tag",
    )
    return Schema((posts, tags, pairs))


def test_a_join_table_of_nothing_but_keys_needs_no_class(opened: Opened) -> None:
    """Things are put into the other's collection, and taken out."""
    models, engine = opened(linked())
    assert not hasattr(models, "PostAndTag")
    with Session(engine) as session:
        tag = models.Tag(word="w")
        post = models.Post(title="t", tags=[tag])
        session.add(post)
        session.commit()
        assert tag.posts == [post]
        session.delete(post)
        session.commit()
        assert tag.posts == []
        assert session.scalar(sa.text("SELECT count(*) FROM post_tags")) == 0


def test_a_join_table_that_holds_on_to_a_side_has_a_class(opened: Opened) -> None:
    """Deleting a tag that is used is refused, as the database says."""
    models, engine = opened(linked(action="RESTRICT"))
    with Session(engine) as session:
        tag, post = models.Tag(word="w"), models.Post(title="t")
        session.add(models.PostAndTag(post=post, tag=tag))
        session.commit()
        assert post.tags == [tag]
        session.delete(tag)
        with pytest.raises(IntegrityError):
            session.commit()
