"""The nodes that say when a fact is known, what it may be, and who may see it."""

from __future__ import annotations

from typing import Final

from schemawalk.design.model import Attribute, Design
from schemawalk.schema.kinds import WITHOUT_DEFAULT, is_hidden, kind_of
from schemawalk.schema.language.grammar import ExpressionError, parse
from schemawalk.schema.language.typing_rules import default_misfit, misfit
from schemawalk.schema.sentences import article, one
from schemawalk.schema.tables.computed import is_generated
from schemawalk.schema.tables.lookup import Lookup
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.tree import Advice, Choice, Node, Scene
from wizard_steps.column_kinds import entity_of
from wizard_steps.proposing.facts import as_usual, uniqueness
from wizard_steps.proposing.known import known_names, unknown_names
from wizard_steps.purposes import OF_ATTRIBUTE

WORKER: Final = "worker"
INCOMPARABLE: Final = frozenset(("list", "bytes", "json"))
"""Kinds of which nobody asks whether two are the same."""
GUARDED: Final = frozenset(("confidential", "personal", "secret"))


def a_rule(text: str) -> None:
    """Raise AnswerError unless the text is a rule."""
    try:
        parse(text)
    except ExpressionError as error:
        raise AnswerError(f"{text!r} is not a rule: {error}.") from None


def _rules_fit(scene: Scene, rules: tuple[str, ...]) -> None:
    """Raise AnswerError unless each rule speaks of the table's columns, and of like with like."""
    known = known_names(scene) if rules else {}
    for rule in rules:
        expression = parse(rule)
        unknown_names(scene, expression, known)
        if why := misfit(expression, known):
            raise AnswerError(f"{rule!r} does not fit: {why}.")


def _default_fits(scene: Scene, values: tuple[str, ...]) -> None:
    if why := default_misfit(values[0].strip(), scene.subject):
        raise AnswerError(f"{values[0]!r} is no default of {scene.subject.name}: {why}. Write "
                          "'text' in quotes, a number, true, false, now, today, uuid or none."
                          )  # fmt: skip


def _required(scene: Scene) -> Advice:
    name = scene.subject.name
    if name.endswith("_at") and name not in ("created_at", "updated_at"):
        return Advice(("later",), "a moment that comes after the row")
    if kind_of(scene.subject).id in ("computed", "json", "long-text"):
        return Advice(("optional",), f"{kind_of(scene.subject).label} is often missing")
    return Advice(("start",), "a row without it would say little")


def _known_by(scene: Scene) -> Advice:
    """The first step that changes the thing; else a worker."""
    from wizard_steps.proposing.lifecycle import acts

    entity_id = scene.subject.id.partition(".")[0]
    for step, quote in acts(scene.lookup).get((entity_id, "change"), ()):
        return Advice((step,), f'"{quote}"')
    return Advice((WORKER,), "no step says that somebody gives it")


def _knowers(scene: Scene) -> tuple[Choice, ...]:
    """The steps, a worker, and the words that somebody wrote into the design."""
    steps = tuple(Choice(s.id, s.title, "NULL until that step", "default")
                  for s in scene.design.steps)  # fmt: skip
    worker = Choice(WORKER, "a worker or another program", "NULL until it is done", "default")
    known = {choice.value for choice in (*steps, worker)}
    said = scene.subject.known_by
    own = (Choice(said, said, "in your words", "default"),) if said and said not in known else ()
    return (*steps, worker, *own)


def _default(scene: Scene) -> Advice:
    kind = kind_of(scene.subject).id
    if scene.subject.name in ("created_at", "updated_at"):
        return Advice(("now",), "the database's clock is the one that all agree on")
    if kind == "yes-no":
        return Advice(("false",), "nothing is true before somebody says so")
    if kind == "one-of" and scene.subject.values and scene.subject.required == "start":
        return Advice((f"'{scene.subject.values[0]}'",), "every row begins in the first state")
    return Advice(("none",), "whoever adds the row knows it")


# Uniqueness


def _has_group(scene: Scene) -> bool:
    return bool(scene.lookup.of_archetype("group"))


def _beside(scene: Scene) -> tuple[Choice, ...]:
    """What it can be unique together with: the entity's other facts, and what it belongs to."""
    entity = entity_of(scene)
    if entity is None:
        return ()
    facts = (a for a in entity.attributes if a.id != scene.subject.id)
    parents = _parents(scene.lookup, entity.id)
    return (
        *(Choice(key, f"its {parent}", f"within one {parent}") for key, parent in parents),
        *(Choice(a.id.partition(".")[2], a.name, f"with the same {a.name}") for a in facts),
    )  # fmt: skip


