"""The Retry-After header (RFC 9110, 10.2.3)."""

import re
from email.utils import parsedate_to_datetime

# Up to nine digits: a longer number is no wait but a mistake. Fractions are not in the standard
# and are sent all the same.
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


def parse_retry_after(value: str | None, date: str | None) -> float | None:
    """Seconds to wait (0 or more) by a Retry-After header; None when it says nothing readable.

    `value` is a number of seconds or an HTTP date. A date is read against `date`, the response's
    own Date header, so that a clock that is wrong here does no harm; without it there is no
    telling.
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
