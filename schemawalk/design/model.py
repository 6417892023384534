"""The design: everything that was answered, and nothing that can be derived from it.

Every model is frozen: an answer makes a new design.  `None` always means "not answered yet"; an
answer of "no" has a value of its own.  Objects carry an `id` that is made once, from their first
name, and never changes again, so that a rename is a fact and not a guess.
"""

from __future__ import annotations

from typing import Annotated, Literal

from schemawalk.design.choices import (
    Archetype,
    Author,
    Ending,
    Forget,
    Keep,
    Kind,
    Known,
    Place,
    Trail,
)
from schemawalk.design.forms import Count, Currency, Name, Number, Once, Span
from schemawalk.design.part import Id, Part
from schemawalk.design.whole import Keeping, Product, Source, Stack, Unsaid

FORMAT = 1
"""Version of the design file that this program writes."""


class Step(Part):
    """One step of the journey, kept whole so that the design opens without its documents."""

    id: Id
    title: str
    text: str = ""
    file: str = ""
    line: Count = 0
    """Line of the heading in `file`, counted from 1; 0 for a step that was typed in."""


class Attribute(Part):
    """One fact about an entity; becomes a column (or two: an amount and its currency)."""

    id: Id
    """`entity.attribute`, for instance `document.file_name`."""
    name: Name
    kind: Kind | None = None
    length: Count | None = None
    """Longest text that a rule of the product allows, in characters."""
    bounded: Literal["check", "varchar"] | None = None
    """What keeps a text from being longer: a CHECK beside it, or its type."""
    largest: Literal["integer", "bigint"] | None = None
    precision: Number | None = None
    scale: Count | None = None
    currency: Currency | None = None
    """An ISO 4217 code for money in one currency, or `per-row`."""
    values: Annotated[tuple[str, ...], Once] | None = None
    """The values of a fixed list, in order."""
    holds_keys: Literal["yes", "no"] | None = None
    """For a list of values: do its values point at rows?"""
    searched: tuple[str, ...] | None = None
    """For a JSON document: its parts that are filtered, sorted or joined by."""
    computed_from: tuple[str, ...] | None = None
    """For a computed fact: the attributes that it follows from."""
    computed: str | None = None
    """The expression that gives a computed fact always, or `now-and-then` when a job writes it."""
    kept_by: Literal["developers", "shared", "users"] | None = None
    """Who changes the list: decides between CHECK, a native enum and a lookup table."""
    required: Known | None = None
    known_by: str | None = None
    """The step, or the words, by which a value that comes later is known."""
    default: str | None = None
    """`now`, `today`, `uuid`, `none`, or the value itself, written as in a rule (`'draft'`, `0`,
    `true`)."""
    unique: Literal["no", "alone", "per-tenant", "together"] | None = None
    unique_with: tuple[str, ...] | None = None
    """Attributes (local id) and relationships (id) that it is unique together with."""
    collation: Literal["exact", "any-case"] | None = None
    """Whether texts that differ only in upper and lower case are the same."""
    rules: tuple[str, ...] | None = None
    """Expressions that must hold, in the language of `schemawalk.schema.language.grammar`; or,
    after a database's name and a colon, in its own SQL."""
    sensitivity: Literal["public", "internal", "confidential", "personal", "secret"] | None = None
    protection: Literal["comment", "mask", "encrypt", "hash"] | None = None
    """How what is sensitive is kept from those who need not see it."""
    protected_by: Literal["program", "database"] | None = None
    """Who encrypts or hashes it."""
    transitions: tuple[str, ...] | None = None
    """For a status: which value may follow which, and what brings it about:
    `pending -> processing: the worker takes it`."""
    must_hold: tuple[str, ...] | None = None
    """For a status: what holds in a state: `completed: completed_at is not null`."""
    guarded_by: Literal["trigger", "application"] | None = None
    """What refuses a transition that is not among them."""
    starts: Annotated[tuple[str, ...], Once] | None = None
    """For a status that a trigger guards: the values with which a row may begin; empty: any."""
    purpose: str = ""
    """What the column is for, in one sentence."""
    steps: tuple[str, ...] = ()