def _parents(lookup: Lookup, entity_id: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (link.id, (link.role or one(parent)).replace("_", " "))
        for link, parent in lookup.parents(entity_id)
    )


def _unique_with(scene: Scene) -> Advice:
    parents = _parents(scene.lookup, scene.subject.id.partition(".")[0])
    if parents:
        return Advice(
            (parents[0][0],), f"the {{fact}} usually says which one of {article(parents[0][1])}"
        )
    return Advice((), "it belongs to nothing: choose what stands beside it")


def _share(design: Design, attribute_id: str, values: tuple[str, ...]) -> Design:
    """Takes whether two may share it; what two share cannot alone make them the same."""
    entity_id, _, key = attribute_id.partition(".")
    entities = []
    for entity in design.entities:
        if entity.id == entity_id:
            facts = tuple(
                a.model_copy(update={"unique": values[0]}) if a.id == attribute_id else a
                for a in entity.attributes
            )
            shared = values[0] == "no" and entity.identity == (key,)
            identity = () if shared else entity.identity
            entity = entity.model_copy(update={"attributes": facts, "identity": identity})
        entities.append(entity)
    return design.model_copy(update={"entities": tuple(entities)})


def _has_case(scene: Scene) -> bool:
    """Whether it is a text that no two share, and which people write as they like."""
    fact = scene.subject
    text = kind_of(fact).type.name == "text" and kind_of(fact).id not in ("one-of", "secret")
    return text and fact.unique not in (None, "no") and not is_hidden(fact)


def _collation(scene: Scene) -> Advice:
    if kind_of(scene.subject).id == "email":
        return Advice(("any-case",), "nobody has two mailboxes that differ in case")
    return Advice(("exact",), "nothing says that case does not matter")


# Who may see it


def _sensitivity(scene: Scene) -> Advice:
    kind, name = kind_of(scene.subject).id, scene.subject.name
    if kind == "secret":
        return Advice(("secret",), "its kind says so")
    entity = entity_of(scene)
    person = entity is not None and scene.lookup.archetype(entity).id == "person"
    if kind in ("email", "phone") or (person and name in ("name", "address", "birthday", "bio")):
        return Advice(("personal",), "it tells who somebody is")
    return Advice(("internal",), "for those who use the product")


def _protection(scene: Scene) -> Advice:
    if scene.subject.sensitivity == "secret":
        return Advice(("hash",), "nobody needs to read it again, only to compare it")
    return Advice(("comment",), "the product itself shows it: its code decides to whom")


def _ruled(attribute: Attribute) -> str:
    """What hiding it from the database costs here."""
    lost = []
    if attribute.rules or kind_of(attribute).rules or attribute.values:
        lost.append("its rules")
    if attribute.unique not in (None, "no"):
        lost.append("its uniqueness")
    return f"; {' and '.join(lost)} can no longer be checked" if lost else ""


def _protections(scene: Scene) -> tuple[Choice, ...]:
    return (
        Choice("comment", "said in its comment", "the column's comment says what it is; never in "
               "seeds"),
        Choice("mask", "a view that masks it", "few read the table, the others a view in which it "
               "is blacked out"),
        Choice("encrypt", "encrypted", "bytes: neither searched nor sorted, and "
               f"whoever has the key reads it{_ruled(scene.subject)}"),
        Choice("hash", "only a hash of it", f"it can be compared and never be read again"
               f"{_ruled(scene.subject) if not is_hidden(scene.subject) else ''}"),
    )  # fmt: skip


