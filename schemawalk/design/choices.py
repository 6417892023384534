"""The closed lists that answers are chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Database = Literal["postgresql", "sqlite", "mysql", "mariadb", "mongodb"]
Language = Literal["python", "typescript", "javascript", "go", "ruby", "other"]
Identifiers = Literal["uuid", "uuid-v4", "bigint"]
"""`uuid` is version 7, in order of time, where the database makes it; version 4 tells nothing."""

Tenancy = Literal["none", "shared", "separate"]
Ending = Literal["cascade", "set-null", "restrict"]
"""What happens to a child when its parent is deleted."""

Known = Literal["start", "later", "optional"]
"""When the value of an attribute is known: with the row, by a later step, or perhaps never."""

Author = Literal["user", "document", "default"]
"""Who gave an answer: a person, a line of a document, or the recommended default."""

Keep = Literal["real", "soft", "archive"]
"""What deleting means: gone, hidden and restorable, or moved aside."""

Forget = Literal["delete", "anonymise", "keep"]
"""What happens to personal data when somebody asks to be forgotten."""

Trail = Literal["no", "log", "history", "events"]
"""What is kept of earlier states: nothing, a log of changes, whole versions, only events."""

Kind = Literal[
    "identifier", "reference", "short-text", "long-text", "whole-number", "decimal", "money",
    "percentage", "yes-no", "date", "moment", "duration", "email", "phone", "url", "ip-address",
    "one-of", "json", "list", "file", "bytes", "coordinates", "computed", "secret",
]  # fmt: skip
"""What kind of fact an attribute is; what follows from each is in `schemawalk.schema.kinds`."""

Archetype = Literal[
    "person", "group", "thing", "place", "catalogue", "event", "process", "dealing", "line",
    "message", "money", "key", "setting",
]  # fmt: skip
"""What an entity is most like; `schemawalk.schema.tables.archetypes` says what each brings."""

Tool = Literal[
    "prisma", "typeorm", "drizzle", "sequelize", "alembic", "django", "golang-migrate", "goose",
    "rails", "dbmate",
]  # fmt: skip
"""Migration tools; `schemawalk.schema.tools` says how each takes the files."""

Place = Literal["session", "cache", "queue"]
"""Where something lives that is not remembered."""

MEANT: Final[Mapping[str, str]] = {
    "string": "short-text", "varchar": "short-text", "text": "short-text", "int": "whole-number",
    "integer": "whole-number", "bigint": "whole-number", "number": "decimal", "float": "decimal",
    "double": "decimal", "numeric": "decimal", "measure": "decimal", "boolean": "yes-no",
    "bool": "yes-no", "timestamp": "moment", "timestamptz": "moment", "datetime": "moment",
    "interval": "duration", "enum": "one-of", "choice": "one-of", "uuid": "identifier",
    "jsonb": "json", "array": "list", "blob": "bytes", "inet": "ip-address", "point": "coordinates",
    "user": "person", "team": "group", "order": "dealing", "payment": "money", "log": "event",
    "postgres": "postgresql", "mongo": "mongodb", "sqlalchemy": "alembic", "migrate":
    "golang-migrate", "js": "javascript", "ts": "typescript", "golang": "go",
}  # fmt: skip
"""Words of other programs, each with the word that stands for it here."""
