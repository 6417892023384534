"""Mechanical faults in a written migration: each changes one thing, and a proof must notice it.

Run it for long with `python -m tests.engines.mutations DESIGN DATABASE`: see `--help`.
"""

from __future__ import annotations

import random
import re
import sqlite3
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Final

from schemawalk.delivery import work_for
from schemawalk.design import file
from schemawalk.design.model import Design
from schemawalk.engines.catalogue import Catalogue, differences, expected
from schemawalk.engines.definitions import unlike
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Extension, Role, Routine
from schemawalk.statements import delimited, statements
from schemawalk.writers import sql

Replace = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Mutation:
    """One fault: the rule that made it, the kind of its statement, and the script with it."""

    rule: str
    kind: str
    was: str
    became: str
    script: str

    @property
    def said(self) -> str:
        """The fault on one line."""
        return f"{self.rule} [{self.kind}]: {_line(self.was)} → {_line(self.became) or 'nothing'}"


def _line(text: str) -> str:
    return " ".join(text.split())[:150]


def _more(found: re.Match[str]) -> str:
    """The same with its first number one higher."""
    return re.sub(r"\d+", lambda digits: str(int(digits[0]) + 1), found[0], count=1)


RULES: Final[tuple[tuple[str, str, Replace], ...]] = (
    ("a bound less", r"<=", "<"),
    ("a bound less", r">=", ">"),
    ("a bound more", r"(?<![-<>=])>(?![=>])", ">="),
    ("a bound more", r"<(?![=>])", "<="),
    ("the opposite", r"<>", "="),
    ("the opposite", r"(?<![<>!:=|])=(?![=>])", "<>"),
    ("the opposite", r"\bIS NOT NULL\b", "IS NULL"),
    ("the opposite", r"\bIS NULL\b", "IS NOT NULL"),
    ("the opposite", r"\bNOT \(", "("),
    ("or for and", r"\bAND\b", "OR"),
    ("and for or", r"\bOR\b(?! REPLACE| UPDATE| DELETE| INSERT)", "AND"),
    ("unknown passes", r"\bIS NOT TRUE\b", "IS FALSE"),
    ("unknown passes", r"\bIS DISTINCT FROM\b", "<>"),
    ("NULL allowed", r"(?<!IS) NOT NULL\b", ""),
    ("no default", r"\s+DEFAULT (?:\w+\(\)|'[^']*'|[\w.]+)", ""),
    ("another type", r"\bbigint\b", "integer"),
    ("another type", r"\binteger\b", "bigint"),
    ("another type", r"\btext\b", "varchar"),
    ("another type", r"\btimestamptz\b", "timestamp"),
    ("another type", r"\bjsonb\b", "json"),
    ("another width", r"(?i)\b(?:varchar|numeric|decimal|char)\(\d+", _more),
    ("another action", r"ON DELETE CASCADE", "ON DELETE RESTRICT"),
    ("another action", r"ON DELETE RESTRICT", "ON DELETE CASCADE"),
    ("another action", r"ON DELETE SET NULL(?: \([^)]*\))?", "ON DELETE CASCADE"),
    ("another action", r" ON UPDATE CASCADE", ""),
    ("another time", r"INITIALLY DEFERRED", "INITIALLY IMMEDIATE"),
    ("another time", r" DEFERRABLE INITIALLY DEFERRED", ""),
    ("another time", r"\bBEFORE (?=INSERT|UPDATE|DELETE)", "AFTER "),
    ("another time", r"\bAFTER (?=INSERT|UPDATE|DELETE)", "BEFORE "),
    ("another moment", r"\bnow\(\)", "clock_timestamp()"),
    ("another moment", r"\bnow\(\)", "'2000-01-01 00:00:00'"),
    ("an event less", r" OR (?:INSERT|UPDATE|DELETE)\b", ""),
    ("any column", r"UPDATE OF [\w, ]+ ON", "UPDATE ON"),
    ("the other row", r"\bNEW\.", "OLD."),
    ("the other row", r"\bOLD\.", "NEW."),
    ("another function", r"\bmax\(", "min("),
    ("another function", r"\bcount\(\*\)", "0"),
    ("another number", r"(?<![\w.'$_])\d+(?![\w.'_])", _more),
    ("another span", r"'\d+ (?:year|month|day)s?'", _more),
    ("another word", r"'[A-Za-z][\w -]*(?=')", lambda found: found[0] + "x"),
    ("a value less", r"\('[^']*', ", "("),
    ("a value more", r"IN \('", "IN ('zz', '"),
    ("not unique", r"CREATE UNIQUE INDEX", "CREATE INDEX"),
    ("unique", r"CREATE INDEX", "CREATE UNIQUE INDEX"),
    ("another order", r" DESC\b", ""),
    ("another order", r"\((\w+(?: DESC)?), (\w+(?: DESC)?)(?=[,)])", r"(\2, \1"),
    ("no order", r"\s*ORDER BY [^\n;)]*", ""),
    ("no limit", r"\s*LIMIT [^\n;)]*", ""),
    ("no lock", r"\s*FOR (?:NO KEY UPDATE|SHARE|UPDATE SKIP LOCKED)", ""),
    ("another method", r"USING (?:gin|brin)", "USING btree"),
    ("not all included", r"\s*INCLUDE \([^)]*\)", ""),
    ("NULLs alike", r"\bUNIQUE \(", "UNIQUE NULLS NOT DISTINCT ("),
    ("all or none", r"(REFERENCES \S+ \([^)]*\))", r"\1 MATCH FULL"),
    ("no anchor", r"'\^", "'"),
    ("no anchor", r"\$'", "'"),
    ("an unlogged table", r"CREATE TABLE", "CREATE UNLOGGED TABLE"),
    ("counting always", r"BY DEFAULT AS IDENTITY", "ALWAYS AS IDENTITY"),
    ("not strict", r"\)\s*STRICT", ")"),
    ("another collation", r" COLLATE \S+?(?=[\s,)])", ""),
    ("its owner's rights", r"(LANGUAGE (?:plpgsql|sql))(?! SECURITY)", r"\1 SECURITY DEFINER"),
    ("its caller's rights", r" SECURITY DEFINER", ""),
    ("any search path", r" SET search_path FROM CURRENT", ""),
    ("the other's rights", r"SQL SECURITY DEFINER", "SQL SECURITY INVOKER"),
    ("the other's rights", r"SQL SECURITY INVOKER", "SQL SECURITY DEFINER"),
    ("the other's rights", r"security_invoker = true", "security_invoker = false"),
    ("no barrier", r"security_barrier = true", "security_barrier = false"),
    ("no policy", r"ENABLE ROW", "DISABLE ROW"),
    ("not for the owner", r"FORCE ROW", "NO FORCE ROW"),
    ("every row", r"USING \(.*?\)\n", "USING (true)\n"),
    ("a setting that must be", r", true\)", ")"),
    ("one privilege less", r", (?:INSERT|UPDATE|DELETE)(?= ON|,[^;]* ON)", ""),
    ("one privilege more", r"\bGRANT SELECT", "GRANT REFERENCES, SELECT"),
    ("for everybody", r"(GRANT [^;]*TO )[\w\"`]+\Z", r"\1PUBLIC"),
    ("may sign in", r"NOLOGIN", "LOGIN"),
    ("another comment", r"( IS\s+'[^']{2})", r"\1X"),
    ("another comment", r"(COMMENT[ =]+'[^']{2})", r"\1X"),
    ("no comment", r"\s*COMMENT[ =]+'(?:[^']|'')*'", ""),
    ("stored no more", r"\bSTORED\b", "VIRTUAL"),
)  # fmt: skip
"""The rule's name, what it looks for in a statement, and what it puts there."""

