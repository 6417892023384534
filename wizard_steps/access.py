"""Step "access": what is read and written, how often, and which index it deserves."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import AccessPattern, Design
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.indexes import rows_of
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.access_answers import (
    STRETCHED,
    as_suggested,
    asker,
    askers,
    befores,
    can_be_asked_before,
    comparable,
    conditions,
    facts,
    first_asker,
    has_lists,
    has_ranges,
    how_often,
    index_or_not,
    is_decisive,
    is_sorted,
    is_worth_it,
    kind_searched,
    known_by_then,
    looks_inside,
    may_be_asked_before,
    none_for_empty,
    none_for_zero,
    or_none,
    or_zero,
    orders,
    page,
    promised,
    ranges,
    read_beside,
    rows_expected,
    searchable,
    searches_words,
    several_of,
    way_of_searching,
    worth_an_index,
)
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Choice, Node, Scene, Tree, always
from wizard_steps.columns import a_rule
from wizard_steps.index_words import key_column, outcome
from wizard_steps.proposing.asked import ASKED, with_suggestions
from wizard_steps.proposing.patterns import suggested
from wizard_steps.proposing.read_patterns import links_to


def _outcome(scene: Scene) -> str:
    return outcome(scene.lookup, scene.subject)


TREE: Final = Tree(
    "access",
    "Should this be indexed?",
    "access",
    "access_patterns",
    (
        Node(
            "who", "who", "Who asks this?",
            "Where somebody waits it must be quick; where a worker or a report asks, it may take "
            "its time.", first_asker, askers, own_words=True, get=asker, then="equals",
            example='The page that lists {things} asks for "{pattern}" whenever it is opened.',
        ),
        Node(
            "equals", "equals", "What is compared by equality?",
            "Columns compared by equality come first in an index: all that fits lies together.",
            as_suggested("equals", comparable), comparable, form="several", then="among",
            example="The {things} of one {owner}: every row has that {owner}, and no other.",
        ),
        Node(
            "among", "among", "What is compared with several values at once?",
            "Several values are as many equalities: behind the plain ones, and sorted afterwards.",
            as_suggested("among", several_of), several_of, form="several", then="contains",
            asked=has_lists,
            example="The {things} that are pending or failed: two values, looked up one by one.",
        ),
        Node(
            "contains", "contains", "Is anything searched within?",
            "A plain index finds whole values. What lies inside JSON, a list or a text needs "
            "another kind.", as_suggested("contains", searchable), searchable, then="contains_how",
            asked=looks_inside, aside=always, get=or_none("contains"),
            set=none_for_empty("contains"),
            example="The {things} whose text has the word \"urgent\" somewhere in it.",
        ),
        Node(
            "contains_how", "contains_how", "How is it searched?",
            "Each way of searching needs an index of its own kind.", way_of_searching,
            (
                Choice("json", "a part of the JSON", "GIN: finds rows that hold it", "range",
                       offered=lambda scene: kind_searched(scene) == "json"),
                Choice("list", "an item of the list", "GIN: finds rows that hold it", "range",
                       offered=lambda scene: kind_searched(scene) == "list"),
                Choice("words", "words", "a full-text index: finds whole words, in any order",
                       "range", offered=searches_words),
                Choice("similar", "anything similar", "a trigram index: finds parts of words and "
                       "what is misspelt; larger, and slower to write", "range",
                       offered=searches_words),
                Choice("time", "what goes on at some time", "a GiST index over the whole stretch, "
                       "from its beginning to its end", "range",
                       offered=lambda scene: kind_searched(scene) in STRETCHED),
            ),
            asked=lambda scene: scene.subject.contains is not None, then="range",
            example="\"audits\" also finds the {thing} that says \"audit\", or only what is "
            "written alike.",
        ),
        Node(
            "range", "range", "Of what is a range asked for?",
            "A range comes last in an index: behind it nothing is in order any more.",
            as_suggested("range", ranges), ranges, then="sort", asked=has_ranges,
            get=or_none("range"), set=none_for_empty("range"),
            example="The {things} of last week: from Monday to Sunday.",
        ),
        Node(
            "sort", "sort", "By what is it sorted?",
            "Sort columns follow equality: the rows come out in order, and a limit stops early.",
            as_suggested("sort", orders), orders, form="several", then="limit",
            asked=lambda scene: bool(facts(scene)),
            example="The newest {things} first: with the order in the index nothing is sorted.",
        ),
        Node(
            "limit", "limit", "How many rows are shown at once (0: all of them)?",
            "With a limit and the order in the index, only so many rows are read, however many "
            "there are.",
            page, form="number", then="before_tenant", asked=is_sorted, aside=always,
            get=or_zero("limit"), set=none_for_zero("limit"),
            example="20 {things} a page: the index stops after the 20th.",
        ),
        Node(
            "before_tenant", "before_tenant", "Is it asked before it is known for which tenant?",
            "Who names no tenant is shown no row by the policy; and which to name is what the row "
            "would tell. A function can look, and tell the row's id and whose it is.",
            known_by_then, befores, then="often", asked=may_be_asked_before,
            aside=can_be_asked_before,
            example="Somebody types an e-mail address to log in: nobody knows yet where they "
            "belong.",
        ),
        Node(
            "often", "often", "How often is it asked?",
            "Each index slows every write a little; it must earn that.", how_often,
            (
                Choice("constantly", "at each visit", "worth an index", "rows"),
                Choice("daily", "a few times a day", "worth an index on a big table", "rows"),
                Choice("rarely", "rarely", "no index: writes would pay for nobody", "rows"),
            ),
            example="People list their {things} at each visit, and add them up once a month.",
        ),
        Node(
            "rows", "rows", "How many rows will the table have after a year?",
            "Below a thousand a scan is as fast; above a hundred thousand the index decides.",
            rows_expected, form="number", then="fixed",
            example="1,000 users with 100 {things} each: 100,000 rows.",
        ),
        Node(
            "fixed", "fixed", "Is anything always the same in it?",
            "A fixed condition makes a partial index: small, and kept in memory.",
            as_suggested("fixed"), conditions, form="several", own_words=True, then="covering",
            check=a_rule, asked=lambda scene: bool(scene.subject.fixed) or is_worth_it(scene),
            aside=always,
            example="Only {things} that are pending are waited for: an index of those stays small.",
        ),
        Node(
            "covering", "covering", "Which few columns does it read besides?",
            "A column that stands beside the key is read from the index alone, without a look at "
            "the table; but the index grows, and changes with it.",
            as_suggested("covering", read_beside), read_beside, form="several", then="target",
            asked=is_decisive, aside=always,
            example="A list that shows only the names of {things} never touches the table.",
        ),
        Node(
            "target", "target_ms", "Within how many milliseconds must 95 of 100 answers come "
            "(0: nobody promised)?",
            "A promised time can be measured later, and tells when to think again.", promised,
            form="number", then="index", asked=is_worth_it, aside=always, get=or_zero("target_ms"),
            set=none_for_zero("target_ms"),
            example="200 ms: the {things} are there before the eye has settled.",
        ),
        Node(
            "index", "index", "Should it have an index?",
            "Equality first, then sort, then one range. Small tables, rare questions, columns of "
            "few values or of constant change deserve none.", worth_an_index, index_or_not,
            example="{pattern}: without an index every one of the {things} is looked at.",
        ),
    ),
    _outcome,
)  # fmt: skip


def describe(lookup: Lookup, pattern: AccessPattern) -> Row:
    """The pattern as one row of a proposal: what is asked, its index, and who says so."""
    rows = rows_of(pattern, lookup)
    often = f"{rows:,} rows, {pattern.often or 'constantly'}"
    found = suggested(lookup).get(pattern.id)
    because = f"{found.because}; {often}" if found else often
    return Row(pattern.id, pattern.name, outcome(lookup, pattern), because)


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    patterns = tuple(describe(lookup, pattern) for pattern in design.access_patterns)
    return (*patterns, *_key_rows(lookup))


def _key_rows(lookup: Lookup) -> tuple[Row, ...]:
    """Foreign keys that no pattern begins with: each has an index all the same."""
    begun = {p.equals[0] for p in lookup.design.access_patterns if p.equals and p.index != "no"}
    columns = [
        f"{key_column(lookup, link)} of {many(entity)}"
        for entity in lookup.tables
        for link in links_to(lookup, entity)
        if link.id not in begun
    ]
    if not columns:
        return ()
    title = f"{len(columns)} more foreign key{'s' if len(columns) > 1 else ''}"
    return (Row("foreign-keys", title, f"an index each: {', '.join(columns)}",
                "joins and deletes look there", optional=False),)  # fmt: skip


def _headline(design: Design) -> str:
    wanted = sum(p.index != "no" for p in design.access_patterns)
    return f"{len(design.access_patterns)} access patterns, {wanted} worth an index"


STEP: Final = Step(
    "access",
    "Indexes",
    "Indexes follow from what is asked, never from the columns alone. Foreign keys get theirs.",
    (ASKED, TREE),
    with_suggestions,
    _rows,
    _headline,
)
