"""What MySQL 8.0 to 9 and MariaDB 10.11 to 11 have no native form for, and how they hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.schema.capability.capable import Capability
from schemawalk.schema.capability.columns import FRAGMENT

_BOTH: Final[Mapping[str, Capability]] = {
    "enum": Capability("emulated", "text with a CHECK that lists the values"),
    "list": Capability("emulated", "a JSON array, with a CHECK that it is one"),
    "boolean": Capability("emulated", "0 and 1, with a CHECK that it is one of them"),
    "timestamptz": Capability("emulated", "DATETIME(6), always in UTC"),
    "fragment": FRAGMENT,
    "generated": Capability("emulated", "a generated column, which cannot be said to be NOT NULL"),
    "interval": Capability("emulated", "whole seconds"),
    "inet": Capability("emulated", "text, with a CHECK that it is an address"),
    "partial-unique": Capability(
        "emulated", "a generated column that is NULL where the key does not apply"
    ),
    "text-in-key": Capability("lossy", "no more fits into a key, and a longer text has no default"),
    "partial": Capability(
        "lossy", "no partial indexes: this one has all rows, and grows with them"
    ),
    "include": Capability("lossy", "no covering columns: the index has its key columns only"),
    "gin": Capability("refused", "nothing can be indexed inside JSON or lists: no index is made"),
    "gist": Capability("refused", "there are no GiST indexes: no index is made"),
    "brin": Capability("refused", "there are no BRIN indexes: no index is made"),
    "json-in-key": Capability(
        "refused", "JSON, lists and bytes without a length cannot be in a key"
    ),
    "long-key": Capability("refused", "a key has at most 3,072 bytes: no index is made"),
    "exclusion": Capability("emulated", "triggers that refuse a row which overlaps another"),
    "deferrable": Capability(
        "lossy",
        "each key is checked at once, so its column may be empty: the first row of a circle comes "
        "without it, and is given it next",
    ),
    # MySQL manual, "FOREIGN KEY Constraints": a cascade that comes back to its table is a RESTRICT.
    "update-itself": Capability(
        "lossy",
        "a key to its own table does not follow: a value that other rows refer to cannot be "
        "changed, so let the program make the row anew, or give it an id that means nothing",
    ),
    "check-counting": Capability(
        "refused", "no CHECK may speak of a column that counts by itself: it is not enforced"
    ),
    "check-emptied": Capability(
        "refused",
        "no CHECK may speak of a column that a foreign key's action changes: it is not enforced",
    ),
    "check-now": Capability("refused", "no CHECK may ask what time it is: it is not enforced"),
    "partition": Capability(
        "refused",
        "tables with parts can have no foreign keys: the table stays in one piece, "
        "and what is old is deleted row by row",
    ),
    "materialised": Capability("lossy", "nothing is kept: a plain view, added up at each read"),
    "policy": Capability(
        "refused", "no policies for rows: each query of the program must name the group"
    ),
}

MYSQL_CAPABILITIES: Final[Mapping[str, Capability]] = {
    **_BOTH,
    "check": Capability("refused", "CHECK is read and ignored: not enforced", until=(8, 0, 16)),
    "invisible": Capability(
        "emulated", "what stands for a predicate is seen by SELECT *", until=(8, 0, 23)
    ),
    "expression": Capability(
        "emulated", "a generated column with the expression, indexed", until=(8, 0, 13)
    ),
    "gin": Capability(
        "refused", "no index inside JSON or lists is made; one for MEMBER OF a list is yours to add"
    ),
    # These two from 9.6 on; written for all, as a server of 8 becomes one of 9.
    "key-to-itself": Capability(
        "emulated", "a key from a table to itself begins with the parent and not with the tenant"
    ),
    "key-through-null": Capability(
        "emulated", "a foreign key is checked through a unique index in which nothing is NULL"
    ),
}

MARIADB_CAPABILITIES: Final[Mapping[str, Capability]] = {
    **_BOTH,
    "update-empty": Capability(
        "lossy",
        "a required column cannot follow one that may become empty: the change is refused instead",
    ),
    "id-order": Capability("emulated", "rules about the order of ids compare them as texts"),
    "descending": Capability("lossy", "indexes only go upwards: DESC is left out", until=(10, 8)),
    "expression": Capability("emulated", "a generated column with the expression, indexed"),
}