MORE: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": (
        "CREATE TABLE stray (a int)", "CREATE VIEW stray AS SELECT 1", "CREATE SEQUENCE stray",
        "CREATE DOMAIN stray AS text", "CREATE SCHEMA stray", "CREATE COLLATION stray FROM \"C\"",
        "CREATE STATISTICS stray ON {key}, {column} FROM {table}",
        "CREATE FUNCTION stray() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE RULE stray AS ON DELETE TO {table} DO INSTEAD NOTHING",
        "CREATE PUBLICATION stray FOR TABLE {table}",
        "ALTER TABLE {table} ADD COLUMN stray text", "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} SET (autovacuum_enabled = false)",
        "ALTER TABLE {table} REPLICA IDENTITY FULL", "ALTER TABLE {table} SET UNLOGGED",
        "ALTER TABLE {table} ALTER {column} SET STATISTICS 0",
        "ALTER TABLE {table} CLUSTER ON {index}", "ALTER INDEX {index} SET (fillfactor = 50)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{index}'::regclass",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
        "GRANT SELECT ON {table} TO PUBLIC", "GRANT SELECT ({column}) ON {table} TO PUBLIC",
        "INSERT INTO {table} SELECT r.* FROM (SELECT NULL::{table} AS r) AS x",
        "ALTER ROLE {role} SET app.user_id = 'x'", "ALTER ROLE {role} PASSWORD 'x'",
        "ALTER ROLE {role} CREATEROLE", "ALTER TABLE {table} OWNER TO {role}",
        "GRANT CREATE ON SCHEMA public TO {role}", "COMMENT ON INDEX {index} IS 'x'",
        "ALTER FUNCTION {routine} SECURITY DEFINER",
        "ALTER FUNCTION {routine} SET row_security = off", "ALTER FUNCTION {routine} STABLE",
        "REVOKE EXECUTE ON FUNCTION {routine} FROM PUBLIC", "SET row_security = on",
    ),
    "sqlite": (
        "CREATE TABLE stray (a)", "CREATE VIEW stray AS SELECT 1",
        "CREATE INDEX stray ON {table} ({column})", "ALTER TABLE {table} ADD COLUMN stray text",
        "CREATE TRIGGER stray AFTER DELETE ON {table} BEGIN SELECT 1; END",
        "PRAGMA recursive_triggers = ON", "PRAGMA ignore_check_constraints = ON",
    ),
    "mariadb": (
        "CREATE TABLE stray (a int)", "CREATE VIEW stray AS SELECT 1", "CREATE SEQUENCE stray",
        "CREATE EVENT stray ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        "CREATE PROCEDURE stray() SELECT 1", "CREATE INDEX stray ON {table} ({column})",
        "ALTER TABLE {table} ADD COLUMN stray text", "ALTER TABLE {table} COMMENT = 'x'",
        "ALTER TABLE {table} ENGINE = Aria", "ALTER TABLE {table} ROW_FORMAT = COMPRESSED",
        "ALTER TABLE {table} ADD SYSTEM VERSIONING", "GRANT SELECT ON {table} TO stranger",
        "GRANT FILE ON *.* TO {role}", "GRANT SELECT ON *.* TO {role}",
        "GRANT SELECT ({column}) ON {table} TO {role}", "SET foreign_key_checks = 0",
    ),
}  # fmt: skip
"""By database, statements that a migration must not hold besides its own."""