RULE_NODES: Final = (
    Node(
        "required", "required", "When is the {fact} known?",
        "NOT NULL fails fast; NULL says that something is still to come.",
        as_usual("required", _required),
        (
            Choice("start", "from the start", "NOT NULL", "default"),
            Choice("later", "later, by another step or process", "NULL until then", "known_by"),
            Choice("optional", "perhaps never", "NULL", "default"),
        ),
        asked=lambda scene: not is_generated(scene.subject), then="unique",
        example="When {a_thing} is added, somebody gives the {fact}: from the start. A worker "
        "finds it out: later.",
    ),
    Node(
        "known_by", "known_by", "By which step is the {fact} known?",
        "Whoever reads a NULL wants to know whether it is late or never comes.",
        _known_by, _knowers, own_words=True, then="default",
        asked=lambda scene: scene.subject.required == "later",
        example="completed_at is known when the worker is done.",
    ),
    Node(
        "default", "default", "What if nobody gives the {fact}?",
        "A default in the database holds for every program that writes.", _default,
        form="text", then="unique", fits=_default_fits,
        asked=lambda scene: kind_of(scene.subject).id not in WITHOUT_DEFAULT,
        example="now for a moment, today for a date, 'draft' for a status, 0 for a counter.",
    ),
    Node(
        "unique", "unique", "Can two {things} have the same {fact}?",
        "Uniqueness that only the code checks breaks under two requests at once.",
        uniqueness,
        (
            Choice("no", "yes, they can", "no constraint", "rules"),
            Choice("alone", "no", "UNIQUE", "collation"),
            Choice("per-tenant", "not within one group", "UNIQUE with the group's key",
                   "collation", _has_group),
            Choice("together", "not together with something else", "UNIQUE over both",
                   "unique_with"),
        ),
        asked=lambda scene: kind_of(scene.subject).id not in INCOMPARABLE, then="rules",
        set=_share,
        example="Two {things} of different teams may share the {fact}, two of one team may not: "
        "not "
        "within one group.",
    ),
    Node(
        "unique_with", "unique_with", "Together with what is the {fact} unique?",
        "A name is often unique within its parent and nowhere else.",
        _unique_with, _beside, form="several", then="collation",
        asked=lambda scene: scene.subject.unique == "together",
        example="Page 3 of one document, and page 3 of another: unique with its document.",
    ),
    Node(
        "collation", "collation", "Is the {fact} the same in upper and lower case?",
        "Two accounts for Ada@example.org and ada@example.org are one person, twice.", _collation,
        (
            Choice("exact", "no, each letter counts", "compared letter by letter", "rules"),
            Choice("any-case", "yes, the same", "an index over lower(…), or a collation that "
                   "ignores case", "rules"),
        ),
        asked=_has_case, then="rules",
        example="A voucher SAVE10 that somebody types as save10: the same.",
    ),
    Node(
        "rules", "rules", "Which rules must the {fact} obey?",
        "Written once here, a rule becomes a CHECK. For instance: {column} > 0, "
        "length({column}) <= 100, if {column} > 5 then other is not null; or, in its own SQL, "
        "postgresql: {column} % 5 = 0.",
        lambda _: Advice((), "its kind brings its own rules"),
        lambda scene: tuple(Choice(r, r, "a CHECK") for r in scene.subject.rules or ()),
        form="several", own_words=True, then="sensitivity", check=a_rule, fits=_rules_fit,
        example="completed_at >= started_at; status = 'failed' implies error_message is not null.",
    ),
    Node(
        "sensitivity", "sensitivity", "Who may see the {fact}?",
        "Personal data must be found again when somebody asks to be forgotten.", _sensitivity,
        (
            Choice("public", "everybody", "nothing to protect"),
            Choice("internal", "those who use the product", "nothing special"),
            Choice("confidential", "few", "noted in the column's comment", "protection"),
            Choice("personal", "it is about a person", "personal data: noted, never in seeds",
                   "protection"),
            Choice("secret", "nobody", "only a hash is kept", "protection"),
        ),
        then="purpose",
        example="An address tells where somebody lives: it is about a person.",
    ),
    Node(
        "protection", "protection", "How is the {fact} kept from those who need not see it?",
        "What is only forbidden in the code is open to every report and every backup.",
        _protection, _protections,
        asked=lambda scene: scene.subject.sensitivity in GUARDED, then="protected_by",
        example="Support staff see ●●●● and the last four digits: a view that masks it.",
    ),
    Node(
        "protected_by", "protected_by", "What makes it unreadable?",
        "Whatever does it has seen it: the program alone, or the database and its logs too.",
        lambda _: Advice(("program",), "the database, its logs and its backups never see it"),
        (
            Choice("program", "the program", "it arrives as a hash or a cipher; each program must "
                   "think of it"),
            Choice("database", "the database", "a trigger with pgcrypto, for every program; the "
                   "key comes with each session, and a log of statements may tell the value",
                   offered=lambda scene: scene.design.stack.database in (None, "postgresql")),
        ),
        asked=lambda scene: is_hidden(scene.subject)
        and scene.subject.sensitivity in GUARDED,
        then="purpose",
        example="Who reads a backup of the database reads nothing, either way; who reads its log "
        "of statements does, where the database encrypts.",
    ),
    OF_ATTRIBUTE,
)  # fmt: skip
"""The last nodes of the tree of an attribute."""
