"""The Retry-After header (RFC 9110, 10.2.3)."""

import re
from email.utils import parsedate_to_datetime

# At most nine digits: a longer number is a mistake. Fractions are not in the standard, but sent.
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


# More is a mistake, or an attempt to make an assistant wait forever.
MAX_WAIT_SECONDS = 3600.0


def parse_retry_after(value: str | None, date: str | None) -> float | None:
    """Return the seconds to wait (0 to 3,600) that a Retry-After header asks for, else None.

    `value` is a number of seconds or an HTTP date. A date is compared with `date`, the response's
    own Date header, so that a wrong local clock does not matter; without it the result is None.
    """
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return min(float(value), MAX_WAIT_SECONDS)
    if date is None:
        return None
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, wait.total_seconds()), MAX_WAIT_SECONDS)
