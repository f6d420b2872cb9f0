"""Write lengths of time as people say them."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# From this many days on, hours say nothing more.
_ONLY_DAYS = 10


def spoken_ms(ms: int) -> str:
    """Return a length of time in one or two units: "106 days", "3 min 8 s", "320 ms"."""
    if ms < 1_000:
        return f"{ms} ms"
    if ms < 10_000:
        return f"{ms // 100 / 10:g} s"
    seconds = ms // 1_000
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min" + _more(seconds % _MINUTE, "s")
    if seconds < _DAY:
        return f"{seconds // _HOUR} h" + _more(seconds % _HOUR // _MINUTE, "min")
    days = seconds // _DAY
    hours = "" if days >= _ONLY_DAYS else _more(seconds % _DAY // _HOUR, "h")
    return f"{days} day{'s' if days > 1 else ''}{hours}"


def _more(count: int, unit: str) -> str:
    return f" {count} {unit}" if count else ""
