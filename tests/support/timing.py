"""Measure the processor time of a call."""

import gc
import time
from collections.abc import Callable
from typing import Any


def cpu_seconds(act: Callable[[Any], object], value: Any, *, rounds: int) -> float:
    """Return the least processor time, in seconds, of `rounds` calls of `act` with `value`.

    Nothing is collected as garbage meanwhile: looking through the objects of other tests would
    count as time of the call.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return min(_once(act, value) for _ in range(rounds))
    finally:
        if collects:
            gc.enable()


def _once(act: Callable[[Any], object], value: Any) -> float:
    start = time.process_time()
    act(value)
    return time.process_time() - start
