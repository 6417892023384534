"""Keys, exclusions and indexes as a database can have them: what stands for them, what is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

from schemawalk.schema.around.holding import pointed_at
from schemawalk.schema.capability.capable import Capability
from schemawalk.schema.model import Exclusion, ForeignKey, Index, IndexPart, Table
from schemawalk.schema.names import fitted, unique
from schemawalk.schema.things import Apart

Lost = tuple[Literal["exclusion", "apart-alone", "gin", "gist", "brin", "fulltext", "trigram"], str]
"""A feature, and what is said to be lost."""

SQLITE_KEYS: Final[Mapping[str, Capability]] = {
    "extension": Capability("emulated", "nothing is loaded; what needs something is said itself"),
    "exclusion": Capability("emulated", "triggers that refuse a row which overlaps another"),
    "emptied": Capability(
        "emulated", "two keys: one that is emptied, and one that ties it to the same owner"
    ),
    "gist": Capability("refused", "SQLite cannot index stretches: no index is made"),
    "fulltext": Capability(
        "refused", "no index finds words in a column (FTS5 is a table of its own): none is made"
    ),
    "trigram": Capability("refused", "no index finds what is similar: none is made"),
    "brin": Capability("lossy", "a B-tree over all rows, which is larger and grows with them"),
}
INNODB_KEYS: Final[Mapping[str, Capability]] = {
    "emptied": SQLITE_KEYS["emptied"],
    "extension": SQLITE_KEYS["extension"],
    "trigram": SQLITE_KEYS["trigram"],
    "apart-alone": Capability(
        "lossy",
        "two sessions at once may both look, and one is sent away with error 1213 though nothing "
        "overlaps, as no foreign key says which row to hold meanwhile: let the program try again",
    ),
}
POSTGRESQL_KEYS: Final[Mapping[str, Capability]] = {
    "emptied": replace(SQLITE_KEYS["emptied"], until=(15,)),
}


class FittedKeys:
    """One table's keys and indexes on their way; `lost` and `triggers` are told afterwards."""

    def __init__(self, table: Table, lacking: Mapping[str, Capability]) -> None:
        self.table = table
        self.lacking = lacking
        self.lost: list[Lost] = []
        self.triggers: list[Apart] = []

    def table_as_held(self) -> Table:
        """The table without what it cannot have."""
        held = self.table.having(
            foreign_keys=tuple(k for key in self.table.foreign_keys for k in self.keys(key)),
            exclusions=tuple(rule for rule in self.table.exclusions if self.excludes(rule)),
        )
        indexes = [i for x in held.indexes for i in self.indexes(x)]
        indexes += [i for trigger in self.triggers if (i := self.looked_through(trigger, indexes))]
        return held.having(indexes=tuple(indexes))

    def keys(self, key: ForeignKey) -> Iterator[ForeignKey]:
        """The key; where SET NULL empties all columns or none, one to empty and one to tie.

        The one that empties comes first: the other is looked at when the statement is done, and
        finds nothing to object to.
        """
        some = key.on_delete == "SET NULL" and key.emptied not in ((), key.columns)
        if not some or not self.emulates("emptied"):
            yield key
            return
        pairs = key.pairs()
        theirs = tuple(referenced for own, referenced in pairs if own in key.emptied)
        yield replace(key, columns=key.emptied, referenced_columns=theirs, emptied=())
        name = unique(f"{key.name}_tied", {k.name for k in self.table.foreign_keys})
        because = "the key above cannot say that both belong together"
        yield replace(key, name=name, on_delete="NO ACTION", emptied=(), because=because)

    def emulates(self, feature: str) -> bool:
        return feature in self.lacking and self.lacking[feature].way == "emulated"

    def excludes(self, rule: Exclusion) -> bool:
        """Whether the exclusion stays; a trigger may do its work."""
        if "exclusion" not in self.lacking:
            return True
        if not self.emulates("exclusion"):
            self.lost.append(("exclusion", f"{rule.name} is not enforced"))
            return False
        if "apart-alone" in self.lacking and pointed_at(self.table, rule.columns) is None:
            self.lost.append(("apart-alone", f"{rule.name} (a trigger)"))
        self.triggers.append(
            Apart(fitted(rule.name), self.table.name, rule.columns, rule.start, rule.end,
                  rule.predicate, rule.because, rule.source, rule.last_counts)
        )  # fmt: skip
        return False

    def indexes(self, index: Index) -> Iterator[Index]:
        """The index, a plain one for it, or none."""
        method = index.method
        feature = "trigram" if any(p.operators == "trigram" for p in index.parts) else method
        if feature == "btree" or feature not in self.lacking:
            yield index
            return
        self.lost.append((feature, f"{index.name} is left out"))
        if self.lacking[feature].way == "lossy":
            self.lost[-1] = (feature, f"{index.name} is of another kind")
            yield replace(index, method="btree")

    def looked_through(self, trigger: Apart, there: list[Index]) -> Index | None:
        """The index by which a trigger finds what a new row may overlap; None when there is one."""
        columns = (*trigger.columns, trigger.start)
        known = [tuple(part.column for part in index.parts) for index in there]
        equal = len(trigger.columns)
        if any(
            set(have[:equal]) == set(trigger.columns) and have[equal:][:1] == (trigger.start,)
            for have in known
        ):
            return None
        taken = {index.name for index in there}
        name = unique("_".join(("ix", self.table.name, *columns)), taken)
        because = f"what {trigger.name} looks through for each new row"
        return Index(name, tuple(IndexPart(c) for c in columns), because=because,
                     serves=(trigger.source,))  # fmt: skip
