"""The technologies that a stack is made of, and the labels and phrases around them, as tables."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w.-])(?:" + "|".join(alternatives) + r")(?![\w-])", re.IGNORECASE)


DATABASES: Mapping[str, re.Pattern[str]] = {
    "postgresql": _words(
        r"postgre(?:s|sql)?", r"psql", r"supabase", r"neon(?: ?db)?", r"timescale(?:db)?"
    ),
    "mariadb": _words(r"maria ?db"),
    "mysql": _words(r"mysql", r"planetscale"),
    "sqlite": _words(r"sqlite\d?", r"libsql", r"turso"),
    "mongodb": _words(r"mongo(?: ?db)?", r"mongoose", r"documentdb"),
}

SERVICES = _words(r"supabase", r"neon(?: ?db)?", r"timescale(?:db)?", r"planetscale", r"mongoose")
"""Names that imply a database but are products on top of it: no version of theirs counts."""

FRAMEWORKS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "fastapi": (_words(r"fast ?api"), "python"),
    "django": (_words(r"django(?: rest framework)?"), "python"),
    "flask": (_words(r"flask"), "python"),
    "nestjs": (_words(r"nest\.?js"), "typescript"),
    "express": (_words(r"express(?:\.?js)"), "javascript"),
    "fastify": (_words(r"fastify"), "javascript"),
    "hono": (_words(r"hono"), "typescript"),
    "rails": (_words(r"(?:ruby on )?rails"), "ruby"),
    "sinatra": (_words(r"sinatra"), "ruby"),
    "gin": (_words(r"gin"), "go"),
    "echo": (_words(r"echo"), "go"),
    "fiber": (_words(r"fiber"), "go"),
    "chi": (_words(r"chi"), "go"),
    "spring": (_words(r"spring(?: ?boot)?"), "other"),
    "laravel": (_words(r"laravel"), "other"),
    "phoenix": (_words(r"phoenix"), "other"),
    "aspnet": (_words(r"asp\.net(?: core)?"), "other"),
    "nextjs": (_words(r"next\.?js"), "javascript"),
    "remix": (_words(r"remix"), "javascript"),
    "nuxt": (_words(r"nuxt(?:\.?js)?"), "javascript"),
    "sveltekit": (_words(r"svelte ?kit"), "javascript"),
    "astro": (_words(r"astro"), "javascript"),
}
"""Frameworks that run on a server, each with the language that it implies."""

EXPRESS_AS_VALUE = _words(r"express")
"""A plain word of English elsewhere: counts in the value of a label only."""

COMMON_WORDS = frozenset(
    ("gin", "echo", "fiber", "chi", "remix", "spring", "phoenix", "go", "flask", "astro")
)
"""Names that are words of English too: outside the value of a label they count for nothing."""

LANGUAGES: Mapping[str, re.Pattern[str]] = {
    "typescript": _words(r"typescript"),
    "python": _words(r"python(?: ?\d)?", r"celery", r"sqlalchemy", r"pydantic"),
    "go": _words(r"golang", r"go"),
    "ruby": _words(r"ruby"),
    "javascript": _words(r"javascript", r"node(?:\.?js)?", r"bun", r"deno"),
    "other": _words(r"java", r"kotlin", r"php", r"rust", r"c#", r"scala", r"elixir", r"\.net"),
}

GO_IN_PROSE = re.compile(r"\b(?:written|built|implemented|developed|coded) in Go\b|\bGo 1\.\d")
"""The language, with its capital, where no label tells it from the verb."""

TOOLS: Mapping[str, re.Pattern[str]] = {
    "prisma": _words(r"prisma"),
    "alembic": _words(r"alembic"),
    "django": _words(r"django (?:migrations?|orm)"),
    "drizzle": _words(r"drizzle(?:[ -](?:orm|kit))?"),
    "typeorm": _words(r"type ?orm"),
    "sequelize": _words(r"sequelize"),
    "golang-migrate": _words(r"golang-migrate", r"go-migrate"),
    "goose": _words(r"(?:pressly/)?goose"),
    "rails": _words(r"active ?record", r"rails migrations?"),
    "dbmate": _words(r"dbmate"),
}

TENANCIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "none",
        re.compile(
            r"single[- ]tenan|(?:no|not|without|isn't) (?:a )?multi-?\s?tenan|tenancy\W{1,6}none",
            re.I,
        ),
    ),
    (
        "separate",
        re.compile(
            r"(?:schemas?|databases?) (?:per|for each|for every) (?:tenant|customer|"
            r"organi[sz]ation|team)"
            r"|(?:database|schema)-per-tenant|separate (?:schemas?|databases?) (?:per|for)",
            re.I,
        ),
    ),
    (
        "shared",
        re.compile(
            r"multi-?\s?tenan|tenant[_ ]id|row[- ]level security|shared (?:schema|tables?|database)"
            r"|tenant column|tenant isolation",
            re.I,
        ),
    ),
)

TENANT_COLUMN = re.compile(r"(?<![\w.])`?([a-z]+(?:_[a-z]+)*)_id\b`?")
"""A column that is called after whose the row is."""

TENANT_WORDS = re.compile(
    r"tenan|row[- ]level security|(?:on|in|to) (?:each|every|all)\b.{0,20}\b(?:tables?|rows?)\b"
    r"|\b(?:each|every|all)\b.{0,20}\b(?:tables?|rows?)\b.{0,20}\b(?:has|have|carr\w+|hold|get)",
    re.I,
)
"""What a line says that speaks of such a column."""

TENANT_NOUNS = re.compile(
    r"\b(?:all|several|many) ([a-z]+) share (?:the |one |all )?(?:tables|schema|database)"
    r"|\b(?:schemas?|databases?) (?:per|for each|for every) ([a-z]+)"
    r"|\b(?:tenant is (?:the|an?)|tenants are (?:the )?|each tenant is an?) ([a-z]+)",
    re.I,
)
"""How a sentence names it in words."""

NO_TENANT = frozenset("tenant row user account customer environment service project".split())
"""What such a column or sentence names when it names no group in particular."""

LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("frontend", re.compile(r"front-?\s?end|mobile|\bui\b|client|styling|css|web app", re.I)),
    ("tool", re.compile(r"\borm\b|migration|data access|query builder", re.I)),
    ("cache", re.compile(r"cach", re.I)),
    (
        "queue",
        re.compile(
            r"queue|broker|\bjobs?\b|background (?:job|task|work|proc)|task runner|\bworkers?\b",
            re.I,
        ),
    ),
    (
        "auth",
        re.compile(
            r"\b(?:o?auth|authn|authz)\b|authentication|authorization|identity|\bsign-?in\b|\blogin\b",
            re.I,
        ),
    ),
    (
        "database",
        re.compile(
            r"database|data ?store|\bdbs?\b|rdbms|persistence|data layer|data storage", re.I
        ),
    ),
    ("storage", re.compile(r"storage|object store|blob|file store|\bfiles\b|media stor", re.I)),
    ("tenancy", re.compile(r"tenan", re.I)),
    (
        "backend",
        re.compile(
            r"back-?\s?end|server|\bapi\b|language|runtime|framework|application|platform", re.I
        ),
    ),
)
"""What the label of a line is about; the first that matches."""

NOT_A_CHOICE = re.compile(
    r"test|vector|monitor|logging|lint|hosting|deploy|analytics|ci/?cd|backup|schema file|search|"
    r"requirement|rationale|reason|why|purpose|journey|trade-?off|consequence|context|note",
    re.I,
)
"""Labels whose values choose nothing that is asked for here."""

TURNED_DOWN_HEADING = re.compile(
    r"alternativ|rejected|why not|didn[’']?t choose|did not choose|not chosen|not to use|not using|"
    r"ruled out|discarded|considered|what we avoid|compared|comparison|\bvs\.?\b|options|"
    r"out of scope|when to reconsider|migration path|future",
    re.I,
)
"""What opens a part of a document that speaks of things not chosen."""

TURNED_DOWN_LINE = re.compile(
    r"reject|ruled out|decided against|discard|not chosen|compared(?! (?:by|on|in)\b)|evaluated|"
    r"looked at|weighed|didn[’']?t choose|did not choose|"
    r"not (?:used?|needed|suitable|selected|using)|considered|overkill|no longer|deprecat|avoid|"
    r"instead we|won[’']?t use|will not use|do not use|don[’']?t use|dropped|❌|✗|✘|"
    r"👎|too (?:heavy|complex|slow|"
    r"limited|expensive)|we (?:left|moved (?:away|off))",
    re.I,
)
"""What says, within a sentence or a table row, that its subject was not chosen."""

INSTEAD_OF = re.compile(
    r"(?:\b(?:instead of|rather than|over|than|unlike|versus|vs\.?|replac(?:es|ing|ed)|not|no|"
    r"away from|(?:migrat|mov|switch)(?:e|ed|ing)? from|as opposed to|"
    r"compared (?:to|with)|without|neither|nor)\b)"
    r"(?:(?!\b(?:we|our|it|they|to)\b)[^,.;:()\n]){0,80}",
    re.I,
)
"""What follows these words, up to the end of the clause, was not chosen."""

CHOSEN = re.compile(
    r"\b(?:we (?:use|chose|choose|picked|run|selected|store|decided on|will use|"
    r"are using)|uses?|using|"
    r"chosen|chose|selected|built (?:on|with|in)|stored in|runs? on|backed by|"
    r"powered by|written in|"
    r"lives? in|persist(?:s|ed) (?:in|to)|decided)\b|[✅✓]",
    re.I,
)

ON_A_SCREEN = re.compile(
    r"\W{0,3}(?:\d[\w.+]*\W{1,3})?(?:front-?\s?end|client|web ?app|ssr|dashboard)", re.I
)
"""Follows a framework that serves the screens only."""

FOR_TRYING = re.compile(
    r"^\W{0,3}(?:\d[\w.+]*\W{0,3})?(?:for |in |\()?\W?(?:local|dev|test|unit|ci\b|prototyp)", re.I
)
"""Follows a database that is used on a developer's machine only."""

