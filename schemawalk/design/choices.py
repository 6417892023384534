"""The closed lists that answers are chosen from."""

from __future__ import annotations

from typing import Literal

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
