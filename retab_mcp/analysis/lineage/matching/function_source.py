"""Read in the source of a function which keys a field of its output is made of.

The source is parsed, never run.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from retab_mcp.models import Json

# Names under which configurations hold the source of a function.
_SOURCE_KEYS = ("code", "source", "source_code", "function_code", "script", "python_code")
_MAX_CHARS = 60_000
# Calls that make something else of any value.
_MAKING = frozenset({"sum", "len", "min", "max", "any", "all", "count", "abs", "hash", "join"})
# Calls that keep what a value says: they round, convert, trim or read it.
_KEEPING = frozenset(
    {
        *("float", "int", "str", "Decimal", "round", "strip", "lstrip", "rstrip", "upper"),
        *("lower", "title", "capitalize", "replace", "strptime", "fromisoformat", "strftime"),
        *("isoformat", "date", "format", "casefold", "parse"),
    }
)
# Variables are followed through this many assignments.
_MAX_ASSIGNMENTS = 6
# A function that writes more fields, or a field of more keys, is read up to here.
_MAX_FIELDS = 400
_MAX_KEYS = 40


class Fate(IntEnum):
    """Whether an expression makes something else of what it reads, or keeps it."""

    MAKES = 0
    MAY_KEEP = 1
    KEEPS = 2


@dataclass(frozen=True)
class Recipe:
    """What a field is made of: the keys that its expression reads, in the order of the source.

    A field that its expression KEEPS is one of these values, at most written another way. `line`
    counts from 1.
    """

    keys: tuple[str, ...]
    fate: Fate
    line: int


def source_of(config: Mapping[str, Json]) -> str | None:
    """Return the source of a function block, None if its configuration has none."""
    for name in _SOURCE_KEYS:
        found = config.get(name)
        if isinstance(found, str) and found.strip():
            return found
    nested = config.get("function")
    return source_of(nested) if isinstance(nested, dict) else None


def read_recipes(source: str) -> Mapping[str, tuple[Recipe, ...]]:
    """Return the recipes of the fields that a Python source writes, by key; empty if unreadable."""
    if len(source) > _MAX_CHARS:
        return {}
    try:
        tree = ast.parse(source)
        return _Reader(tree).recipes()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._assigned: dict[str, list[ast.expr]] = {}
        self._variables: dict[tuple[str, int], tuple[list[str], Fate]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    self._assigned.setdefault(target.id, []).append(node.value)

    def recipes(self) -> dict[str, tuple[Recipe, ...]]:
        found: dict[str, list[Recipe]] = {}
        for key, expression in islice(self._fields(), _MAX_FIELDS):
            keys, fate = self._read(expression, _MAX_ASSIGNMENTS)
            recipe = Recipe(tuple(keys), fate, expression.lineno)
            found.setdefault(key, []).append(recipe)
        return {key: tuple(recipes) for key, recipes in found.items()}

    def _fields(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield each key that a dictionary is given, and its expression."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                if name := _constant_index(node.targets[0]):
                    yield name, node.value
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dict":
                for keyword in node.keywords:
                    if keyword.arg:
                        yield keyword.arg, keyword.value

    def _read(self, node: ast.expr, depth: int) -> tuple[list[str], Fate]:
        """Return the keys that an expression reads, and what becomes of their values."""
        if isinstance(node, ast.Subscript):
            key = _constant_index(node)
            if key is not None:
                return [key], Fate.KEEPS
            inner, _ = self._read(node.value, depth)
            index, _ = self._read(node.slice, depth)
            return _joined((inner, index)), Fate.MAKES
        if isinstance(node, ast.Name) and depth:
            return self._variable(node.id, depth - 1)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if isinstance(node, ast.BoolOp | ast.IfExp):
            # A default: "a or b", "a if a else b".
            parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            read = [self._read(part, depth) for part in parts]
            return _joined(keys for keys, _ in read), max(fate for _, fate in read)
        if isinstance(node, ast.Constant):
            return [], Fate.MAKES
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        children += [
            part.iter for part in ast.iter_child_nodes(node) if isinstance(part, ast.comprehension)
        ]
        fate = Fate.MAY_KEEP if isinstance(node, ast.JoinedStr) else Fate.MAKES
        return _joined(self._read(child, depth)[0] for child in children), fate

    def _variable(self, name: str, depth: int) -> tuple[list[str], Fate]:
        if (name, depth) not in self._variables:
            # A variable that is made of itself adds nothing to its own keys.
            self._variables[name, depth] = ([], Fate.MAKES)
            values = self._assigned.get(name, [])[:_MAX_ASSIGNMENTS]
            read = [self._read(value, depth) for value in values]
            fate = read[0][1] if len(read) == 1 else Fate.MAY_KEEP
            self._variables[name, depth] = (_joined(keys for keys, _ in read), fate)
        return self._variables[name, depth]

    def _call(self, node: ast.Call, depth: int) -> tuple[list[str], Fate]:
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        first = node.args[0] if node.args else None
        if name == "get" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            return [first.value], Fate.KEEPS
        parts = list(node.args)
        if isinstance(node.func, ast.Attribute):
            parts.insert(0, node.func.value)
        read = [self._read(part, depth) for part in parts]
        keys = _joined(found for found, _ in read)
        if name == "get" or name in _MAKING:
            # A dictionary that is asked for a value of the input translates it.
            return keys, Fate.MAKES
        inner = max((fate for _, fate in read), default=Fate.MAKES)
        if len(keys) != 1 or inner is Fate.MAKES:
            return keys, Fate.MAKES
        return keys, Fate.KEEPS if name in _KEEPING else Fate.MAY_KEEP


def _joined(parts: Iterable[Sequence[str]]) -> list[str]:
    """Return the keys of several parts, each once."""
    return list(islice(dict.fromkeys(key for keys in parts for key in keys), _MAX_KEYS))


def _constant_index(node: ast.Subscript) -> str | None:
    index = node.slice
    if isinstance(index, ast.Constant) and isinstance(index.value, str):
        return index.value
    return None