EQUIVALENT: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("sqlite|mariadb", "all or none", r"REFERENCES", "it keeps nothing of MATCH FULL"),
    ("sqlite|postgresql", "NULL allowed", r"\n\s*id\b", "a primary key is never NULL"),
    ("postgresql", "a value less", r"has_schema_privilege|GRANT USAGE ON SCHEMA",
     "the schema lets everybody in: the branch is for one that does not"),
    ("postgresql", "another type|no order|no anchor|a line less", r"pg_temp|\^pg_",
     "the path of these sessions is one schema long"),
    ("postgresql", "another type", r"\ADO [^\n]*\n\s*(?:space|path) text",
     "a variable that is forgotten at once"),
)  # fmt: skip
"""Database, rule, kind of statement with what the line was (patterns), and why it is no fault."""


def mutations(script: str, schema: Schema, database: str) -> Iterator[Mutation]:
    """Every fault that the rules make of a script, in its order."""
    at = 0
    for statement in _apart(script, database):
        at = script.index(statement, at)
        start = at + len(statement) - len(_text(statement))
        end = at + len(statement)
        kind = " ".join(_text(statement).split()[:2]).upper().partition("(")[0]
        for rule, was, became, (first, last) in _faults(script[start:end]):
            made = script[: start + first] + became + script[start + last :]
            yield Mutation(rule, kind, was, became, made)
        at = end
    yield from _with_more(script, schema, database)


