"""The words by which a journey's sentences are understood: acts, orders, rules, and asides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

Act = Literal["create", "read", "change", "end"]
Kind = Literal["unique", "exclusion", "check", "at-most", "lasting", "only-if", "other"]

_CREATE: Final = """
    add apply arrange attach award bill book build buy capture charge compose craft create define
    design draft duplicate earn enroll enter file generate hire host import insert invite issue
    launch log make offer order pay place post produce propose purchase put raise record register
    rent reply report request reserve save schedule send start store submit subscribe take upload
    upvote write
"""
_READ: Final = """
    analyze analyse browse calculate check choose click compare consult discover display download
    evaluate examine explore export filter find get identify inspect list locate monitor navigate
    open pick present preview print read receive retrieve review scan scroll search see select show
    sort study suggest summarize tap track view visit watch appear
"""
_CHANGE: Final = """
    accept activate adjust alter approve assign block change clear complete confirm correct
    customize disable edit enable extend favorite finalize finish fix flag follow grant join like
    mark merge modify move mute override pause pin process promote publish rate rank reject rename
    reorder replace reschedule reset resolve restore resume settle share sign suspend swap sync tag
    toggle transfer unblock update upgrade validate verify vote
"""
_END: Final = """
    archive cancel close deactivate delete destroy discard dissolve end erase expire forget lapse
    purge remove retire revoke terminate unsubscribe withdraw
