"""The nodes that say of which kind a fact is, and how large, how exact or from where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity, Relationship
from schemawalk.schema.kinds import KINDS, guess_kind, kind_of
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.names import plural, snake, unique, words
from schemawalk.schema.sentences import many
from schemawalk.schema.tables.computed import NOW_AND_THEN, is_generated, obstacle
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, fixed
from wizard_steps.proposing.facts import as_usual
from wizard_steps.proposing.known import known_names, unknown_names

PER_ROW: Final = "per-row"
MOST_DIGITS: Final = 1_000
"""Most digits of a numeric that PostgreSQL can be told to keep."""

CURRENCIES: Final = (
    ("EUR", re.compile(r"€|\bEUR\b|\beuros?\b", re.IGNORECASE)),
    ("GBP", re.compile(r"£|\bGBP\b")),
    ("CHF", re.compile(r"\bCHF\b")),
    ("USD", re.compile(r"\$\d|\bUSD\b|\bdollars?\b", re.IGNORECASE)),
)
"""How documents speak of currencies, the least ambiguous first."""


@dataclass(frozen=True, slots=True)
class IsKind:
    """Condition on the kind of the attribute at hand."""

    kinds: frozenset[str]

    def __call__(self, scene: Scene) -> bool:
        return kind_of(scene.subject).id in self.kinds


def is_kind(*kinds: str) -> IsKind:
    """The condition that the fact is of one of these kinds."""
    return IsKind(frozenset(kinds))


def entity_of(scene: Scene) -> Entity | None:
    """The entity whose fact is at hand."""
    return scene.lookup.entities.get(scene.subject.id.partition(".")[0])


def _kind(scene: Scene) -> Advice:
    return Advice((guess_kind(scene.subject.name),), "the name suggests it")


def _largest(scene: Scene) -> Advice:
    if scene.subject.name.endswith(("_bytes", "_ms")):
        return Advice(("bigint",), "bytes and milliseconds pass 2 billion sooner than one thinks")
    return Advice(("integer",), "2 billion is enough for counting by hand")


_is_short = is_kind("short-text", "identifier")
_is_text = is_kind("short-text", "identifier", "long-text", "email", "phone", "url")


def _bounded(scene: Scene) -> Advice:
    if scene.design.stack.database in ("mysql", "mariadb"):
        return Advice(("varchar",), "only a text of a certain length can be in a key there")
    return Advice(("check",), "a text is not slower than a varchar, and its rule has a name")


def _digits(scene: Scene, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless so many digits can be kept, and hold the decimal places."""
    number = int(values[0]) if values[0].isdecimal() else 0
    if not 1 <= number <= MOST_DIGITS:
        raise AnswerError(f"{values[0]} digits cannot be kept: 1 to {MOST_DIGITS} can.")
    if number < (scene.subject.scale or 0):
        raise AnswerError(f"{number} digits cannot have {scene.subject.scale} decimal places.")


def _places(scene: Scene, values: tuple[str, ...]) -> None:
    digits = scene.subject.precision or KINDS["decimal"].type.precision or 0
    if values[0].isdecimal() and int(values[0]) > digits:
        raise AnswerError(f"{digits} digits in all cannot have {values[0]} decimal places.")


def _a_currency(text: str) -> None:
    if text != PER_ROW and not re.fullmatch("[A-Z]{3}", text):
        raise AnswerError(f"{text!r} is no currency: write its ISO 4217 code in three capital "
                          f"letters, such as EUR, or {PER_ROW}.")  # fmt: skip


def _currency(scene: Scene) -> Advice:
    entity = entity_of(scene)
    if entity and any(a.name == "currency" for a in entity.attributes):
        return Advice((PER_ROW,), "its own column currency says which")
    code, where = _spoken_currency(scene.lookup)
    return Advice((code,), where)


@lru_cache(maxsize=4)
def _spoken_currency(lookup: Lookup) -> tuple[str, str]:
    for step in lookup.design.steps:
        for code, pattern in CURRENCIES:
            if found := pattern.search(f"{step.title} {step.text}"):
                return code, f'"{found.group()}" in step "{step.title}"'
    return "EUR", "no document names one, and one currency is simplest"


# Parts of JSON and values of a list


def _promote(design: Design, attribute_id: str, parts: tuple[str, ...]) -> Design:
    """Takes the parts of a JSON document that are searched; each becomes an attribute."""
    entity_id = attribute_id.partition(".")[0]
    entities = []
    for entity in design.entities:
        if entity.id == entity_id:
            entity = _promoted(entity, attribute_id, tuple(snake(part) for part in parts))
        entities.append(entity)
    return design.model_copy(update={"entities": tuple(entities)})


