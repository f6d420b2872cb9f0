"""Make mutants: copies of a module in which one expression or statement is changed.

What cannot change what the package does is left alone: docstrings, type hints and aliases, asserts,
log calls, decorators (sizes of caches, flags of dataclasses) and `__all__`.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "startswith": "endswith",
    "endswith": "startswith",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
}
# The order of their arguments is meaningless, or the interpreter objects at once.
_UNORDERED = frozenset({"min", "max", "isinstance", "cast", "zip"})
# They guard against mistakes of the code itself, or cost only speed.
_KEYWORDS_WITHOUT_EFFECT = frozenset({"strict", "maxsize", "slots", "frozen"})
_LOGGERS = frozenset({"log", "logger", "_log", "_logger", "LOG"})
_UNTOUCHED_FIELDS = frozenset({"annotation", "returns", "decorator_list", "format_spec"})
_UNTOUCHED = (ast.Assert, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)
_SHOWN = 80  # characters of each side of a change in reports


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a node is: the statement around it and what runs it.

    `function` is the qualified name of the outermost function around it, None for what runs when
    the module is imported. `names` are the names that an import statement of the module would use.
    """

    statement: range
    function: str | None = None
    function_line: int = 0
    class_names: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one node of a module: `parent.field`, or its item `index`, becomes `node`."""

    module: "Module"
    kind: str
    before: str
    after: str
    line: int
    scope: Scope
    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def __str__(self) -> str:
        return f"{self.module.name}:{self.line} {self.change}"

    @property
    def change(self) -> str:
        """Return the change, without the line, which moves when code above it is edited."""
        return f"{self.kind}: {self.before} -> {self.after}"

    def compiled(self) -> CodeType:
        """Return the code of the changed module."""
        with self._applied():
            return compile(self.module.tree, str(self.module.path), "exec", dont_inherit=True)

    @contextmanager
    def _applied(self) -> Iterator[None]:
        value = getattr(self.parent, self.field)
        changed: Any = self.node
        if self.index is not None:
            changed = [*value[: self.index], self.node, *value[self.index + 1 :]]
        setattr(self.parent, self.field, changed)
        try:
            yield
        finally:
            setattr(self.parent, self.field, value)


@dataclass(frozen=True, slots=True)
class Module:
    """A module's parsed source; `name` is dotted."""

    name: str
    path: Path
    tree: ast.Module


def load(package: Path, root: Path) -> list[Module]:
    """Parse all modules of a package below `root`, in the order of their names."""
    modules = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules.append(Module(name, path, ast.parse(path.read_text(encoding="utf-8"))))
    return modules


def mutants(module: Module) -> list[Mutant]:
    """Return every mutant of a module, in the order of its source."""
    return list(_walk(module, module.tree, Scope(range(0))))


def _walk(module: Module, node: ast.AST, scope: Scope) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        if field in _UNTOUCHED_FIELDS:
            continue
        inner = _entered(node, scope) if field == "body" else scope
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _untouched(node, field, child, inner):
                continue
            around = _at_statement(child, inner) if isinstance(child, ast.stmt) else inner
            for kind, changed in _changes(child):
                ast.copy_location(changed, child)
                ast.fix_missing_locations(changed)
                line = getattr(child, "lineno", around.statement.start)
                shown = _shown(child), _shown(changed)
                yield Mutant(module, kind, *shown, line, around, node, field, index, changed)
            yield from _walk(module, child, around)


def _entered(node: ast.AST, scope: Scope) -> Scope:
    """Return the scope of the body of a function or class."""
    if scope.function is not None:
        return scope
    if isinstance(node, ast.ClassDef):
        return replace(scope, class_names=(*scope.class_names, node.name))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        line = min(node.lineno, *(each.lineno for each in node.decorator_list), node.lineno)
        name = ".".join((*scope.class_names, node.name))
        return replace(scope, function=name, function_line=line)
    return scope


