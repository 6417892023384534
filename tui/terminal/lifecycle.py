"""Leaving in good order when the terminal or the system ends the program."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

SIGNALS: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def leave_on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave(128 + n)` in the running loop when signal n comes."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        with suppress(ValueError, RuntimeError):  # not in the main thread
            loop.add_signal_handler(number, leave, 128 + number)


def leave_on_hangup(leave: Callable[[int], None]) -> None:
    """Call `leave(129)` when the terminal goes away without a signal, as under nohup.

    A thread waits in poll(2) for a hangup alone: it takes no time until there is one.
    """
    loop = asyncio.get_running_loop()
    descriptor = sys.__stdin__.fileno() if sys.__stdin__ else -1

    def wait() -> None:
        poll = select.poll()
        poll.register(descriptor, 0)
        poll.poll()
        _turn_to_nowhere()
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(leave, 128 + signal.SIGHUP)

    if descriptor >= 0:
        threading.Thread(target=wait, name="hangup", daemon=True).start()


def _turn_to_nowhere() -> None:
    """Let what is still written go nowhere, rather than fail on a terminal that is gone."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