def _promoted(entity: Entity, attribute_id: str, parts: tuple[str, ...]) -> Entity:
    document = next(a for a in entity.attributes if a.id == attribute_id)
    gone = {f"{entity.id}.{part}" for part in document.searched or () if part not in parts}
    facts: list[Attribute] = []
    for each in entity.attributes:
        if each.id == attribute_id:
            facts.append(each.model_copy(update={"searched": parts}))
        elif each.id not in gone:
            facts.append(each)
    here = {a.id for a in facts}
    facts += [
        Attribute(id=f"{entity.id}.{part}", name=part, steps=document.steps,
                  purpose=f"taken out of {document.name}, because it is searched by")
        for part in parts if f"{entity.id}.{part}" not in here
    ]  # fmt: skip
    return entity.model_copy(update={"attributes": tuple(facts)})


def _a_part(text: str) -> None:
    if not words(text):
        raise AnswerError(f"{text!r} names no part: type the key that is searched by.")


def _holds_keys(scene: Scene) -> Advice:
    last = words(scene.subject.name)[-1:]
    target = _target(scene.lookup, scene.subject)
    if target:
        return Advice(("yes",), f"there are {many(target)} that they could point at")
    if last in (("ids",), ("keys",)):
        return Advice(("yes",), "the name says that they are keys")
    return Advice(("no",), "nothing in the design is called so")


def _target(lookup: Lookup, attribute: Attribute) -> Entity | None:
    """The entity that the values of a list are called after: `tag_ids` and `tags` after Tag."""
    name = snake(attribute.name).removesuffix("_ids")
    for entity in lookup.tables:
        if name in (snake(entity.name), plural(snake(entity.name))):
            return entity
    return None


def _point(design: Design, attribute_id: str, values: tuple[str, ...]) -> Design:
    """Takes whether a list's values are keys; keys become a many-to-many, and no column."""
    origin = f"list.{attribute_id}"
    lookup = Lookup(design)
    attribute, entity_id = lookup.attributes[attribute_id], attribute_id.partition(".")[0]
    entities = [_answered(e, attribute_id, values[0]) for e in design.entities]
    link_id = f"{snake(attribute_id)}_links"
    links = [link for link in design.relationships if link.id != link_id]
    target = _target(lookup, attribute)
    if values[0] == "no":
        entities = [e for e in entities if e.origin != origin]
    else:
        if target is None:
            target = _listed(attribute, {e.id for e in entities}, origin)
            entities.append(target)
        if not any({x.a, x.b} == {entity_id, target.id} for x in links):
            links.append(Relationship(id=link_id, a=entity_id, b=target.id, many_b="yes",
                                      many_a="yes", steps=attribute.steps))  # fmt: skip
    return design.model_copy(update={"entities": tuple(entities), "relationships": tuple(links)})


def _answered(entity: Entity, attribute_id: str, value: str) -> Entity:
    facts = tuple(a.model_copy(update={"holds_keys": value}) if a.id == attribute_id else a
                  for a in entity.attributes)  # fmt: skip
    return entity.model_copy(update={"attributes": facts})


def _listed(attribute: Attribute, taken: set[str], origin: str) -> Entity:
    """The entity that the keys of a list point at, where the design has none yet."""
    name = snake(attribute.name).removesuffix("_ids").replace("_", " ")
    name = name[:-1] if name.endswith("s") and not name.endswith("ss") else name
    return Entity(id=unique(snake(name), taken), name=name.capitalize(), archetype="catalogue",
                  origin=origin, owner="system", steps=attribute.steps)  # fmt: skip


# Computed facts


def _other_facts(scene: Scene) -> tuple[Choice, ...]:
    entity = entity_of(scene)
    others = (a for a in entity.attributes if a.id != scene.subject.id) if entity else ()
    return tuple(Choice(a.id.partition(".")[2], a.name, kind_of(a).label) for a in others)


def _computed(scene: Scene, values: tuple[str, ...]) -> None:
    """Raise AnswerError unless the text is `now-and-then` or an expression over the table."""
    text, fact = values[0], scene.subject.name
    if text == NOW_AND_THEN:
        return
    try:
        expression = parse(text)
    except ExpressionError as error:
        raise AnswerError(f"{text!r} cannot be computed: {error}.") from None
    known = known_names(scene)
    unknown_names(scene, expression, known)
    own = scene.subject.id.partition(".")[2]
    entity = entity_of(scene)
    others = entity.attributes if entity else ()
    computed = {a.id.partition(".")[2] for a in others if is_generated(a) and a.id != own}
    for name in (fact, own):
        if why := obstacle(expression, name, computed - {own}, known):
            raise AnswerError(f"{text!r} is not what {fact} can be: {why}.")


