"""What every engine can do: run scripts, answer questions, describe what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from schemawalk.engines.catalogue import Catalogue, Spelling
from schemawalk.schema.language.expression import Value
from schemawalk.schema.model import Schema, Type

Kind = Literal["not null", "unique", "check", "foreign key", "exclusion", "trigger", "length"]
LONGEST_QUOTE = 80
"""Characters of a statement that an error repeats."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a database turned a row away: the kind of rule, and which one in its own words."""

    kind: Kind
    what: str


class EngineError(Exception):
    """A database refused or cannot be reached; the message is one sentence."""

    def __init__(self, message: str, *, sqlstate: str = "", refusal: Refusal | None = None) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.refusal = refusal


class Engine(Protocol):
    """A real database with nothing in it but what is being proven."""

    @property
    def name(self) -> str:
        """The database's, as in `Stack.database`."""

    @property
    def title(self) -> str:
        """Its name as people write it."""

    @property
    def version(self) -> str:
        """What the server says that it is."""

    def run(self, script: str) -> None:
        """Run every statement of `script`; raises EngineError at the first that fails."""

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement with `$1`, `$2`… filled in; raises EngineError."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What one statement gives, with `$1`, `$2`… filled in; raises EngineError."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A stretch of work that is always rolled back; may be nested."""

    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""

    def catalogue(self) -> Catalogue:
        """Everything that the database says it holds."""

    def normalised(self, schema: Schema) -> Spelling:
        """The schema's types, defaults and expressions as this database spells them."""

    def stored(self, script: str) -> str:
        """A script as the database is really sent it."""

    def leftovers(self) -> tuple[str, ...]:
        """What is there besides what was there at the start, each as `table books`."""

    def clear(self) -> None:
        """Remove all leftovers, whatever state the work was left in."""

    def bound(self, type_: Type, value: Value) -> object:
        """A planned value as this database's driver takes it."""

    def reported(self, kind: Kind, table: str, name: str, columns: Sequence[str]) -> Refusal:
        """How this database names the rule when it refuses a row that breaks it."""


class Settings:
    """What a session is set to: a script must leave it as it found it."""

    def __init__(self, ask: Callable[[], Mapping[str, object]]) -> None:
        """`ask` gives what each setting is now."""
        self._ask = ask

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A stretch of work after which nothing is set otherwise; raises EngineError."""
        before = self._ask()
        yield
        after = self._ask()
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                raise EngineError(
                    f"The script leaves {name} at {after.get(name)}; it found it at "
                    f"{before.get(name)}."
                )


class Nesting:
    """Transactions within transactions, each always rolled back."""

    def __init__(self, execute: Callable[[str], object]) -> None:
        """`execute` runs one statement or several, with semicolons between them."""
        self._execute = execute
        self.depth = 0

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Begin, or set a savepoint inside; at the end undo everything since."""
        name = f"schemawalk_{self.depth}"
        self._execute(f"SAVEPOINT {name}" if self.depth else "BEGIN")
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            if self.depth:
                self._execute(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")
            else:
                self._execute("ROLLBACK")


def beginning(statement: str) -> str:
    """The start of a statement, on one line, for an error message."""
    line = re.sub(r"\s+", " ", re.sub(r"\A(?:\s|--[^\n]*\n|/\*.*?\*/)*", "", statement, flags=re.S))
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"
