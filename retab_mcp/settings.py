"""The settings of the server, read once from the environment at start."""

import os
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

API_KEY_VARIABLE = "RETAB_API_KEY"
BASE_URL_VARIABLE = "RETAB_API_BASE_URL"
STRUCTURED_OUTPUT_VARIABLE = "RETAB_MCP_STRUCTURED_OUTPUT"
CURSOR_KEY_VARIABLE = "RETAB_MCP_CURSOR_KEY"
RUN_URL_VARIABLE = "RETAB_MCP_RUN_URL"

DEFAULT_BASE_URL = "https://api.retab.com"

_TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


class KeySource(Enum):
    """Where the Retab key of a call comes from, which decides who can correct it."""

    ENVIRONMENT = auto()
    """The environment of a server that one person started for one client (stdio)."""
    HEADER = auto()
    """A header of the request, set in the client (HTTP)."""
    SHARED = auto()
    """The environment of a server that serves callers without a key (HTTP)."""
    KEYS_FILE = auto()
    """A file of the server that maps the subjects of tokens to keys (HTTP)."""


@dataclass(frozen=True)
class Settings:
    """Settings of one server.

    `api_key` may be empty: the server starts, and its tools say what to set. `cursor_key` signs
    the cursors of pages; replicas of one server share it, and an empty one is replaced by a random
    key for the life of the process. `run_url` is the address of a run in a browser, with {run_id}
    and perhaps {workflow_id} in it.
    """

    api_key: str = field(default="", repr=False)
    base_url: str = DEFAULT_BASE_URL
    structured_output: bool = False
    cursor_key: str = field(default="", repr=False)
    run_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings in `environment` (default: that of the process).

        ASCII whitespace around the key, as left by copy and paste, is dropped.
        """
        values = os.environ if environment is None else environment
        structured = values.get(STRUCTURED_OUTPUT_VARIABLE, "")
        return cls(
            api_key=values.get(API_KEY_VARIABLE, "").strip(string.whitespace),
            base_url=values.get(BASE_URL_VARIABLE, "").strip() or DEFAULT_BASE_URL,
            structured_output=structured.strip().lower() in _TRUE_WORDS,
            cursor_key=values.get(CURSOR_KEY_VARIABLE, ""),
            run_url=values.get(RUN_URL_VARIABLE, "").strip(),
        )
