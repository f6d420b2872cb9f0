"""Paths of conditions (`$.lines[0].total`), and where in a value they lead nowhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from retab_mcp.models import Json

# Names between dots, names in brackets, and indexes.
_TOKEN = re.compile(r"""\[\s*(?:"([^"]*)"|'([^']*)'|(\d+|\*))\s*\]|([^.\[\]]+)""")


@dataclass(frozen=True, slots=True)
class AbsentKey:
    """The first key of a path that an object lacks, and the object."""

    name: str
    record: dict[str, Json]


def path_names(path: str) -> list[str]:
    """Return the names and indexes in a path, without the leading `$`."""
    names = [next(filter(None, found.groups()), "") for found in _TOKEN.finditer(path)]
    return names[1:] if names[:1] == ["$"] else names


def absent_key(names: Iterable[str], value: Json) -> AbsentKey | None:
    """Return the key by which a path leads nowhere in `value`.

    None where the path leads to a value, null included, or ends at something that is no object. Of
    a list, the first item speaks for all.
    """
    for name in names:
        if isinstance(value, list):
            if name.isdigit() and int(name) < len(value):
                value = value[int(name)]
                continue
            value = value[0] if value else None
            if name == "*" or name.isdigit():
                continue
        if not isinstance(value, dict):
            return None
        if name not in value:
            return AbsentKey(name, value)
        value = value[name]
    return None


def leads_somewhere(names: Iterable[str], value: Json) -> bool:
    """Return whether every name of a path is there, whatever its value."""
    for name in names:
        if isinstance(value, list):
            index = int(name) if name.isdigit() else 0
            if index >= len(value):
                return False
            value = value[index]
            if name == "*" or name.isdigit():
                continue
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True