def _apart(script: str, database: str) -> Sequence[str]:
    if database == "mariadb":
        return delimited(script)
    if database == "sqlite":
        return statements(script, sqlite3.complete_statement)
    return statements(script)


def _text(statement: str) -> str:
    """A statement without the remarks in front of it."""
    return re.sub(r"\A(?:\s|--[^\n]*(?:\n|\Z))*", "", statement)


Fault = tuple[str, str, str, tuple[int, int]]
"""A rule, what was there, what is there now, and where."""
_FRAME: Final = re.compile(r"(?:BEGIN|COMMIT|SET|PRAGMA)\b", re.IGNORECASE)
"""What is the session's, not the schema's."""


def _faults(text: str) -> Iterator[Fault]:
    if _FRAME.match(text):
        return
    yield "a statement less", text, "", (0, len(text))
    for rule, pattern, replacement in RULES:
        for found in re.finditer(pattern, text):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            became = (
                found.expand(replacement) if isinstance(replacement, str) else replacement(found)
            )
            if "--" not in line and became != found[0]:
                yield rule, _around(text, found), became, found.span()
    yield from _lines(text)


def _around(text: str, found: re.Match[str]) -> str:
    """The line on which something was found."""
    end = text.find("\n", found.end())
    return text[text.rfind("\n", 0, found.start()) + 1 : len(text) if end < 0 else end]


def _lines(text: str) -> Iterator[Fault]:
    """Each line but the first gone, and the comma before it with the last of a list."""
    at = text.find("\n") + 1
    while 0 < at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if line.strip() and not line.strip().startswith("--"):
            last = not line.endswith(",") and re.match(r"\s*\)", text[end:])
            first = at - 2 if last and text[at - 2] == "," else at
            yield "a line less", line, "", (first, end)
        at = end + 1


def _with_more(script: str, schema: Schema, database: str) -> Iterator[Mutation]:
    """The script with one statement besides its own."""
    words = _words(schema, database)
    for template in MORE[database]:
        if all(word in words for word in re.findall(r"\{(\w+)\}", template)):
            more = template.format(**words)
            head, commit, tail = script.rpartition("COMMIT;")
            made = f"{head}{more};\n\n{commit}{tail}" if commit else f"{script}\n{more};\n"
            yield Mutation("a statement more", template, "", more, made)


def _words(schema: Schema, database: str) -> dict[str, str]:
    table = next(table for table in schema.tables if len(table.columns) > 1)
    quoted = DIALECTS[database].quoted
    key = table.primary_key.columns[0]
    column = next(c.name for c in table.columns if c.name != key)
    words = {"table": quoted(table.name), "key": quoted(key), "column": quoted(column),
             "index": quoted(table.primary_key.name)}  # fmt: skip
    roles = [role.name for role in schema.things(Role)]
    routines = [routine.name for routine in schema.things(Routine)]
    some = {"role": roles, "routine": routines}
    return words | {kind: quoted(names[0]) for kind, names in some.items() if names}


