"""What to do about each kind of error, by who can do it."""

from retab_mcp.models import ErrorKind
from retab_mcp.settings import API_KEY_VARIABLE, BASE_URL_VARIABLE, KeySource

# The hint for each kind of error, unless the error has a better one.
HINTS = {
    ErrorKind.NOT_FOUND: (
        "Copy the id from an earlier answer. This API key may be for another environment (test or "
        "production) or organisation; ids of those are not found."
    ),
    ErrorKind.UNAUTHORIZED: (
        f"Retab refused the API key. Ask the person to check {API_KEY_VARIABLE} and restart this "
        "server."
    ),
    ErrorKind.FORBIDDEN: "This API key may not read this. Ask the person for one that may.",
    ErrorKind.INVALID_ARGUMENT: "Correct the argument and call again.",
    ErrorKind.NOT_CONFIGURED: (
        f"Ask the person to set {API_KEY_VARIABLE} for this server and restart it."
    ),
    ErrorKind.CONFLICT: "The id is ambiguous. Pass a full step id from list_steps.",
    ErrorKind.UNSUPPORTED: "This version of the Retab API does not offer this. Do not retry.",
    ErrorKind.RATE_LIMITED: "Wait, then call again with the same arguments.",
    ErrorKind.TIMEOUT: "Call again. If it times out again, ask for fewer rows or days.",
    ErrorKind.UNAVAILABLE: (
        "Retab cannot be reached. Call again in a minute; if it persists, ask the person to check "
        f"{BASE_URL_VARIABLE} and the network."
    ),
    ErrorKind.BAD_RESPONSE: (
        "Retab returned an unreadable response. Retry; if it persists, report it."
    ),
    ErrorKind.TOO_LARGE: (
        "Ask for a part: get_step with step_id and path, or list_steps with filters."
    ),
    ErrorKind.INTERNAL: "This is a bug in retab-mcp. Report it; another tool may still work.",
}

# The same over HTTP, where the person in front of the client neither sets variables nor restarts
# the server.
HTTP_HINTS = {
    ErrorKind.NOT_CONFIGURED: "Ask the person who runs this server to check its settings.",
    ErrorKind.UNAVAILABLE: (
        "Retab cannot be reached. Call again in a minute; if it persists, inform the person who "
        "runs this server."
    ),
    ErrorKind.INTERNAL: (
        "This is a bug in retab-mcp. Inform the person who runs this server; another tool may "
        "still work."
    ),
}
UNAUTHORIZED_HINTS = {
    KeySource.HEADER: (
        "Retab refused the API key in this client's Authorization or Api-Key header. Ask the "
        "person to correct it in the client's settings of this server."
    ),
    KeySource.SHARED: (
        "Retab refused the key that this server uses for all callers. Ask the person who runs it "
        f"to check {API_KEY_VARIABLE} and restart it."
    ),
    KeySource.KEYS_FILE: (
        "Retab refused the key that this server has for the subject of your token. Ask the person "
        "who runs it to correct the file of keys."
    ),
}


def hint_for(kind: ErrorKind, source: KeySource) -> str:
    """Return what to do about an error of a call whose key comes from `source`."""
    if source == KeySource.ENVIRONMENT:
        return HINTS[kind]
    if kind == ErrorKind.UNAUTHORIZED:
        return UNAUTHORIZED_HINTS[source]
    return HTTP_HINTS.get(kind, HINTS[kind])