def _at_statement(statement: ast.stmt, scope: Scope) -> Scope:
    """Return the scope of a statement; a compound one covers its head only."""
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    end = statement.end_lineno or statement.lineno
    if body:
        first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
        end = max(statement.lineno, first - 1)
    names = set(scope.class_names)
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names |= {
            each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
        }
    elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        names.add(statement.name)
    return replace(scope, statement=range(statement.lineno, end + 1), names=frozenset(names))


def _untouched(parent: ast.AST, field: str, node: ast.AST, scope: Scope) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in _LOGGERS
        case ast.Assign(targets=[ast.Name(id=name)]) if scope.function is None:
            is_alias = name[:1].isupper() and not name.isupper() and not scope.class_names
            return name == "__all__" or is_alias
        case ast.ClassDef(bases=bases):
            return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in bases)
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.expr() if isinstance(parent, ast.Call) and field == "args":
            called = parent.func
            return isinstance(called, ast.Name) and (
                (called.id in {"cast", "TypeVar"} and node is parent.args[0])
                or (called.id in {"isinstance", "issubclass"} and node is parent.args[1])
            )
    return isinstance(node, _UNTOUCHED)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a node can be changed into, each with the kind of the change."""
    match node:
        case ast.Compare():
            yield from _other_comparisons(node)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "boolean", _with(node, op=other)
        case ast.UnaryOp(op=ast.Not()):
            yield "negation", node.operand
        case ast.BinOp() | ast.AugAssign() if type(node.op) in _ARITHMETIC:
            yield "arithmetic", _with(node, op=_ARITHMETIC[type(node.op)]())
        case ast.Constant():
            yield from _other_constants(node)
        case ast.Call():
            yield from _other_calls(node)
        case ast.Slice():
            for bound in ("lower", "upper"):
                if getattr(node, bound) is not None:
                    yield "slice", _with(node, **{bound: None})
        case ast.Name(id=name) if name in _NAMES:
            yield "name", _with(node, id=_NAMES[name])
        case ast.Attribute(attr=name) if name in _NAMES:
            yield "name", _with(node, attr=_NAMES[name])
        case ast.Break():
            yield "loop", ast.Continue()
        case ast.Continue():
            yield "loop", ast.Break()
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "return", ast.Return(ast.Constant(None))
        case ast.ExceptHandler(body=body) if not isinstance(body[-1], ast.Raise):
            yield "handler", _with(node, body=[_raise_at(body[0])])
        case ast.comprehension(ifs=[_, *_]):
            yield "filter", _with(node, ifs=node.ifs[1:])
    yield from _negated_tests(node)
    if _can_be_deleted(node):
        yield "deletion", ast.Pass()


def _other_comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for index, operator in enumerate(node.ops):
        other = _COMPARISONS[type(operator)]()
        yield "comparison", _with(node, ops=[*node.ops[:index], other, *node.ops[index + 1 :]])


def _other_constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    match node.value:
        case bool(value):
            yield "constant", ast.Constant(not value)
        case int(value) | float(value):
            yield "constant", ast.Constant(value + 1)
        case str(value):
            yield "text", ast.Constant(f"XX{value}")
        case bytes(value):
            yield "text", ast.Constant(b"XX" + value)


def _other_calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    called = node.func.id if isinstance(node.func, ast.Name) else None
    if len(node.args) >= 2 and called not in _UNORDERED:
        first, second, *rest = node.args
        starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
        if not starred and ast.dump(first) != ast.dump(second):
            yield "arguments", _with(node, args=[second, first, *rest])
    for keyword in node.keywords:
        if keyword.arg and keyword.arg not in _KEYWORDS_WITHOUT_EFFECT:
            rest_of_them = [each for each in node.keywords if each is not keyword]
            yield "keyword", _with(node, keywords=rest_of_them)


def _negated_tests(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the node with its condition negated, unless another change does the same."""
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(
        node.test, ast.Compare | ast.UnaryOp
    ):
        yield "negation", _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _can_be_deleted(node: ast.AST) -> bool:
    match node:
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            return True
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            return True
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _raise_at(statement: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Raise(None, None), statement)


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    """Return a copy of a node with other fields; the original keeps its own."""
    changed = copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension | ast.ExceptHandler):
        text = ast.unparse(node).strip()
    else:
        text = ast.unparse(node)
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