TARGET_WORDS = re.compile(
    r"\bp(?:50|90|95|99)\b|latency|response times?|throughput|requests? (?:per|"
    r"/) ?s|\brps\b|\bqps\b|"
    r"load time|query time|percentile|concurrent users?|uptime|performance (?:goal|"
    r"target|budget)|time to first",
    re.I,
)
TARGET_NUMBER = re.compile(
    r"\d[\d,.]*\s*(?:ms\b|milliseconds?|s\b|secs?\b|seconds?|%|rps\b|qps\b|tps\b|req|concurrent|users|k\b|/s)",
    re.I,
)
TARGET_HEADING = re.compile(
    r"performance|latency|response time|service level|\bslos?\b|\bquer(?:y|ies)\b|\bfast\b"
    r"|access pattern",
    re.I,
)

TARGET_COLUMNS = re.compile(
    r"\bp(?:50|90|95|99)\b|\btargets?\b|latency|response|\bbudget\b|\bwithin\b|\bat most\b|"
    r"\bmax(?:imum)?\b|\btime\b|\bms\b|duration",
    re.I,
)
"""The header of a column that promises how fast something is."""

UNIT_IN_HEADER = re.compile(r"\b(ms|milliseconds?|seconds?|secs?)\b", re.I)
"""What such a column counts, where its cells are bare numbers."""
