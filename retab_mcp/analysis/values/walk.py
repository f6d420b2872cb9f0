"""Places in JSON, for walking it without recursion: nesting can be 100,000 deep."""

from retab_mcp.digest.pointer import format_pointer

# Place of a value: its parent's place and its own key or index; None is the root. Making one costs
# the same at any depth, and only the few that are reported become pointers.
Place = tuple["Place", str | int] | None


def path_tokens(place: Place) -> tuple[str | int, ...]:
    """Return the keys and indexes from the root to `place`."""
    tokens: list[str | int] = []
    while place is not None:
        place, token = place
        tokens.append(token)
    return tuple(reversed(tokens))


def pointer_of(place: Place, prefix: str = "") -> str:
    """Return the RFC 6901 pointer of `place`, after the pointer `prefix`."""
    return prefix + format_pointer(tuple(str(token) for token in path_tokens(place)))
