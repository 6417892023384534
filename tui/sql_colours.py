"""Which colour role each kind of word in SQL has."""

from __future__ import annotations

from pygments.token import Token  # type: ignore[import-untyped]
from textual.highlight import HighlightTheme


class SqlColours(HighlightTheme):
    """SQL in the roles of the themes, so that each theme's contrast holds for it too."""

    STYLES: dict[tuple[str, ...], str] = {  # noqa: RUF012  (the base class has it so)
        Token.Comment: "$muted",
        Token.Keyword: "$accent",
        Token.Keyword.Type: "bold",
        Token.Name.Builtin: "bold",
        Token.Literal.Number: "$warn",
        Token.Literal.String: "$good",
        Token.Literal.String.Symbol: "$text",
        Token.Operator.Word: "$accent",
    }
