"""Rules in the languages of programs and of documents: one table of templates a language.

A CHECK accepts what is true and what is unknown.  Most languages know no unknown, so that a rule is
first told with true and false alone (`certain`), and then written.
"""

from __future__ import annotations


class NotRenderedError(ValueError):
    """The language at hand has no words for a part of the rule; the message says for which."""