class Entity(Part):
    """Something that the product must remember: a table, or columns of its owner's table."""

    id: Id
    name: Name
    """Singular, as people say it: "Usage event"."""
    purpose: str = ""
    aliases: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    """Ids of the steps that speak of it."""
    origin: str = ""
    """Why it is here when no step names it: `unsaid.usage`, `user`, `link.` or `list.` before the
    relationship or attribute whose answer made it."""
    same_as: str | None = None
    """Id of the entity that this is another word for; `no` when it stands for itself."""
    persists: Literal["yes", "no"] | None = None
    lives_in: Place | None = None
    """Where a transient thing lives."""
    owner: str | None = None
    """Id of the entity that it belongs to; `system` when it belongs to nobody."""
    many: Literal["yes", "no"] | None = None
    """Can one owner have several?"""
    apart: Literal["yes", "no"] | None = None
    """With one per owner: a table of its own (`yes`) or columns of its owner (`no`)?"""
    identity: tuple[str, ...] | None = None
    """Attributes and relationships that make two of them the same; empty: only the id."""
    key: Literal["id", "natural"] | None = None
    """What others refer to: an id that means nothing, or the attributes of its `identity`."""
    archetype: Archetype | None = None
    created_by: str | None = None
    """Id of the step that creates it; `seeded` or `system` when no step does."""
    read_by: tuple[str, ...] | None = None
    """Ids of the steps that show it; empty: nobody reads it."""
    changed_by: tuple[str, ...] | None = None
    """Ids of the steps that change it."""
    ended_by: tuple[str, ...] | None = None
    """Ids of the steps that end it; empty: it stays."""
    rows: Count | None = None
    """Rows expected after one year."""
    tenant: Literal["yes", "no"] | None = None
    """Whether each row belongs to one group that others must not see."""
    deletion: Keep | None = None
    """What deleting one means; as the whole design says while it is open."""
    keep_for: Span | None = None
    """How long a row is kept after its end: `forever`, or a number of days, months or years
    (`90 days`)."""
    forget: Forget | None = None
    """What happens to its rows when a person asks to be forgotten; as the whole design says while
    it is open."""
    versions: Trail | None = None
    """What is kept of its earlier states; as the whole design says while it is open."""
    locking: Literal["version", "last-wins"] | None = None
    """What happens when two people change it at once."""
    growth: Literal["steady", "doubles", "tenfold"] | None = None
    """How the number of rows changes from one year to the next."""
    partition: Literal["no", "range", "list", "hash"] | None = None
    partition_by: str | None = None
    """The attribute (local id) or relationship (id) that decides in which partition a row lies."""
    summed: Literal["no", "parent", "day", "parent-day"] | None = None
    """For what its rows are counted and summed up: for each row of a parent, each day, or both."""
    summed_by: str | None = None
    """The relationship (id) to that parent."""
    summed_day: str | None = None
    """The attribute (local id) whose day counts."""
    sums: tuple[str, ...] | None = None
    """Attributes (local id) that are added up, besides the number of rows."""
    summary: Literal["kept", "asked"] | None = None
    """Whether the sums are kept and refreshed now and then, or added up at each read."""
    cache: Literal["no", "seconds", "until-changed"] | None = None
    cache_seconds: Count | None = None
    """How long a cached answer may be old."""
    seeds: tuple[str, ...] | None = None
    """Reference rows that must be there from the start, each its attributes' values, written
    `code = 'gdpr', name = 'GDPR'`."""
    attributes: tuple[Attribute, ...] = ()
    rules: tuple[str, ...] = ()
    """Expressions over several attributes."""


class Relationship(Part):
    """How two entities belong together, read as "one A has many B".

    For one-to-many, `a` is the parent.  For a one-to-one, `b` holds the key.
    """

    id: Id
    a: str
    b: str
    role: str | None = None
    """What A is to B (`author`); names the foreign key; the name of A when absent."""
    many_b: Literal["yes", "no"] | None = None
    """Can one A have several B?"""
    many_a: Literal["yes", "no"] | None = None
    """Can one B belong to several A?"""
    optional: Literal["yes", "no"] | None = None
    """Can a B exist without an A?"""
    payload: str | None = None
    """For many-to-many: `no`, or the id of the entity that carries the link's own facts."""
    ordered: Literal["yes", "no"] | None = None
    """Does the order matter, and is it chosen by people?"""
    itself: Literal["tree", "graph", "pairs"] | None = None
    """For an entity with itself: what the links make."""
    one_of: tuple[str, ...] | None = None
    """Ids of the other relationships of which a B has exactly one; empty: it stands alone."""
    one_of_form: Literal["keys", "parent", "type-id"] | None = None
    """How "exactly one of several" is kept."""
    embed: Literal["embed", "reference"] | None = None
    """In a document database: inside its parent's document, or apart."""
    on_delete: Ending | None = None
    """What happens to B when its A is deleted."""
    on_delete_b: Ending | None = None
    """For many-to-many: what happens to the link when B is deleted."""
    on_update: Literal["cascade", "restrict"] | None = None
    """What happens to B when the key of its A changes: asked of natural keys only."""
    checked: Literal["at-once", "at-commit"] | None = None
    """When the key is checked: asked of required keys in a circle, which no first row can enter
    unless one of them waits for the COMMIT."""
    purpose: str = ""
    steps: tuple[str, ...] = ()


