"""Cursors: opaque, signed, and valid only for the call that they continue."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Annotated, TypeVar

from itsdangerous import BadData, URLSafeSerializer
from pydantic import Field, TypeAdapter, ValidationError

from retab_mcp.models import ErrorKind, Json
from retab_mcp.queries.errors import QuestionError
from retab_mcp.safety.sanitize import sanitize_text

_SALT = "retab-mcp cursor"
_DIGEST_BYTES = 8
_KEY_BYTES = 32
_MAX_ATTEMPTS = 10

# Anybody who guesses the key can write cursors. 32 hexadecimal digits cannot be guessed.
MIN_KEY_CHARS = 32

T = TypeVar("T")

# The number of rows before the first one to show.
RowIndex = Annotated[int, Field(ge=0, strict=True)]
_row_index: TypeAdapter[int] = TypeAdapter(RowIndex)


def cursor_key_problem(key: str) -> str:
    """Return why cursors cannot be signed with `key`, or an empty string. An empty key is fine."""
    if key and len(key) < MIN_KEY_CHARS:
        return f"RETAB_MCP_CURSOR_KEY must have at least {MIN_KEY_CHARS} characters."
    return ""


class CursorCodec:
    """Writes and reads cursors with one key.

    Replicas share `key`. If it is empty, a random key is used, so cursors expire when the process
    ends.
    """

    def __init__(self, key: str = "") -> None:
        self._serializer = URLSafeSerializer(key or secrets.token_hex(_KEY_BYTES), salt=_SALT)

    def write(self, position: Json, question: Mapping[str, Json]) -> str:
        """Return the cursor for `position` (any JSON) in the answer to `question`.

        Its text can look like a credential by chance, and would then be redacted: a signature like
        a key, an encoded object like the start of a JWT. Padding in front changes both.
        """
        fingerprint = _fingerprint(question)
        written = ""
        for attempt in range(_MAX_ATTEMPTS):
            written = str(self._serializer.dumps([" " * attempt, fingerprint, position]))
            if not sanitize_text(written)[1]:
                break
        return written

    def start(self, cursor: str, question: Mapping[str, Json]) -> int:
        """Return the number of rows before the first one to show; 0 for an empty cursor.

        Raises QuestionError (invalid_argument); see `read`.
        """
        return self.read(cursor, question, _row_index) if cursor else 0

    def read(self, cursor: str, question: Mapping[str, Json], form: TypeAdapter[T]) -> T:
        """Return the position in a cursor, which has this form.

        Raises QuestionError (invalid_argument) if this server did not write it, or if the other
        arguments differ from those it was written for.
        """
        try:
            _, fingerprint, content = self._serializer.loads(cursor)
            position = form.validate_python(content)
        except (BadData, ValidationError, ValueError, TypeError):
            raise QuestionError(
                ErrorKind.INVALID_ARGUMENT,
                "The cursor was not issued by this server.",
                hint="Call again without cursor. Cursors expire when the server restarts.",
            ) from None
        if fingerprint != _fingerprint(question):
            raise QuestionError(
                ErrorKind.INVALID_ARGUMENT,
                "The cursor belongs to a call with other arguments.",
                hint="Repeat the arguments of the call that returned it, or leave cursor out.",
            )
        return position


def _fingerprint(question: Mapping[str, Json]) -> str:
    text = json.dumps(question, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