KIND_NODES: Final = (
    Node(
        "kind", "kind", "What kind of fact is the {fact} of {a_thing}?",
        "The kind decides type, rules and how it is compared and sorted.",
        as_usual("kind", _kind),
        tuple(Choice(kind.id, kind.label, kind.leads_to, "length") for kind in KINDS.values()),
        then="length",
        example="0049 30 123456 is no number, because nobody adds it up: text of its own kind.",
    ),
    Node(
        "length", "length", "How many characters may the {fact} have, 0 where no rule says?",
        "A limit that no rule asks for only refuses somebody's long name; text is not slower.",
        fixed("0", "no rule of the product demands a limit"), form="number", then="bounded",
        asked=_is_short, aside=_is_text,
        example="The label of {a_thing} is printed on 40 characters: then 40.",
    ),
    Node(
        "bounded", "bounded", "What keeps the {fact} from being longer?",
        "A CHECK has a name that says why, and is loosened without touching the table.", _bounded,
        (
            Choice("check", "a CHECK", "text, and a CHECK of its length", "largest"),
            Choice("varchar", "its type", "varchar with that length", "largest"),
        ),
        asked=lambda scene: bool(scene.subject.length) and _is_short(scene),
        aside=lambda scene: bool(scene.subject.length) and _is_text(scene), then="largest",
        example="Next year 60 characters fit on the label: one CHECK is replaced by another.",
    ),
    Node(
        "largest", "largest", "How large can the {fact} get?",
        "A column that is full stops inserts, at the worst moment.", _largest,
        (
            Choice("integer", "up to 2 billion", "integer, 4 bytes", "precision"),
            Choice("bigint", "more", "bigint, 8 bytes", "precision"),
        ),
        asked=is_kind("whole-number"), then="precision",
        example="Bytes of a film, or views over ten years: more.",
    ),
    Node(
        "precision", "precision", "How many digits can the {fact} have in all?",
        "A number that is too large is refused, and never rounded in silence.",
        fixed("12", "room for a hundred million with four decimal places"), form="number",
        asked=is_kind("decimal"), then="scale", fits=_digits,
        example="123.45 has 5 digits, 2 of them after the point.",
    ),
    Node(
        "scale", "scale", "How many of them stand after the point?",
        "What stands behind is rounded away when it is stored.",
        fixed("4", "enough for weights, rates and scores"), form="number",
        asked=is_kind("decimal"), then="currency", fits=_places,
        example="Kilograms to the gram: 3.",
    ),
    Node(
        "currency", "currency", "In which currency is the {fact}, or per-row?",
        "An amount without its currency is a number.", _currency, form="text",
        asked=is_kind("money"), then="values", check=_a_currency,
        example="One shop in one country: EUR. Customers who pay in their own: per-row, and each "
        "amount has its code beside it.",
    ),
    Node(
        "values", "values", "Which values can the {fact} have?",
        "A list that the database knows cannot be misspelt.",
        lambda scene: Advice(scene.subject.values or (), "the list is yours to write"),
        lambda scene: tuple(Choice(v, v, "in the list") for v in scene.subject.values or ()),
        form="several", own_words=True, asked=is_kind("one-of"), then="kept_by",
        example="draft, sent, paid: in the order in which {a_thing} goes through them.",
    ),
    Node(
        "kept_by", "kept_by", "Who changes that list, and how often?",
        "Removing a value from a native enum means rebuilding it; a CHECK is a small change.",
        fixed("developers", "it changes with the code"),
        (
            Choice("developers", "developers, rarely", "text with a CHECK", "searched"),
            Choice("shared", "developers; other programs share the type", "a native enum",
                   "searched"),
            Choice("users", "users or operators", "a lookup table and a foreign key", "searched"),
        ),
        asked=is_kind("one-of"), then="searched",
        example="An operator adds a value on a Tuesday without a release: a lookup table.",
    ),
    Node(
        "searched", "searched", "Which parts of the {fact} are filtered, sorted or joined by?",
        "What is searched wants a type, a rule and an index of its own: it becomes a column.",
        lambda _: Advice((), "no step says that a part of it is searched"),
        lambda scene: tuple(Choice(p, p, "a column of its own")
                            for p in scene.subject.searched or ()),
        form="several", own_words=True, asked=is_kind("json"), then="holds_keys",
        check=_a_part, set=_promote,
        example="A list of {things} is sorted by a score that lies within {fact}: score.",
    ),
    Node(
        "holds_keys", "holds_keys", "Do the values of {fact} point at rows?",
        "A list of ids is a many-to-many without foreign keys: nothing keeps it true.",
        _holds_keys,
        (
            Choice("no", "no, plain words", "a list in the row", "computed_from"),
            Choice("yes", "yes", "no column: a many-to-many, with a foreign key each way",
                   "protection"),
        ),
        asked=is_kind("list"), then="computed_from", set=_point,
        example="Words that anybody types: plain. Words from a list that somebody keeps: rows.",
    ),
    Node(
        "computed_from", "computed_from", "From which facts does the {fact} follow?",
        "Whoever changes one of them must know that another follows.",
        lambda _: Advice((), "nobody said from which"), _other_facts, form="several",
        asked=is_kind("computed"), then="computed",
        example="A total follows from quantity and price.",
    ),
    Node(
        "computed", "computed", "How does it follow: an expression, or now-and-then?",
        "Always: the database computes it whenever the row is written, and nobody else can write "
        "it. Now and then: a job writes it, and it may be stale meanwhile.",
        fixed(NOW_AND_THEN, "a job can compute anything, also from other tables"), form="text",
        asked=is_kind("computed"), then="required", fits=_computed,
        example="quantity * price_cents is always true; the sum of all {things} is written by a "
        "job each night.",
    ),
)  # fmt: skip
"""The first nodes of the tree of an attribute."""
