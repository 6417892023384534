"""Step "columns": which facts each entity has, of which kind, and which rules they obey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schemawalk.design.model import Attribute, Design, Entity
from schemawalk.schema.archetypes import CREATED, UPDATED, Usual
from schemawalk.schema.expression import Literal
from schemawalk.schema.grammar import ExpressionError, parse
from schemawalk.schema.kinds import KINDS, guess_kind, kind_of
from schemawalk.schema.lookup import Lookup
from schemawalk.schema.names import snake, unique, words
from wizard_steps.question import AnswerError
from wizard_steps.steps import Row, Step, turned_down
from wizard_steps.tree import Advice, Choice, Node, Scene, Tree, fixed

FILES: Final = frozenset(("document", "file", "image", "photo", "video", "attachment", "report"))
"""Last words of names of things that are files."""

OF_FILE: Final = (
    Usual("file_name", "short-text", purpose="what the file was called when it came"),
    Usual("file_size_bytes", "whole-number", purpose="how big it is", rule="file_size_bytes > 0"),
    Usual("storage_key", "file", unique=True, purpose="where the object store keeps it"),
    Usual("status", "one-of", default="'uploading'", purpose="whether it has arrived",
          values=("uploading", "ready", "error")),
)  # fmt: skip
OF_EXTERNAL_USER: Final = Usual(
    "auth_id", "identifier", unique=True, purpose="the sign-in service's id for this person"
)
OF_PASSWORD_USER: Final = Usual(
    "password_hash", "secret", sensitivity="secret", purpose="hash of the password (argon2id)"
)
ROLE: Final = Usual(
    "role", "one-of", default="'member'", purpose="what they may do", values=("member", "admin")
)
RESULTS: Final = Usual("results", "json", "later", purpose="what came out, in its own structure")


def grow(design: Design, without: frozenset[str]) -> Design:
    """The design with the attributes that archetypes and answers suggest.

    An entity that has attributes already is left as it is.
    """
    lookup = Lookup(design)
    turned_away = without | set(design.dropped)
    entities = []
    for entity in design.entities:
        attributes = entity.attributes
        if not attributes and lookup.persists(entity):
            attributes = tuple(_usual(design, lookup, entity))
        kept = tuple(a for a in attributes if a.id not in turned_away)
        entities.append(entity.model_copy(update={"attributes": kept}))
    dropped = turned_down(design, without)
    return design.model_copy(update={"entities": tuple(entities), "dropped": dropped})


def _usual(design: Design, lookup: Lookup, entity: Entity) -> list[Attribute]:
    archetype = lookup.archetype(entity)
    usual = [u for u in archetype.usual if u not in (CREATED, UPDATED)]
    last = words(entity.name)[-1:]
    if design.unsaid.files == "object-store" and last and last[0] in FILES:
        usual = [*OF_FILE, *(u for u in usual if u.name != "name")]
    if (archetype.id == "person" and entity.origin == "unsaid.sign_in") or entity.id == "user":
        usual += _of_user(design)
    if archetype.id == "process" and "json" not in {u.kind for u in usual}:
        usual.append(RESULTS)
    usual += [u for u in archetype.usual if u in (CREATED, UPDATED)]
    return [attribute(entity, each) for each in usual]


def _of_user(design: Design) -> list[Usual]:
    wanted = {"external": OF_EXTERNAL_USER, "password": OF_PASSWORD_USER}
    found = [wanted[design.unsaid.sign_in]] if design.unsaid.sign_in in wanted else []
    return [*found, ROLE] if design.unsaid.roles == "on-user" else found


def attribute(entity: Entity, usual: Usual) -> Attribute:
    """The attribute of an entity that an archetype's row proposes."""
    return Attribute.model_validate(
        {
            "id": f"{entity.id}.{usual.name}",
            "name": usual.name,
            "kind": usual.kind,
            "required": usual.required,
            "default": usual.default,
            "unique": "alone" if usual.unique else "no",
            "values": usual.values or None,
            "kept_by": "developers" if usual.values else None,
            "rules": (usual.rule,) if usual.rule else (),
            "length": usual.length,
            "sensitivity": usual.sensitivity or None,
            "purpose": usual.purpose,
            "steps": entity.steps,
        }
    )


