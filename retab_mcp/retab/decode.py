"""The body of a response as JSON, read strictly when that works and tolerantly when not."""

import codecs
import json

import pydantic_core

from retab_mcp.models import ErrorKind, Json
from retab_mcp.retab.errors import RetabError


def decode(body: bytes | bytearray) -> Json:
    """Parse the JSON text `body` (UTF-8; UTF-16 and UTF-32 too) into Python objects.

    The fast parser refuses much that is found in the data of real runs: a byte order mark, raw
    control characters, lone surrogates, integers of thousands of digits, nesting over 200. The
    parser of the standard library takes it instead. A lone surrogate stays in its string, an
    integer too long for Python stays its text, NaN and the infinities are floats.

    Raises RetabError bad_response saying what is wrong and where: an empty body, a page of HTML,
    bytes that are no text, broken or cut off JSON, nesting too deep for either parser.
    """
    try:
        return pydantic_core.from_json(body)
    except ValueError:
        return _decode_tolerantly(bytes(body))


def _decode_tolerantly(body: bytes) -> Json:
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        raise _unreadable("is empty")
    if start.startswith(b"<"):
        raise _unreadable("is a page of HTML or XML, as a proxy sends it, not JSON")
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        return json.loads(text, strict=False, parse_int=_parse_int)
    except UnicodeDecodeError as error:
        raise _unreadable(f"is not text at byte {error.start} of {len(body)}") from None
    except json.JSONDecodeError as error:
        raise _unreadable(
            f"is not JSON at character {error.pos} of {len(text)}: {error.msg}"
        ) from None
    except RecursionError:
        raise _unreadable("is nested too deep to be read") from None


def _parse_int(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        # Python converts at most 4,300 digits (sys.set_int_max_str_digits).
        return digits


def _unreadable(reason: str) -> RetabError:
    return RetabError(ErrorKind.BAD_RESPONSE, f"Retab's answer {reason}.")
