"""The Retry-After header (RFC 9110, 10.2.3)."""

import re
from email.utils import parsedate_to_datetime

# At most nine digits: a longer number is a mistake. Fractions are not in the standard, but sent.
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


def parse_retry_after(value: str | None, date: str | None) -> float | None:
    """Return the seconds to wait (0 or more) that a Retry-After header asks for, else None.

    `value` is a number of seconds or an HTTP date. A date is compared with `date`, the response's
    own Date header, so that a wrong local clock does not matter; without it the result is None.
    """
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return float(value)
    if date is None:
        return None
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())