def added(design: Design, entity_id: str, name: str) -> Design:
    """The design with one more attribute, its kind guessed from its name."""
    entities = []
    for entity in design.entities:
        if entity.id == entity_id:
            taken = (a.id for a in entity.attributes)
            made = Attribute(id=unique(f"{entity.id}.{snake(name)}", taken), name=snake(name))
            entity = entity.model_copy(update={"attributes": (*entity.attributes, made)})
        entities.append(entity)
    return design.model_copy(update={"entities": tuple(entities)})


@dataclass(frozen=True, slots=True)
class _Kind:
    """Conditions on the kind of the attribute at hand."""

    kinds: frozenset[str]

    def __call__(self, scene: Scene) -> bool:
        return kind_of(scene.subject).id in self.kinds


def _is(*kinds: str) -> _Kind:
    return _Kind(frozenset(kinds))


def a_rule(text: str) -> None:
    """Raise AnswerError unless the text is a rule."""
    try:
        parse(text)
    except ExpressionError as error:
        raise AnswerError(f"{text!r} is not a rule: {error}.") from None


def _a_default(text: str) -> None:
    if text in ("now", "uuid", "none"):
        return
    try:
        constant = isinstance(parse(text), Literal)
    except ExpressionError:
        constant = False
    if not constant:
        raise AnswerError(f"{text!r} is no default: write 'text' in quotes, a number, true, false, "
                          "now, uuid or none.")  # fmt: skip


_KIND_CHOICES: Final = tuple(
    Choice(kind.id, kind.label, kind.leads_to, "largest") for kind in KINDS.values()
)


def _kind(scene: Scene) -> Advice:
    return Advice((guess_kind(scene.subject.name),), "the name suggests it")


def _largest(scene: Scene) -> Advice:
    if scene.subject.name.endswith(("_bytes", "_ms")):
        return Advice(("bigint",), "bytes and milliseconds pass 2 billion sooner than one thinks")
    return Advice(("integer",), "2 billion is enough for counting by hand")


def _required(scene: Scene) -> Advice:
    name = scene.subject.name
    if name.endswith("_at") and name not in ("created_at", "updated_at"):
        return Advice(("later",), "a moment that comes after the row")
    if kind_of(scene.subject).id in ("computed", "json", "long-text"):
        return Advice(("optional",), f"{kind_of(scene.subject).label} is often missing")
    return Advice(("start",), "a row without it would say little")


def _default(scene: Scene) -> Advice:
    kind = kind_of(scene.subject).id
    if scene.subject.name in ("created_at", "updated_at"):
        return Advice(("now",), "the database's clock is the one that all agree on")
    if kind == "yes-no":
        return Advice(("false",), "nothing is true before somebody says so")
    if scene.subject.values and scene.subject.required == "start":
        return Advice((f"'{scene.subject.values[0]}'",), "every row begins in the first state")
    return Advice(("none",), "whoever adds the row knows it")


def _sensitivity(scene: Scene) -> Advice:
    kind, name = kind_of(scene.subject).id, scene.subject.name
    if kind == "secret":
        return Advice(("secret",), "its kind says so")
    entity = scene.lookup.entities.get(scene.subject.id.partition(".")[0])
    person = entity is not None and scene.lookup.archetype(entity).id == "person"
    if kind in ("email", "phone") or (person and name in ("name", "address", "birthday")):
        return Advice(("personal",), "it tells who somebody is")
    return Advice(("internal",), "for those who use the product")


