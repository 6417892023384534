"""Files that are planned and written, and what is then in the folder."""

from __future__ import annotations

from pathlib import Path

from schemawalk.writers.output import Plan, apply, plan

ONCE = ("migrations/*.sql",)
FIRST = {"a.txt": "one\n", "deep/er/b.txt": "zwei é\n", "migrations/1.sql": "CREATE 1;\n"}
SECOND = {"a.txt": "two\n", "deep/er/b.txt": "zwei é\n", "migrations/1.sql": "CREATE 2;\n"}


def tree(root: Path) -> dict[str, str]:
    """Every file under a folder but the program's own, by path."""
    found = (p for p in root.rglob("*") if p.is_file() and ".schemawalk" not in p.parts)
    return {p.relative_to(root).as_posix(): p.read_bytes().decode() for p in found}


def write(
    root: Path, files: dict[str, str], *, restart: bool = False, clean: bool = False,
    database: str = "",
) -> Plan:  # fmt: skip
    """Plan and apply, as a user's `write` does."""
    made = plan(files, root, once=ONCE, restart=restart, clean=clean, database=database)
    apply(made)
    return made


def actions(made: Plan) -> dict[str, str]:
    """What is said of each path."""
    return {entry.path: entry.action for entry in made.entries}
