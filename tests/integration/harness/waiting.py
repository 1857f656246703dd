"""The one way to wait: poll a condition until it holds, and say what was awaited and what was seen when it does not.

The only sleep of the suite is the pause between two polls, here.
"""

import time

POLL_SECONDS = 0.01


def await_that(condition, seconds, what, pause=POLL_SECONDS):
    """Returns the first true value of `condition()`. Fails, naming `what`, after `seconds`.

    A condition may also raise `AssertionError`, `OSError` or any other of its own errors while it does not hold yet:
    the last one becomes part of the message.
    """
    started = time.monotonic()
    last = "it was false"
    while True:
        try:
            value = condition()
            if value:
                return value
            last = f"it was {value!r}"
        except (AssertionError, OSError, LookupError, RuntimeError) as error:
            last = f"{type(error).__name__}: {error}"
        if time.monotonic() - started > seconds:
            raise AssertionError(f"not within {seconds} s: {what}\n  at last {last}")
        time.sleep(pause)


def holds_for(condition, seconds, what):
    """Fails as soon as `condition()` is false within the next `seconds`: for what must *not* happen."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        assert condition(), f"held only for {time.monotonic() - started:.3f} s of {seconds} s: {what}"
        time.sleep(POLL_SECONDS)


def broken_promises(promises, seconds, pause=0.1):
    """Watches many named conditions together for `seconds`, for tests that look at one each.

    Returns what was seen of each that did not hold all the time: {name: when and how it was first broken}.
    """
    started, broken = time.monotonic(), {}
    while time.monotonic() - started < seconds:
        for name in promises.keys() - broken.keys():
            try:
                seen = None if promises[name]() else "false"
            except (AssertionError, OSError, LookupError, RuntimeError) as error:
                seen = f"{type(error).__name__}: {error}"
            if seen is not None:
                broken[name] = f"{seen}, after {time.monotonic() - started:.1f} s"
        time.sleep(pause)
    return broken