TREE: Final = Tree(
    "attribute",
    "Column type",
    "columns",
    "attributes",
    (
        Node(
            "kind", "kind", "What kind of fact is the {fact} of {a_thing}?",
            "The kind decides type, rules and how it is compared and sorted.",
            _kind, _KIND_CHOICES, then="largest",
        ),
        Node(
            "largest", "largest", "How large can the {fact} get?",
            "A column that is full stops inserts, at the worst moment.", _largest,
            (
                Choice("integer", "up to 2 billion", "integer, 4 bytes", "currency"),
                Choice("bigint", "more", "bigint, 8 bytes", "currency"),
            ),
            asked=_is("whole-number"), then="currency",
        ),
        Node(
            "currency", "currency", "In which currency is the {fact}?",
            "An amount without its currency is a number.",
            fixed("EUR", "one currency is simplest"), form="text",
            asked=_is("money"), then="values",
        ),
        Node(
            "values", "values", "Which values can the {fact} have?",
            "A list that the database knows cannot be misspelt.",
            lambda scene: Advice(scene.subject.values or (), "the list is yours to write"),
            form="several", own_words=True, asked=_is("one-of"), then="kept_by",
        ),
        Node(
            "kept_by", "kept_by", "Who changes that list, and how often?",
            "Removing a value from a native enum means rebuilding it; a CHECK is a small change.",
            fixed("developers", "it changes with the code"),
            (
                Choice("developers", "developers, rarely", "text with a CHECK", "required"),
                Choice("shared", "developers; other programs share the type", "a native enum",
                       "required"),
                Choice("users", "users or operators", "a lookup table and a foreign key",
                       "required"),
            ),
            asked=_is("one-of"), then="required",
        ),
        Node(
            "required", "required", "When is the {fact} known?",
            "NOT NULL fails fast; NULL says that something is still to come.", _required,
            (
                Choice("start", "from the start", "NOT NULL", "default"),
                Choice("later", "later, by another step or process", "NULL until then", "default"),
                Choice("optional", "perhaps never", "NULL", "default"),
            ),
        ),
        Node(
            "default", "default", "What if nobody gives the {fact}?",
            "A default in the database holds for every program that writes.", _default,
            form="text", then="unique", check=_a_default,
        ),
        Node(
            "unique", "unique", "Can two {things} have the same {fact}?",
            "Uniqueness that only the code checks breaks under two requests at once.",
            fixed("no", "nothing says that it identifies one"),
            (
                Choice("no", "yes, they can", "no constraint", "rules"),
                Choice("alone", "no", "UNIQUE", "rules"),
                Choice("per-tenant", "not within one group", "UNIQUE with the group's key",
                       "rules"),
            ),
        ),
        Node(
            "rules", "rules", "Which rules must the {fact} obey?",
            "Written once here, a rule becomes a CHECK. For instance: {column} > 0, "
            "length({column}) <= 100, not blank({column}).",
            lambda _: Advice((), "its kind brings its own rules"),
            form="several", own_words=True, then="sensitivity", check=a_rule,
        ),
        Node(
            "sensitivity", "sensitivity", "Who may see the {fact}?",
            "Personal data must be found again when somebody asks to be forgotten.", _sensitivity,
            (
                Choice("public", "everybody", "nothing to protect"),
                Choice("internal", "those who use the product", "nothing special"),
                Choice("confidential", "few", "noted in the column's comment"),
                Choice("personal", "it is about a person", "personal data: noted, never in seeds"),
                Choice("secret", "nobody", "only a hash is kept"),
            ),
        ),
    ),
    lambda scene: kind_of(scene.subject).label,
)  # fmt: skip


def _rows(design: Design) -> tuple[Row, ...]:
    lookup = Lookup(design)
    rows = []
    for entity in design.entities:
        if lookup.persists(entity):
            for each in entity.attributes:
                rows.append(Row(each.id, f"{entity.name} · {each.name}", detail(each),
                                each.purpose))  # fmt: skip
    return tuple(rows)


def detail(attribute: Attribute) -> str:
    """The attribute in a few words: "text, NOT NULL, one of a, b"."""
    parts = [kind_of(attribute).label]
    if attribute.required == "start":
        parts.append("required")
    elif attribute.required == "later":
        parts.append("later")
    if attribute.values:
        parts.append(" | ".join(attribute.values))
    if attribute.default not in (None, "none"):
        parts.append(f"default {attribute.default}")
    if attribute.unique in ("alone", "per-tenant"):
        parts.append("unique")
    return ", ".join((*parts, *(attribute.rules or ())))


def _headline(design: Design) -> str:
    lookup = Lookup(design)
    tables = [e for e in design.entities if lookup.persists(e)]
    return f"{sum(len(e.attributes) for e in tables)} facts about {len(tables)} entities"


STEP: Final = Step(
    "columns",
    "Columns",
    "Which facts are kept about each entity? The kind of fact decides the type, never a habit.",
    (TREE,),
    grow,
    _rows,
    _headline,
)
