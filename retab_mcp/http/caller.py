"""The caller of a request: whose Retab key answers it."""

import string
from dataclasses import dataclass, field
from typing import Any

from mcp.server.mcpserver import Context
from starlette.types import Scope

from retab_mcp.retab.credential import Credential

# The SDK passes the ASGI scope on to tool calls unchanged.
_SCOPE_KEY = "retab_mcp.caller"


@dataclass(frozen=True)
class Caller:
    """A Retab key, and the fingerprint that represents it in caches and limits."""

    key: str = field(repr=False)
    fingerprint: str

    @classmethod
    def with_key(cls, key: str) -> "Caller":
        """Return the caller with this key, without surrounding ASCII whitespace.

        Raises RetabError for text that cannot be a key.
        """
        return cls(key.strip(string.whitespace), Credential(key).fingerprint)


def set_caller(scope: Scope, caller: Caller) -> None:
    """Record the caller of a request in its scope."""
    scope[_SCOPE_KEY] = caller


def caller_of_scope(scope: Scope) -> Caller:
    """Return the caller of a request; raise KeyError before `set_caller`."""
    caller: Caller = scope[_SCOPE_KEY]
    return caller


def scope_of(context: Context[None, Any] | None) -> Scope:
    """Return the scope of the HTTP request that brought a tool call; empty outside HTTP."""
    request = context.request_context.request if context is not None else None
    scope: Scope = getattr(request, "scope", {})
    return scope


def caller_of(context: Context[None, Any] | None) -> Caller:
    """Return the caller of a tool call."""
    return caller_of_scope(scope_of(context))
