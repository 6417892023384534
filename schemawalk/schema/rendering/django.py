"""Rules as Django's `Q` objects, in Python's text, for a `CheckConstraint` or a filter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from schemawalk.schema.language.evaluation import moment
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Arithmetic,
    Between,
    Call,
    Compare,
    CompareOperator,
    Expression,
    Fragment,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    walk,
)
from schemawalk.schema.language.sorts import DAY, MOMENT, NUMBER, TEXT, Meanings, sort_of
from schemawalk.schema.rendering import NotRenderedError
from schemawalk.schema.tables.computed import type_of_value

IMPORTS: Final = (
    "import datetime as dt",
    "from decimal import Decimal",
    "from django.db import models",
    "from django.db.models import functions, lookups",
)
"""What the text needs to be imported."""

_LOOKUPS: Final[Mapping[str, tuple[str, str]]] = {
    "=": ("", "Exact"),
    "<": ("__lt", "LessThan"),
    "<=": ("__lte", "LessThanOrEqual"),
    ">": ("__gt", "GreaterThan"),
    ">=": ("__gte", "GreaterThanOrEqual"),
}
"""By sign: what follows a field's name, and the class that compares anything else."""
_OPPOSITES: Final[Mapping[CompareOperator, CompareOperator]] = {
    "=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_UTC: Final = "tzinfo=dt.timezone.utc"
_DECIMAL: Final = "models.DecimalField(max_digits=38, decimal_places=12)"
_DURATION: Final = "models.DurationField()"
FUNCTIONS: Final[Mapping[str, str]] = {
    "length": "functions.Length({0})",
    "lower": "functions.Lower({0})",
    "exactly": "{0}",
    "as_text": "functions.Cast({0}, models.CharField())",
    "wide": "{0}",
    "year": "functions.ExtractYear({0})",
    "month": "functions.ExtractMonth({0})",
    "year_of_moment": f"functions.ExtractYear({{0}}, {_UTC})",
    "month_of_moment": f"functions.ExtractMonth({{0}}, {_UTC})",
    "day": f"functions.TruncDate({{0}}, {_UTC})",
    "time_between": f"models.ExpressionWrapper({{0}} - {{1}}, output_field={_DURATION})",
    "days_between": f"models.ExpressionWrapper({{0}} - {{1}}, output_field={_DURATION})",
    "moment_plus": "models.ExpressionWrapper({0} + {1}, output_field=models.DateTimeField())",
    "moment_minus": "models.ExpressionWrapper({0} - {1}, output_field=models.DateTimeField())",
    "day_plus": "models.ExpressionWrapper({0} + {1}, output_field=models.DateField())",
    "day_minus": "models.ExpressionWrapper({0} - {1}, output_field=models.DateField())",
}
"""By function; days between two days are a length of time in Django."""
_CONDITIONS = (Compare, Logic, Not, IsNull, In, Between, Matches)


def django(rule: Expression, known: Meanings) -> str:
    """Python text whose value is a `Q` that is true or unknown where the rule is.

    Raises NotRenderedError for what Django cannot say without SQL.
    """
    return _Writing(known).condition(explicit(rule, known), so=True)


class _Writing:
    """One rule on its way; a negation is carried inwards, as Django's `~` knows no unknown."""

    def __init__(self, known: Meanings) -> None:
        self.known = known

    def condition(self, rule: Expression, *, so: bool) -> str:
        match rule:
            case Logic(word, parts):
                sign = "&" if (word == "and") == so else "|"
                return f" {sign} ".join(self.bracketed(part, so=so) for part in parts)
            case Not(operand):
                return self.condition(operand, so=not so)
            case Compare(sign, left, right) if _is_condition(left) or _is_condition(right):
                return self.same(sign, left, right, so=so)
            case Compare(sign, left, right):
                _look_at_days(left, right)
                return self.compared(sign if so else _OPPOSITES[sign], left, right)
            case Between(operand, low, high):
                both = (Compare(">=", operand, low), Compare("<=", operand, high))
                return self.condition(Logic("and", both), so=so)
            case _:
                return self.asked(rule, so=so)

    def bracketed(self, rule: Expression, *, so: bool) -> str:
        text = self.condition(rule, so=so)
        return f"({text})" if " | " in text or " & " in text else text

    def same(self, sign: str, left: Expression, right: Expression, *, so: bool) -> str:
        """Two conditions compared: both hold, or neither does."""
        if sign not in ("=", "<>"):
            raise NotRenderedError("conditions have no order")
        other = right if (sign == "=") == so else Not(right)
        both = Logic("and", (left, other))
        neither = Logic("and", (Not(left), Not(other)))
        return self.condition(Logic("or", (both, neither)), so=True)

    def compared(self, sign: CompareOperator, left: Expression, right: Expression) -> str:
        if sign == "<>":
            return "~" + self.compared("=", left, right)
        suffix, lookup = _LOOKUPS[sign]
        if isinstance(left, Name) and left.name.isidentifier() and "__" not in left.name:
            return f"models.Q({left.name}{suffix}={self.beside(right, left)})"
        first, second = self.beside(left, right), self.beside(right, left)
        if isinstance(left, Literal):
            first = f"models.Value({first})"
        return f"models.Q(lookups.{lookup}({first}, {second}))"

    def asked(self, rule: Expression, *, so: bool) -> str:
        no = "" if so else "~"
        match rule:
            case IsNull(operand, negated):
                return f"models.Q(lookups.IsNull({self.value(operand)}, {negated != so}))"
            case In(operand, values):
                listed = ", ".join(self.beside(value, operand) for value in values)
                return f"{no}models.Q(lookups.In({self.value(operand)}, [{listed}]))"
            case Matches(operand, pattern):
                return f"{no}models.Q(lookups.Regex({self.value(operand)}, {pattern!r}))"
            case Call("blank", (argument,)):
                return f"{no}models.Q(lookups.Exact(functions.Trim({self.value(argument)}), ''))"
            case Name(name):
                return f"models.Q(lookups.Exact(models.F({name!r}), {so}))"
            case Literal(bool(value)):
                return f"models.Q(lookups.Exact(models.Value({value}), {so}))"
            case Fragment(database, _):
                raise NotRenderedError(f"the rule is written in {database}'s own SQL")
            case _:
                raise NotRenderedError(f"{rule} is no condition")

    def beside(self, expression: Expression, other: Expression) -> str:
        """An operand, a constant as Python has it of the other side's sort."""
        if not isinstance(expression, Literal):
            return self.value(expression)
        value, sort = expression.value, sort_of(other, self.known)
        if isinstance(value, int) and isinstance(other, Call) and other.function == "days_between":
            return f"dt.timedelta(days={value})"
        if isinstance(value, str) and sort == DAY:
            return _day(value)
        if isinstance(value, str) and sort == MOMENT:
            return _moment(value)
        return _constant(expression)

    def value(self, expression: Expression) -> str:
        match expression:
            case Name(name):
                return f"models.F({name!r})"
            case Literal():
                return f"models.Value({_constant(expression)})"
            case Arithmetic(sign, left, right):
                return self.computed(sign, left, right, expression)
            case Call(function, arguments):
                return self.timed(expression) or self.called(function, arguments, expression)
            case _:
                raise NotRenderedError(f"Django has no words for {expression}")

    def timed(self, call: Call) -> str:
        """Constants of time, and days to which some are added; empty for other calls."""
        match call:
            case Call("date", (Literal(str(text)),)):
                return f"models.Value({_day(text)})"
            case Call("moment", (Literal(str(text)),)):
                return f"models.Value({_moment(text)})"
            case Call(function, (Literal(count),)) if function.startswith("lasting_"):
                return f"models.Value(dt.timedelta({function.removeprefix('lasting_')}={count}))"
            case Call("day_plus" | "day_minus" as function, (day, Literal(int(count)))):
                length = f"models.Value(dt.timedelta(days={count}))"
                return FUNCTIONS[function].format(self.value(day), length)
            case Call("day_plus" | "day_minus", _):
                raise NotRenderedError("Django adds no counted days to a day")
            case _:
                return ""

    def called(
        self, function: str, arguments: tuple[Expression, ...], expression: Expression
    ) -> str:  # fmt: skip
        match function, arguments:
            case "coalesce", (first, *others):
                listed = [self.value(first), *(self.valued(each, first) for each in others)]
                field = self.field(expression)
                return f"functions.Coalesce({', '.join(listed)}{field})"
            case "concat", _:
                listed = list(map(self.value, arguments))
                return (
                    f"models.Func({', '.join(listed)}, template='%(expressions)s', "
                    "arg_joiner=' || ', output_field=models.TextField())"
                )
            case "present", _:
                return " + ".join(map(self.counted, arguments))
            case _ if function in FUNCTIONS:
                return FUNCTIONS[function].format(*map(self.value, arguments))
            case _:
                raise NotRenderedError(f"Django has no words for {expression}")

    def valued(self, expression: Expression, first: Expression) -> str:
        text = self.beside(expression, first)
        return f"models.Value({text})" if isinstance(expression, Literal) else text

    def counted(self, argument: Expression) -> str:
        absent = f"lookups.IsNull({self.value(argument)}, True)"
        return f"models.Case(models.When({absent}, then=0), default=1)"

    def computed(
        self, sign: str, left: Expression, right: Expression, whole: Expression
    ) -> str:  # fmt: skip
        first, second = self.value(left), self.value(right)
        if sign == "/":
            first = f"functions.Cast({first}, models.FloatField())"
            second = f"functions.NullIf({second}, models.Value(0))"
            return f"models.ExpressionWrapper({first} / {second}, output_field=models.FloatField())"
        field = self.field(whole) or f", output_field={_DURATION}"
        return f"models.ExpressionWrapper({first} {sign} {second}{field})"

    def field(self, expression: Expression) -> str:
        """What Django must be told of the type of numbers and texts: it mixes none by itself."""
        sort = sort_of(expression, self.known)
        if sort != NUMBER:
            return ", output_field=models.TextField()" if sort == TEXT else ""
        type_ = type_of_value(expression, self.known)
        whole = type_ is not None and type_.name in ("integer", "bigint")
        return f", output_field={'models.BigIntegerField()' if whole else _DECIMAL}"


def _look_at_days(left: Expression, right: Expression) -> None:
    """Raise unless days between two days are compared with a whole number, or not at all."""
    for side, other in ((left, right), (right, left)):
        inside = [e for e in walk(side) if isinstance(e, Call) and e.function == "days_between"]
        alone = side in inside and isinstance(other, Literal) and isinstance(other.value, int)
        if inside and not (alone and len(inside) == 1):
            raise NotRenderedError("days between two days are only compared with a whole number")


def _is_condition(expression: Expression) -> bool:
    truth = isinstance(expression, Literal) and isinstance(expression.value, bool)
    return truth or isinstance(expression, _CONDITIONS)


def _constant(literal: Literal) -> str:
    value = literal.value
    return f'Decimal("{value}")' if isinstance(value, Decimal) else repr(value)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"dt.date({day.year}, {day.month}, {day.day})"


def _moment(text: str) -> str:
    at: datetime = moment(text)
    parts = (at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond)
    return f"dt.datetime({', '.join(map(str, parts))}, {_UTC})"