def sample(every: Iterable[Mutation], each: int, seed: int = 1) -> list[Mutation]:
    """At most so many of each rule and kind of statement, mixed; the same for the same seed."""
    chance = random.Random(seed)
    groups: dict[tuple[str, str], list[Mutation]] = {}
    for mutation in every:
        groups.setdefault((mutation.rule, mutation.kind), []).append(mutation)
    some = [m for group in groups.values() for m in chance.sample(group, min(each, len(group)))]
    chance.shuffle(some)
    return some


def is_equivalent(mutation: Mutation, database: str) -> bool:
    """Whether it is known that a mutation changes nothing that could be noticed."""
    return any(
        re.fullmatch(where, database)
        and re.fullmatch(rule, mutation.rule)
        and re.search(was, f"{mutation.kind}\n{mutation.was}")
        for where, rule, was, _ in EQUIVALENT
    )


class Court:
    """What judges mutations of one schema's migration on one database."""

    def __init__(self, engine: Engine, schema: Schema, up: str, down: str) -> None:
        self._engine, self._schema, self._up, self._down = engine, schema, up, down
        self._nothing = engine.catalogue()
        engine.run(up)
        self._wanted: Catalogue = expected(schema, engine)
        engine.clear()

    def noticed(self, mutation: Mutation) -> str:
        """What notices a mutation; empty when nothing does."""
        found = self._at_once(mutation) or self._by_proof(mutation)
        if self._engine.name == "mariadb":
            # A proof drops nobody who can sign in: on a server that is lent it may be anybody.
            self._engine.execute("DROP USER IF EXISTS stranger")
        # What is left of one mutation would be noticed with the next.
        assert self._engine.catalogue() == self._nothing, f"not cleared: {mutation.said}"
        return found

    def _at_once(self, mutation: Mutation) -> str:
        """What notices a mutation before any row is tried; empty when nothing does."""
        try:
            self._engine.run(mutation.script)
            found = differences(self._wanted, self._engine.catalogue())
            return next(iter((*found, *unlike(self._up, self._engine))), "")
        except EngineError as error:
            return f"up: {error}"
        finally:
            self._engine.clear()

    def _by_proof(self, mutation: Mutation) -> str:
        proof = prove(self._engine, self._schema, mutation.script, self._down, written=self._up)
        return next((f"{check.name}: {check.detail}" for check in proof.failed), "")


def _design(place: str) -> Design:
    """The design in a file, or that which a function gives: `tests.schema.rentals:rentals`."""
    if place.endswith(".toml"):
        return file.load(Path(place))
    module, _, function = place.partition(":")
    made: Design = getattr(import_module(module), function)()
    return made


def main() -> None:
    """Try mutations until the time is over, and say which of them nothing noticed."""
    asked = _arguments()
    design = _design(asked.design)
    needed = [each.name for each in work_for(design, asked.database).schema.things(Extension)]
    with open_engine(asked.database, None, extensions=needed) as engine:
        work = work_for(design, asked.database, engine.version)
        up, down = sql.up(work.schema, work.dialect), sql.down(work.schema, work.dialect)
        court = Court(engine, work.schema, up, down)
        every = [
            m for m in mutations(up, work.schema, engine.name) if re.search(asked.only, m.said)
        ]
        tried = Counter[str]()
        end = monotonic() + asked.seconds
        for mutation in sample(every, asked.each, asked.seed):
            if monotonic() > end:
                break
            known = is_equivalent(mutation, engine.name)
            by = "known to be no fault" if known else court.noticed(mutation)
            tried["known" if known else "noticed" if by else "unnoticed"] += 1
            if asked.all or not by:
                print(f"{by or 'UNNOTICED'}  <-  {mutation.said}", flush=True)
    print(f"{len(every)} mutations; of those tried: {dict(tried)}")


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.engines.mutations", description=main.__doc__)
    parser.add_argument("design", help="a design's TOML file, or module:function")
    parser.add_argument("database", choices=("postgresql", "sqlite", "mariadb"))
    parser.add_argument("--each", type=int, default=2, help="of one rule and kind of statement")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a pattern of what is said of a mutation")
    parser.add_argument("--all", action="store_true", help="say of each what noticed it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
