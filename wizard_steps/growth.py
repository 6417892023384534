"""Step "growth": how many rows there will be, and what is done before they are too many."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.kinds import kind_of
from schemawalk.schema.sentences import many, one, shape
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.tables.volume import (
    YEARS,
    rows_after_five_years,
    rows_in_five_years,
    rows_of,
)
from wizard_steps.asking.listed import NOTHING, by_node, by_subject
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree, always, fixed
from wizard_steps.embedding import EMBED
from wizard_steps.proposing.calls import HUGE, counted, is_big, moments
from wizard_steps.summing import SUMMING

WORTH_PARTS: Final = 100_000_000
"""Rows in five years from which partitions are recommended; below, one table with its index is
simpler and as fast."""
SEVERAL_SERVERS: Final = 1_000_000_000
"""Rows of all tables in five years from which one server may no longer take the writes."""
COPIES: Final = 10_000_000
"""Rows of all tables in five years from which reads from copies are worth a question."""
MINUTE: Final = 60

_PARTITIONED: Final = (None, "postgresql", "mysql", "mariadb")
"""Databases that have partitions."""


# Volume


def _read_by_time(scene: Scene) -> Attribute | None:
    """The moment by which an access pattern reads or sorts the entity."""
    times = {a.id.partition(".")[2]: a for a in moments(scene.subject)}
    for pattern in scene.design.access_patterns:
        if pattern.entity == scene.subject.id:
            for name in (pattern.range or "", *(each.lstrip("-") for each in pattern.sort)):
                if name in times:
                    return times[name]
    return None


def _many(scene: Scene) -> str | None:
    entity: Entity = scene.subject
    if not is_big(entity, scene.lookup):
        return None
    rows, by_time = rows_of(entity, scene.lookup), _read_by_time(scene)
    also = f" and are read by {by_time.name}" if by_time else ""
    return f"{{things}} reach {rows:,} rows a year{also}"


def _growth(scene: Scene) -> Advice:
    if scene.lookup.archetype(scene.subject).id == "event":
        return Advice(("doubles",), "the more people there are, the more happens")
    return Advice(("steady",), "no document speaks of faster growth")


def _is_huge(scene: Scene) -> bool:
    """Whether partitions are worth a thought: many rows, a database that has them, a way to cut."""
    has_them = scene.design.stack.database in _PARTITIONED
    return has_them and rows_in_five_years(scene.subject, scene.lookup) > HUGE


def _has_moment(scene: Scene) -> bool:
    return bool(moments(scene.subject))


def _partition(scene: Scene) -> Advice:
    rows = rows_in_five_years(scene.subject, scene.lookup)
    if rows > WORTH_PARTS and _has_moment(scene) and _read_by_time(scene):
        return Advice(("range",), f"{rows:,} rows in {YEARS} years, read by time: old months are "
                      "dropped, not deleted")  # fmt: skip
    return Advice(("no",), f"{rows:,} rows in {YEARS} years: an index still serves them")


def _keys(scene: Scene) -> tuple[Choice, ...]:
    """What can decide in which partition a row lies."""
    way = scene.subject.partition
    facts: list[Choice] = []
    if way == "range":
        facts = [Choice(a.id.partition(".")[2], a.name, "a partition a month")
                 for a in moments(scene.subject)]  # fmt: skip
    elif way == "list":
        listed = (a for a in scene.subject.attributes if a.values and a.required == "start")
        facts = [Choice(a.id.partition(".")[2], a.name, "a partition for each value")
                 for a in listed]  # fmt: skip
    return (*facts, *(_link_choices(scene) if way != "range" else ()))


def _link_choices(scene: Scene) -> tuple[Choice, ...]:
    found = []
    for link in scene.design.relationships:
        ends = scene.lookup.ends(link)
        if ends and ends[1].id == scene.subject.id and shape(link) != "M:N":
            found.append(Choice(link.id, f"its {one(ends[0])}", f"rows of one {one(ends[0])} lie "
                                "together"))  # fmt: skip
    return tuple(found)


def _partition_by(scene: Scene) -> Advice:
    by_time = _read_by_time(scene)
    if scene.subject.partition == "range" and by_time:
        return Advice((by_time.id.partition(".")[2],), "it is read by that")
    offered = [choice.value for choice in _keys(scene)]
    return Advice(tuple(offered[:1]), "it comes first" if offered else "nothing divides the rows")


def _can_list(scene: Scene) -> bool:
    plain = any(a.values and a.required == "start" for a in scene.subject.attributes)
    return plain or (scene.subject.tenant == "yes" and bool(_link_choices(scene)))


def _volume(scene: Scene) -> str:
    entity: Entity = scene.subject
    rows = rows_in_five_years(entity, scene.lookup)
    said = f"{rows:,} rows in {YEARS} years"
    if entity.partition in (None, "no"):
        return f"{said}, one table"
    return f"{said}, partitioned by {entity.partition} of {entity.partition_by or 'its key'}"


VOLUME: Final = Tree(
    "volume",
    "Volume",
    "growth",
    "tables",
    (
        Node(
            "growth", "growth", "How do {things} grow from one year to the next?",
            "What is comfortable in the first year can be a wall in the third.", _growth,
            (
                Choice("steady", "as many each year", "five times the first year after five years",
                       "partition"),
                Choice("doubles", "twice as many each year", "31 times the first year after five "
                       "years", "partition"),
                Choice("tenfold", "ten times as many each year", "11,111 times the first year: "
                       "plan for it now", "partition"),
            ),
            example="100,000 {things} in the first year are 1,600,000 in the fifth when they "
            "double each year.",
        ),
        Node(
            "partition", "partition", "Is the table of {things} split into partitions?",
            "Partitions make old rows cheap to drop, and everything else a little harder: the "
            "primary key and each UNIQUE must contain the partition's key.",
            _partition,
            (
                Choice("no", "no, one table", "simple; old rows are deleted in batches"),
                Choice("range", "by time, a partition a month", "old months are dropped at once; "
                       "questions without a time look into all", "partition_by",
                       offered=_has_moment),
                Choice("list", "by value, such as the group", "one partition each; only for few "
                       "and known values", "partition_by", offered=_can_list),
                Choice("hash", "evenly, by key", "smaller indexes, nothing to drop",
                       "partition_by"),
            ),
            asked=_is_huge, aside=always,
            example="Billing reads the {things} of May: with partitions by month it opens one of "
            "sixty.",
        ),
        Node(
            "partition_by", "partition_by", "By what are {things} split?",
            "What most questions name: only then can the others be passed over.",
            _partition_by, _keys,
            asked=lambda scene: scene.subject.partition not in (None, "no") and bool(_keys(scene)),
            example="By created_at a {thing} of 14 May lies in the partition of May.",
        ),
    ),
    _volume,
    _many,
    aside=always,
)  # fmt: skip


# Copies and several servers


def _total(lookup: Lookup) -> int:
    return sum(rows_after_five_years(entity, lookup) for entity in lookup.tables)


def _large(scene: Scene) -> str | None:
    rows = _total(scene.lookup)
    if rows < COPIES or scene.design.stack.database == "sqlite":
        return None
    return f"all tables together hold {rows:,} rows after {YEARS} years"


def _keys_to_split(scene: Scene) -> tuple[Choice, ...]:
    owners = [e for e in scene.lookup.tables
              if scene.lookup.archetype(e).id in ("group", "person")]  # fmt: skip
    return (
        Choice("no", "nothing: one server is enough", "joins, transactions and UNIQUE stay simple"),
        *(Choice(e.id, f"the {one(e)}", f"everything of one {one(e)} on one server; questions "
                 f"across {many(e)} ask all of them") for e in owners),
    )  # fmt: skip


SCALING: Final = Tree(
    "scaling",
    "Scaling",
    "growth",
    "keeping",
    (
        Node(
            "replicas", "replicas", "May reads come from copies that are a little behind?",
            "Copies take the reads off the server that writes; who reads there may not see what "
            "they just wrote.",
            fixed("no", "one server with the right indexes is enough for now; reports can move "
                  "first"),
            (
                Choice("no", "no", "every read sees the last write; one server to run",
                       "sharding"),
                Choice("yes", "yes, reports and lists", "reads scale; a {person} may miss their "
                       "own {thing} for a moment", "sharding"),
            ),
            example="Somebody saves {a_thing} and opens the list of {things}: it is not in there "
            "yet, "
            "for half a second.",
        ),
        Node(
            "sharding", "sharding", "If one server no longer took the writes: by what would the "
            "data be split?",
            "Nobody splits early, but a key that is missing from a table makes it impossible "
            "later.",
            fixed("no", "one server takes some thousand writes a second, and far more rows"),
            _keys_to_split,
            asked=lambda scene: _total(scene.lookup) >= SEVERAL_SERVERS,
            example="Split by {group}, all {things} of one {group} are on one server; counting "
            "all {things} asks every server.",
        ),
    ),
    lambda scene: "copies for reads" if scene.subject.replicas == "yes" else "one server",
    _large,
)  # fmt: skip


# Caches


def _computed(entity: Entity) -> tuple[Attribute, ...]:
    return tuple(a for a in entity.attributes if kind_of(a).id == "computed")


def _spoken_cache(scene: Scene) -> str:
    """A fact of the documents that speaks of a cache for these things; empty without one."""
    facts = (fact for fact in scene.design.stack.facts if fact.startswith("cache:"))
    return next((fact for fact in facts if many(scene.subject) in fact.lower()), "")


def _steady(scene: Scene) -> str | None:
    """Why a cache is worth a question: read at every visit, and hardly ever changed."""
    if _spoken_cache(scene):
        return "the documents name a cache for {things}"
    facts = _computed(scene.subject)
    if facts:
        return f"{{things}} show {facts[0].name}, which is computed from many rows"
    if scene.lookup.archetype(scene.subject).id not in ("catalogue", "setting"):
        return None
    return "{things} are read at each visit and change rarely"


def _cache(scene: Scene) -> Advice:
    if fact := _spoken_cache(scene):
        source = fact.rpartition("(")[2].rstrip(")") if fact.endswith(")") else ""
        return Advice(("until-changed",), "the documents say so", source)
    if _computed(scene.subject):
        return Advice(("seconds",), "nobody waits for the last row to be counted")
    rows = rows_of(scene.subject, scene.lookup)
    return Advice(("no",), f"{counted(rows, 'row')} stay in the database's own memory")


def _cached(scene: Scene) -> str:
    entity: Entity = scene.subject
    if entity.cache == "seconds":
        return f"cached for {counted(entity.cache_seconds or MINUTE, 'second')}"
    return {"until-changed": "cached until one changes", "no": "not cached"}.get(
        entity.cache or "", "open"
    )


CACHE: Final = Tree(
    "cache",
    "Cache",
    "growth",
    "tables",
    (
        Node(
            "cache", "cache", "Are {things} cached?",
            "A cache answers at once, and may be wrong: somebody must say for how long.", _cache,
            (
                Choice("no", "no", "always right; asked at each visit", ),
                Choice("seconds", "for some seconds", "simple; may be old for that long",
                       "cache_seconds"),
                Choice("until-changed", "until one changes", "right and fast; each program that "
                       "writes must throw it away"),
            ),
            example="An operator renames {a_thing}: who still sees the old name, and for how long?",
        ),
        Node(
            "cache_seconds", "cache_seconds", "For how many seconds may {things} be old?",
            "Nobody notices a minute in a list; in a price they do.",
            fixed(str(MINUTE), "a minute is seldom noticed"), form="number",
            asked=lambda scene: scene.subject.cache == "seconds",
            example="With 60 seconds a thousand visitors in a minute ask the database once.",
        ),
    ),
    _cached,
    _steady,
    aside=always,
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    whole = by_node(
        design, SCALING, {"replicas": "Copies for reads", "sharding": "Several servers"}
    )
    return (*by_subject(design, (VOLUME,)), *whole, *by_subject(design, (SUMMING, CACHE, EMBED)))


def _headline(design: Design) -> str:
    lookup = Lookup(design)
    scenes = [Scene(design, lookup, entity) for entity in lookup.tables]
    big = [scene.subject for scene in scenes if _many(scene) is not None]
    cached = [e for e in lookup.tables if e.cache not in (None, "no")]
    if not big and not _rows(design):
        return NOTHING
    parts = sum(entity.partition not in (None, "no") for entity in big)
    said = [f"{counted(len(big), 'big table')}, {parts or 'none'} partitioned"] if big else []
    said += [f"{counted(len(cached), 'list')} cached" if cached else "nothing cached"]
    return "; ".join(said)


STEP: Final = Step(
    "growth",
    "Growth",
    "How many rows will there be, and what is done before they are too many? Only where it "
    "matters.",
    (VOLUME, SCALING, SUMMING, CACHE, EMBED),
    rows=_rows,
    headline=_headline,
)
