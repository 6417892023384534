"""SQLite keeps tables and indexes as the text that made them: the constraints read from that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from schemawalk.engines.catalogue import quoted

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<string>[xX]?'(?:[^']|'')*')
    |(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    |(?P<word>[^\W\d][\w$]*)
    |(?P<number>\d[\w.]*|\.\d\w*)
    |(?P<sign><>|<=|>=|==|!=|\|\||->>|->|<<|>>|.)""",
    re.VERBOSE | re.DOTALL,
)
Kind = Literal["primary key", "UNIQUE", "CHECK", "foreign key"]
_TABLE_RULES: Final = frozenset(("constraint", "primary", "unique", "check", "foreign"))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, name, string, number or sign; `text` is as two equal things are spelled alike."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """A word that is not quoted, in lower case; empty for anything else."""
        return self.text if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """What an identifier stands for, without its quotes."""
        if self.kind != "name":
            return self.text
        end = self.text[-1]
        return self.text[1:-1].replace(end * 2, end)


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint as the table's text has it."""

    kind: Kind
    name: str
    columns: tuple[str, ...] = ()
    expression: str = ""
    parent: str = ""
    deferrable: str = "no"


def tokens(text: str) -> tuple[Token, ...]:
    """The text without spaces and comments; words in lower case, names quoted if they must be."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "space":
            continue
        token = Token(kind, match.group())
        if kind == "name":
            plain = quoted(token.name)
            token = Token("name", f'"{plain}"' if plain == token.name else plain)
        found.append(Token(kind, token.text.lower()) if kind == "word" else token)
    return tuple(found)


def spelled(text: str) -> str:
    """An expression in one spelling: single spaces, no brackets around the whole."""
    return _joined(tokens(text))


def _joined(found: Sequence[Token]) -> str:
    while found and found[0].text == "(" and _closing(found, 0) == len(found) - 1:
        found = found[1:-1]
    return " ".join(quoted(t.name) if t.kind in ("name", "word") else t.text for t in found)


def _closing(found: Sequence[Token], opening: int) -> int:
    """Where the bracket at `opening` closes; the end of the text when it never does."""
    depth = 0
    for at in range(opening, len(found)):
        depth += {"(": 1, ")": -1}.get(found[at].text, 0)
        if not depth:
            return at
    return len(found)


def predicate(index: str) -> str:
    """The expression after WHERE in the text of an index; empty when there is none."""
    found, depth = tokens(index), 0
    for at, token in enumerate(found):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.word == "where" and not depth:
            return _joined(found[at + 1 :])
    return ""


def parts_of(index: str) -> tuple[str, ...]:
    """The parts in the text of an index, each in one spelling, without its direction."""
    found = tokens(index)
    opening = next((at for at, token in enumerate(found) if token.text == "("), len(found))
    items = _items(found[opening + 1 : _closing(found, opening)])
    return tuple(_joined(i[:-1] if i and i[-1].word in ("asc", "desc") else i) for i in items)


def asked(view: str) -> str:
    """The SELECT in the text of a view, in one spelling."""
    found = tokens(view)
    start = next((at for at, token in enumerate(found) if token.word == "as"), len(found))
    return _joined(found[start + 1 :])


@dataclass(frozen=True, slots=True)
class ColumnText:
    """What the text of a table says of a column and no pragma tells."""

    collation: str = ""
    generated: str = ""


def columns(table: str) -> dict[str, ColumnText]:
    """The table's columns by name, with their collations and what they are generated from."""
    read = {}
    for item in _items(_body(table)):
        if item and item[0].word not in _TABLE_RULES:
            read[item[0].name] = _column_text(item)
    return read


def _column_text(item: Sequence[Token]) -> ColumnText:
    collation, generated, depth = "", "", 0
    for at, token in enumerate(item):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        after = item[at + 1] if at + 1 < len(item) else Token("end", "")
        if token.word == "collate" and not depth:
            collation = after.name.upper()
        if token.word == "as" and after.text == "(" and not depth:
            generated = _joined(item[at + 1 : _closing(item, at + 1) + 1])
    return ColumnText(collation, generated)


def rules(table: str) -> tuple[Rule, ...]:
    """The constraints in the text of a table, in order: those of columns, and its own."""
    return tuple(rule for item in _items(_body(table)) for rule in _Item(item).rules())


def _body(table: str) -> Sequence[Token]:
    """What stands between the brackets of CREATE TABLE."""
    found = tokens(table)
    opening = next((at for at, token in enumerate(found) if token.text == "("), len(found))
    return found[opening + 1 : _closing(found, opening)]


def _items(body: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start = depth = 0
    for at, token in enumerate(body):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and not depth:
            yield body[start:at]
            start = at + 1
    yield body[start:]


class _Item:
    """One column or table constraint between two commas."""

    def __init__(self, found: Sequence[Token]) -> None:
        own = bool(found) and found[0].word in _TABLE_RULES
        self.found = found
        self.at = 0 if own else 1
        self.column: tuple[str, ...] = () if own or not found else (found[0].name,)
        self.name = ""

    def rules(self) -> Iterator[Rule]:
        while self.at < len(self.found):
            if rule := self.next():
                yield rule
                self.name = ""

    def next(self) -> Rule | None:
        word = self.found[self.at].word
        following = self.found[self.at + 1].text if self.at + 1 < len(self.found) else ""
        match word, following:
            case "constraint", _:
                self.name = self.found[self.at + 1].name
                self.at += 2
                return None
            case "primary", "key":
                self.at += 2
                return Rule("primary key", self.name, self.names() or self.column)
            case "unique", _:
                self.at += 1
                return Rule("UNIQUE", self.name, self.names() or self.column)
            case "check", "(":
                self.at += 1
                return Rule("CHECK", self.name, expression=_joined(self.group()))
            case "foreign", "key":
                self.at += 2
                self.column = self.names()
                return None
            case "references", _:
                return self.reference()
            case _:
                self.group()
                return None

    def group(self) -> Sequence[Token]:
        """The next token, or all up to the bracket that closes it."""
        start = self.at
        self.at = _closing(self.found, start) + 1 if self.found[start].text == "(" else start + 1
        return self.found[start : self.at]

    def names(self) -> tuple[str, ...]:
        """The first token of each part in brackets, when brackets come next."""
        if self.at >= len(self.found) or self.found[self.at].text != "(":
            return ()
        return tuple(part[0].name for part in _items(self.group()[1:-1]) if part)

    def reference(self) -> Rule:
        parent = self.found[self.at + 1].name
        self.at += 2
        self.names()
        words = [token.word for token in self.found[self.at :]]
        deferrable = "no"
        if "deferrable" in words and "not" not in words[: words.index("deferrable")][-1:]:
            later = words[words.index("deferrable") + 1 :][:2] == ["initially", "deferred"]
            deferrable = "from the start" if later else "on request"
        return Rule("foreign key", self.name, self.column, parent=parent, deferrable=deferrable)
