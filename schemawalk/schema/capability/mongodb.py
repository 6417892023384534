"""What MongoDB 6 to 8 have no native form for, and how documents hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.schema.capability.capable import Capability
from schemawalk.schema.capability.columns import FRAGMENT

_BY_PROGRAM: Final = Capability("refused", "MongoDB runs nothing at a change: the program must")

MONGODB_CAPABILITIES: Final[Mapping[str, Capability]] = {
    "foreign-key": Capability(
        "refused",
        "no reference is checked, and a delete changes no other document: let the program look and "
        "delete, or embed what is read together",
    ),
    "default": Capability("refused", "a document gets no defaults: the program gives each value"),
    "embedded": Capability("refused", "a collection of its own, referred to by its id"),
    "counting": Capability(
        "refused", "nothing counts by itself: let the program make the ids, or choose UUIDs"
    ),
    "generated": Capability(
        "refused", "nothing is computed: a field that the program writes, and nobody checks"
    ),
    "date": Capability("emulated", "a moment at midnight in UTC, with a rule that it is one"),
    "interval": Capability("emulated", "whole seconds"),
    "inet": Capability("lossy", "text of which only the characters are checked"),
    "lower": Capability("lossy", "$toLower knows only the letters A to Z"),
    "fragment": FRAGMENT,
    "extension": Capability("emulated", "nothing is loaded"),
    "trigram": Capability("refused", "no index finds what is similar: none is made"),
    "gist": Capability("refused", "no index holds stretches: none is made"),
    "brin": Capability("lossy", "a B-tree over all documents, which grows with them"),
    "expression": Capability("refused", "no index holds what is computed: none is made"),
    "two-lists": Capability("lossy", "one list in an index: it ends before the second"),
    "include": Capability("lossy", "no covering fields: the index has its key fields only"),
    "partial": Capability(
        "lossy", "its condition cannot be said of an index: this one has all documents"
    ),
    "partial-unique": Capability(
        "refused", "its condition cannot be said of an index: the program must keep them apart"
    ),
    "exclusion": Capability(
        "refused", "nothing keeps stretches from overlapping: the program must, in a transaction"
    ),
    "partition": Capability("refused", "no partitions: the collection stays in one piece"),
    "materialised": Capability("lossy", "nothing is kept: the program adds up, or uses $merge"),
    "computed-view": Capability(
        "refused", "only views that leave documents out are written: the program must $project "
        "what may be seen, and $group what is summed up"
    ),
    "job": Capability("refused", "nothing can be called: a job of the program must do it"),
    "role": Capability("refused", "who runs the server makes its users and roles: none is made"),
    "grant": Capability("refused", "who runs the server gives rights: none is given"),
    "policy": Capability(
        "refused", "no policies for documents: each query of the program must name the group"
    ),
    "stamp-trigger": _BY_PROGRAM,
    "guard-trigger": _BY_PROGRAM,
    "apart-trigger": _BY_PROGRAM,
    "rule-trigger": Capability("emulated", "a rule of the validator"),
    "limit-trigger": _BY_PROGRAM,
    "parent-trigger": _BY_PROGRAM,
    "seal-trigger": _BY_PROGRAM,
    "protect-trigger": _BY_PROGRAM,
    "audit-trigger": _BY_PROGRAM,
    "history-trigger": _BY_PROGRAM,
}  # fmt: skip