class AccessPattern(Part):
    """One read or write that a step, a worker or a report makes; the reason for an index."""

    id: Id
    name: Name
    """In the product's words: "A user sees their documents, newest first"."""
    entity: str
    who: str = ""
    """A step's id, or `worker`, `report`, `billing`, or own words."""
    equals: tuple[str, ...] = ()
    """Attributes (local id) and relationships (id) that are compared by equality."""
    among: tuple[str, ...] = ()
    """Attributes and relationships that are compared with several values at once."""
    range: str | None = None
    contains: str | None = None
    """Attribute whose JSON, list or text is searched within."""
    contains_how: Literal["json", "list", "words", "similar", "time"] | None = None
    """How it is searched: a part of JSON, an item of a list, words, anything similar; or for the
    start of a stretch of time, which stretches go on at some time."""
    fixed: tuple[str, ...] = ()
    """Conditions that are always the same, as expressions: `status = 'pending'`."""
    sort: tuple[str, ...] = ()
    """Attributes, each with a leading `-` for descending."""
    limit: Count | None = None
    often: Literal["rarely", "daily", "constantly"] | None = None
    rows: Count | None = None
    """Rows of the table after a year, when this pattern is to be judged by another number."""
    covering: tuple[str, ...] = ()
    index: Literal["yes", "no"] | None = None
    before_tenant: Literal["no", "one", "all"] | None = None
    """Whether it is asked before it is known for which tenant: then it finds a row that is the only
    one of all tenants (`one`), or each tenant's (`all`)."""
    target_ms: Count | None = None
    """95th percentile of the answer time that is asked for, in milliseconds."""


class Note(Part):
    """What is known about an answer besides its value."""

    id: Id
    """Id of the question."""
    by: Author = "user"
    source: str = ""
    """Where the value came from: `tech-stack.md:9`."""
    why: str = ""
    unknown: bool = False
    """The answer was "I don't know yet": the default holds, and the question stays open."""
    impact: str = ""
    """What changes when an unknown answer turns out otherwise."""
    look_again: str = ""
    """Why the answer should be looked at again; empty when it need not."""


class Alternative(Part):
    """Something that was not chosen, and when to think again."""

    id: str = ""
    """Id of the choice that it was an alternative to, and its own name: `database.mongodb`."""
    name: str
    instead: str = ""
    """What was chosen instead."""
    why_not: tuple[str, ...] = ()
    reconsider: tuple[str, ...] = ()


class Rule(Part):
    """Something that must hold across rows or tables, in the product's words."""

    id: Id
    says: Name
    """The sentence: "Two bookings of one court must not overlap"."""
    entity: str
    """Id of the entity whose rows it speaks of."""
    kept_by: Literal["check", "unique", "exclusion", "key", "trigger", "application"] | None = None
    """Where it holds."""
    expression: str | None = None
    """For a CHECK or a trigger: the expression, in the language of
    `schemawalk.schema.language.expression`; over the parent's attributes where `looks_at` is
    `parent`, and which rows count where it is `count`."""
    over: tuple[str, ...] | None = None
    """For a UNIQUE, an exclusion or what is `once` set: the attributes and relationships that it
    speaks of."""
    last_day: Literal["counts", "free"] | None = None
    """For an exclusion over days: whether the last one belongs to the stretch, or is free for the
    next to begin on, as nights are counted."""
    looks_at: Literal["row", "count", "parent", "once", "written"] | None = None
    """For a trigger: at one row, at how many rows a parent has, at the parent's row, at what must
    not change once it is set, or at rows that are only ever added."""
    parent: str | None = None
    """For a trigger that counts or looks at the parent: the relationship (id) to it."""
    most: Count | None = None
    """For a trigger that counts: how many rows a parent may have."""
    steps: tuple[str, ...] = ()


class Finish(Part):
    """One ending of the journey, walked over all foreign keys: "The account is closed"."""

    id: Id
    name: Name
    entity: str
    """Id of the entity whose row goes."""
    steps: tuple[str, ...] = ()
    agreed: Literal["yes", "no"] | None = None
    """Whether what vanishes, stays and blocks is as it should be."""


class Waiver(Part):
    """Something that the review finds, and that somebody accepts for a reason."""

    rule: Id
    """Id of the review's rule."""
    subject: str = ""
    """What it is found about, as the finding names it."""
    reason: str = ""
    """Why it is accepted; while it is empty the finding stands."""


class Design(Part):
    """All the answers: what `schemawalk.toml` holds."""

    format: int = FORMAT
    product: Product = Product()
    stack: Stack = Stack()
    unsaid: Unsaid = Unsaid()
    keeping: Keeping = Keeping()
    sources: tuple[Source, ...] = ()
    steps: tuple[Step, ...] = ()
    entities: tuple[Entity, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    access_patterns: tuple[AccessPattern, ...] = ()
    rules: tuple[Rule, ...] = ()
    finishes: tuple[Finish, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    notes: tuple[Note, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    dropped: tuple[str, ...] = ()
    """Candidates that somebody looked at and turned away, so that they are not proposed again."""
    done: tuple[str, ...] = ()
    """Ids of the wizard steps whose proposal was taken or walked to the end."""
