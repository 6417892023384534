"""Runs the program as `python -m schemawalk`: the same as the command `schemawalk`."""

from __future__ import annotations

import sys
from importlib import import_module

if __name__ == "__main__":
    # By name, because what is seen stands above what it means and is not imported from below.
    sys.exit(import_module("tui.main").main())