"""


def _rows(verbs: str, act: Act) -> dict[str, Act]:
    return dict.fromkeys(verbs.split(), act)


ACTS: Final[Mapping[str, Act]] = {
    **_rows(_CREATE, "create"),
    **_rows(_READ, "read"),
    **_rows(_CHANGE, "change"),
    **_rows(_END, "end"),
}
"""What a verb does to its object."""

BY_ITSELF: Final[Mapping[str, Act]] = {
    "appear": "read", "expire": "end", "lapse": "end", "end": "end", "start": "change",
    "begin": "change", "complete": "change", "fail": "change", "finish": "change",
}  # fmt: skip
"""What a verb without an object says of its subject: "the link expires"."""

MAKES: Final[Mapping[str, tuple[str, ...]]] = {
    "apply": ("application",), "assess": ("assessment",), "bill": ("invoice", "bill"),
    "book": ("booking", "reservation", "appointment"), "buy": ("purchase", "order"),
    "comment": ("comment",), "enroll": ("enrollment", "enrolment"), "invite": ("invitation",),
    "message": ("message",), "order": ("order",), "pay": ("payment",), "purchase": ("purchase",),
    "rate": ("rating", "review"), "register": ("registration",), "rent": ("rental",),
    "request": ("request",), "reserve": ("reservation", "booking"),
    "subscribe": ("subscription",), "vote": ("vote",), "hire": ("booking", "hire"),
}  # fmt: skip
"""The thing that there is after somebody did it, whatever it was done to: "books a court"."""

BY_WAY_OF: Final = frozenset("apply bill book buy hire invite order pay rate rent reserve".split())
"""Verbs that make another thing than their object, when that other thing is known."""

PASSED_OVER: Final = frozenset("only also just even already still all both up out".split())
"""Small words that may stand between a verb and its object."""

PARTICLES: Final[Mapping[str, frozenset[str]]] = {
    "look": frozenset(("at", "up", "through", "for", "into", "over")),
    "search": frozenset(("for", "through", "in", "within")),
    "browse": frozenset(("through", "by")), "go": frozenset(("through",)),
    "scroll": frozenset(("through",)), "pay": frozenset(("for",)), "apply": frozenset(("for",)),
    "ask": frozenset(("for",)), "click": frozenset(("on",)), "tap": frozenset(("on",)),
    "sign": frozenset(("up", "off")), "subscribe": frozenset(("to",)),
    "join": frozenset(("in",)), "fill": frozenset(("in", "out")), "check": frozenset(("on", "out")),
    "navigate": frozenset(("to", "through")), "filter": frozenset(("through",)),
    "set": frozenset(("up",)),
}  # fmt: skip
"""Small words that belong to a verb: what follows them is its object."""

PHRASAL: Final[Mapping[str, Act]] = {
    "look": "read", "go": "read", "fill": "change", "set up": "create", "ask for": "create",
    "add up": "read", "make up": "read",
}  # fmt: skip

LEFT_BEHIND: Final = frozenset("review comment rating note message feedback tip reply".split())
"""Who leaves one of these makes it; who leaves anything else goes away."""

WHOLE: Final = frozenset(
    "account entry form item listing model object profile record request row submission".split()
)
"""Heads after which the name before them still is the thing: "booking form", "user profile"."""

COLLECTED: Final = frozenset(
    "list history number set collection group batch range feed overview log selection catalogue "
    "catalog copy page table dashboard timeline calendar queue rest part all each any one some "
    "most many details detail status summary".split()
)
"""What stands before "of": seeing a list of orders is seeing the orders."""

MANY: Final = frozenset(
    "list history collection feed overview log catalogue catalog table timeline calendar queue "
    "archive".split()
)
"""Heads that make one name many: "order history"."""

BEING: Final = frozenset("is are was were be been being gets get got".split())
DENYING: Final = frozenset(
    "not never cannot can't don't doesn't won't isn't aren't mustn't shouldn't nobody no without "
    "neither nor didn't didn’t nothing none".split()
)
OWNING: Final = frozenset("my our their his her your own".split())
PURPOSE: Final = re.compile(
    r"^(?:so\b|in order\b|because\b|to be able\b|without\b|instead\b|rather\b|given\b)", re.I
)
"""What opens a clause about a wish or a state of things: nothing is done there."""

ASIDE: Final = re.compile(
    r"feel|friction|metric|value|benefit|emotion|pain|persona\b|goal|kpi|rationale|note|trigger"
    r"|success|criteria for|priority|estimate|because|why|assumption|risk|supports|delight"
    r"|motivation|problem|context|job.to.be|quote|mood|out of scope",
    re.I,
)
"""Labels of lines that tell of feelings, measures and reasons: nothing is done there."""

SORTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.I), sort)
    for pattern, sort in (
        (r"\b(?:new(?:est)?|latest|most recent(?:ly \w+)?|recent|last)(?: ones?| \w+)? first\b",
         "-created_at"),
        (r"\breverse[- ]chronological|\bnewest\b|\blatest\b|\bmost recent\b|\brecent(?:ly)?\b",
         "-created_at"),
        (r"\boldest(?: \w+)?\b|\bfirst in,? first out|\bchronological", "created_at"),
        (r"\balphabetical|\bfrom a to z|\ba[-–]z\b", "name"),
        (r"\bcheapest|\blowest price|\bprice,? low to high", "price"),
        (r"\bmost expensive|\bdearest|\bhighest price", "-price"),
        (r"\b(?:top|best|highest)[- ]?rated|\bby rating", "-rating"),
        (r"\bmost popular|\bpopular\b|\btrending", "-popularity"),
        (r"\b(?:top|best)[- ]selling|\bbest[- ]?sellers?", "-sold"),
        (r"\bnearest|\bclosest", "distance"),
        (r"\bgravest|\bmost severe|\bmost urgent", "-severity"),
        (r"\bnext (?:ones? )?first|\bsoonest|\bearliest|\bupcoming", "starts_at"),
        (r"\bhighest(?: ones?)? first", "-score"),
        (r"\blast changed first|\b(?:last|recently) (?:updated|changed|modified)", "-updated_at"),
    )
)  # fmt: skip
"""How people say an order, and the attribute that it usually means; `-` is last first."""

SORTED_BY: Final = re.compile(
    r"\b(?:sort(?:s|ed|able|ing)?|order(?:ed|s)?|rank(?:ed|s)?|arranged)"
    r"(?: (?:\w+ ){0,4}?)?by (?:the |their |its )?"
    r"([a-z][\w-]*(?: (?!and|or|in|with|from|so|desc|asc)[a-z][\w-]*)?)"
    r"(?: (descending|desc|ascending|asc))?",
    re.I,
)

LIMITS: Final[tuple[re.Pattern[str], ...]] = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\btop[- ](\d{1,4})\b",
        r"\b(?:last|latest|newest|next|first|recent)[- ](\d{1,4})\b(?! (?:seconds?|minutes?|hours?"
        r"|days?|weeks?|months?|years?))",
        r"\b(\d{1,4})[- ](?:most recent|latest|newest|best|top|last|nearest|cheapest|upcoming)\b",
        r"\b(\d{1,4}) (?:\w+ )?(?:at a time|per page|a page|on a page|each page)\b",
        r"\bpages? of (\d{1,4})\b",
    )
)

FILTERED: Final = re.compile(
    r"\b(?:filter(?:s|ed|ing|able)?|search(?:es|ed|ing|able)?|browse(?:s|d)?|find(?:s)?"
    r"|look(?:s)? up|group(?:s|ed)?|narrow(?:s|ed)?|list(?:s|ed)?|see(?:s)?|view(?:s)?|show(?:s)?"
    r"|get(?:s)?|select(?:s)?)\b[^.;:!?]{0,80}?\bby (?!the same\b)([^.;:!?)]{2,100})",
    re.I,
)
"""What somebody filters by: the words after "by", up to the end of the clause."""

COUNTED: Final = frozenset("total number count average sum".split())
"""Words before a name that make a figure of the many."""

STATES: Final = frozenset(
    "pending active open closed unread overdue failed completed archived published draft approved "
    "rejected available unpaid paid cancelled confirmed expired processing new".split()
)

LASTING: Final = frozenset(
    "pending upcoming existing outstanding ongoing remaining missing incoming trending matching "
    "waiting following".split()
)
"""Words that end like an act and tell how something is."""

PERIOD: Final = re.compile(
    r"\b(?:date range|between (?:two )?(?:dates|days|times)|in a (?:period|month|week|year)"
    r"|of (?:the|a|this|last|one) (?:day|week|month|year)|this (?:day|week|month|year)"
    r"|last (?:\d+ )?(?:days?|weeks?|months?|years?)|per (?:day|week|month|year)|today'?s?"
    r"|(?:by|for a|for one|on a|on one) (?:day|date|week|month|year)|over time|upcoming|past)\b",
    re.I,
)
"""How people say a stretch of time."""

DUTIES: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern, re.I))  # type: ignore[misc]
    for kind, pattern in (
        ("exclusion", r"\boverlap|\bdouble[- ]?book|\bclash"
         r"|\b(?:never|not|cannot|can't|no|nobody|neither|only one)\b.{0,100}"
         r"(?:\bat the same (?:time|hour|moment)\b|\bat once\b|\bsimultaneously\b)"
         r"|\balready (?:been )?(?:booked|taken|reserved)\b"),
        ("unique", r"\b(?:is|are|be|stay|remain) unique\b|\bonly once\b|\bno two\b|\bat most once\b"
         r"|\bunique (?:\w+ )?(?:name|code|e-?mail|number|id|key|handle|slug|username|per|in)\b"
         r"|\b(?:never|not|cannot|can't|nobody)\b.{0,60}\btwice\b|\b(?:no|prevents?) duplicates?\b"
         r"|\b(?:only|exactly|at most) one \w+ (?:per|for each|for every|a)\b"
         r"|\bone \w+ per \w+|\balready (?:exists?|registered|in use)\b"),
        ("at-most", r"\bat most\b|\bno more than\b|\b(?:a |the )?maximum (?:of|is|\w* ?\d)"
         r"|\bmax\.? \d|\bup to \d|\blimited to (?:\w+ )?\d|\bcapped at\b"
         r"|\b(?:not|never|cannot) (?:be )?(?:exceed|longer|larger|more than)\b"),
        ("lasting", r"\bnever (?:be |get )?(?:deleted|removed|erased|changed|edited|altered"
         r"|overwritten|rewritten)\b|\bappend[- ]only\b|\bimmutable\b"
         r"|\b(?:cannot|can't|can not|must not|may not|shall not) be (?:deleted|removed|erased"
         r"|changed|edited|altered|modified|overwritten)\b"),
        ("only-if", r"\bonly (?:the |an? |by |its |their )?\w*(?:owner|author|creator|admin\w*"
         r"|manager|member|host|organi[sz]er)s?\b"
         r"|\bonly (?:if|when|after|once|while|until|before)\b"
         r"|\b(?:cannot|can't|can not|may not|must not)\b.{0,80}\b(?:after|before|until|unless"
         r"|while|once|without|when)\b|\b(?:may|can) only\b|\bmust\b.{0,60}\b(?:before|first)\b"
         r"|\bnot allowed\b|\bnobody (?:else|but)\b|\bonly .{1,40} (?:can|may)\b"),
        ("check", r"\bmust (?:be|have|not be|contain|lie)\b|\b(?:cannot|can't|must not|may not) be"
         r" (?:negative|empty|zero|blank|less|more|in the past)\b|\bat least \d|\bminimum of \d"
         r"|\bbetween \d+ and \d+|\bpositive (?:integer|number)\b|\bgreater than\b|\bless than\b"),
        ("other", r"\bmust (?:not|never|always|stay|remain|belong|exist|agree|match|sum|add up)\b"
         r"|(?<!\bi )\b(?:cannot|can't|may not|shall not) (?:be )?(?:\w+ed|delete|change|edit|see"
         r"|remove|join|leave|book|add|have|start|cancel|create|share)\b"
         r"|\bis never \w+ed\b|\bare never \w+ed\b|\bnever (?:be )?billed\b"
         r"|\bforbidden\b"),
    )
)  # fmt: skip
"""How people say a rule; the first that matches names its kind."""

ENDED: Final[Mapping[str, str]] = {
    "archive": "archived", "cancel": "cancelled", "close": "closed", "deactivate": "deactivated",
    "delete": "deleted", "destroy": "deleted", "discard": "discarded", "dissolve": "dissolved",
    "erase": "erased", "forget": "forgotten", "purge": "deleted", "remove": "removed",
    "retire": "retired", "revoke": "revoked", "terminate": "terminated", "withdraw": "withdrawn",
    "unsubscribe": "cancelled",
}  # fmt: skip
"""How an end is told afterwards: "the account is closed"."""
