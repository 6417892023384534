"""Where each finding of the review is mended: the question whose answer settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from wizard_steps.asking.question import Question

_INDEX: Final = ("access.index", "access", "asked")
_KIND: Final = ("attribute.kind",)
_LISTED: Final = ("attribute.kept_by", "attribute.values", "attribute.kind")
_ENDING: Final = ("ending.on_delete", "relationship.optional")
_KEEPING: Final = ("retention", "keeping.deletion")
_FORGETTING: Final = ("retention.forget", "keeping.forget", "retention")
_TENANCY: Final = ("relationship.optional", "tenancy.tables", "tenancy")
_RULE: Final = ("rule.kept_by", "rule")
_PARTS: Final = ("volume.partition", "volume")

LEADS_TO: Final[Mapping[str, tuple[str, ...]]] = {
    # Indexes
    "duplicate-index": _INDEX, "prefix-redundant-index": _INDEX, "index-too-wide": _INDEX,
    "low-selectivity-index": _INDEX, "wrong-access-method": _INDEX,
    "index-behind-policy": _INDEX, "partial-index-quality": ("access.fixed", *_INDEX),
    "partial-predicate-not-provable": ("access.fixed", *_INDEX),
    "sort-direction-mismatch": ("access.sort", *_INDEX), "query-without-index": _INDEX,
    "expression-not-immutable": _INDEX, "too-many-indexes": ("asked", *_INDEX),
    # Columns
    "inexact-money": _KIND, "timestamp-without-time-zone": _KIND, "enum-like-text": _KIND,
    "large-object-in-row": _KIND, "json-hides-columns": _KIND,
    "multi-valued-or-numbered-columns": _KIND, "reference-without-fk": ("links", *_KIND),
    "same-name-different-type": _KIND, "enum-like-without-check": _LISTED, "native-enum": _LISTED,
    "enum-value-too-long": ("attribute.values", *_LISTED),
    "broken-default": ("attribute.default",), "frozen-default": ("attribute.default",),
    "broken-rule": ("attribute.rules", "rule.expression"),
    "generated-or-check-not-deterministic": ("attribute.computed", "attribute.rules"),
    "nullable-unique": ("attribute.required", "attribute.unique"),
    "required-but-nullable": ("attribute.required",),
    "all-columns-nullable": ("facts", "attribute.required"),
    "unique-across-tenants": ("attribute.unique", "entity.identity"),
    "sensitive-column-exposed": ("attribute.protection", "attribute.sensitivity"),
    "protected-compared": ("attribute.protection",), "not-in-sql": ("attribute.protected_by",),
    "no-audit-timestamps": ("facts",), "column-untraced": ("facts",),
    "char-or-arbitrary-varchar": ("attribute.bounded",),
    "control-characters": ("attribute.values", "attribute.default", "attribute.rules"),
    "undocumented-object": ("attribute.purpose", "entity.purpose"),
    "reference-row-refused": ("reference",),
    # Keys and what happens when something is deleted
    "set-null-on-not-null": _ENDING, "exclusive-key-set-null": _ENDING,
    "delete-behaviour-undecided": _ENDING, "privacy-delete-blocked": _ENDING,
    "cascade-blast-radius": _ENDING, "audit-outlives-rows": _ENDING,
    "composite-fk-nullable-part": ("relationship.optional",),
    "pk-too-narrow": ("attribute.largest",),
    "self-reference-unguarded": ("relationship.itself",),
    "one-to-one-without-unique": ("relationship.one_of_form", "relationship.many_b"),
    "fk-cycle-not-insertable": ("relationship.optional",),
    "tenant-optional": ("relationship.optional",),
    "tenant-kept-by-ties": ("relationship.optional",),
    "parents-of-two-groups": ("duties",),
    "duplicate-fk": ("relationship.role", "links"),
    "relationship-to-nowhere": ("links",), "junction-without-unique": ("relationship.payload",),
    "one-of-not-possible": ("relationship.one_of",), "owner-unknown": ("entity.owner",),
    "natural-or-string-pk": ("entity.key",), "natural-key-not-possible": ("entity.key",),
    "natural-key-of-tenants": ("entity.key",),
    "unknown-identity": ("entity.identity",), "random-uuid-clustered": ("stack.identifiers",),
    # How long rows live
    "hidden-parent-open": ("duties",), "keep-never-begins": ("states.must_hold",),
    "keep-without-end": _KEEPING, "keep-what-is-sealed": _KEEPING,
    "sealed-rows-deleted": _KEEPING, "entity-vanishes": ("entity.same_as", "entity.owner"),
    "entity-lifecycle-gap": ("entity.created_by",), "forget-takes-along": _FORGETTING,
    "forget-what-is-sealed": _FORGETTING, "forget-not-possible": _FORGETTING,
    "partition-widens-keys": _PARTS, "partition-not-possible": _PARTS,
    "partition-key-not-in-key": _PARTS,
    # Who sees which rows, and what must hold
    "policy-on-parents-only": _TENANCY, "tenant-not-tied": _TENANCY,
    "tenant-under-tenant": _TENANCY, "shared-data-writable": _TENANCY,
    "tenant-personal-open": _TENANCY, "tenant-account-open": _TENANCY,
    "looked-up-before-tenant": ("access.before_tenant",),
    "not-found-before-tenant": ("access.before_tenant",),
    "job-sees-nothing": ("tenancy.policies",), "exclusion-not-possible": _RULE,
    "overlap-across-tenants": _RULE, "key-without-common-parent": _RULE,
}  # fmt: skip
"""By rule: trees, each perhaps with one of its nodes, the likeliest first.

Of the first tree that asks about the finding's subject, or about what that is a part of, or about
the whole design, the node is asked, or the tree from its beginning.
"""


def mended_by(questions: Sequence[Question], rule: str, subject: str) -> tuple[Question, ...]:
    """The questions that settle what a rule finds of a subject, from the one to begin with.

    None for a rule without a place of its own.
    """
    for place in LEADS_TO.get(rule, ()):
        tree, _, node = place.partition(".")
        of_tree = tuple(q for q in questions if q.tree == tree)
        for about in dict.fromkeys((subject, subject.partition(".")[0], "")):
            found = tuple(q for q in of_tree if q.subject == about)
            at = next((i for i, q in enumerate(found) if q.node == node), None if node else 0)
            if found and at is not None:
                return found[at:]
    return ()
