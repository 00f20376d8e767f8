"""Which acts and facts the code records in the audit trail, read from the code itself.

`audit.record(…)` and `audit.record_many(…)` are found wherever they stand. A name that is not written there is
followed: through an assignment, a constant of the module, a class of choices, or the callers of the function whose
parameter it is.
What cannot be followed is told as OPEN, and the specification names where it comes from.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

OPEN = "?"
Function = ast.FunctionDef | ast.AsyncFunctionDef
DEEPEST = 6


@dataclass(frozen=True)
class Place:
    """A file of the project, and the function in which something stands."""

    path: Path
    root: Path
    function: Function | None

    def __str__(self) -> str:
        name = self.function.name if self.function else "module"
        return f"{self.path.relative_to(self.root).as_posix()}:{name}"

    @property
    def app(self) -> str:
        return self.path.relative_to(self.root).parts[0]

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(self.root).with_suffix("").parts)


@dataclass
class Recorded:
    """One way in which a call may run: its act, the names of its facts."""

    place: Place
    act: str
    facts: set[str] = field(default_factory=set)


Binding = dict[str, tuple[ast.expr, "Scope"]]


@dataclass(frozen=True)
class Scope:
    """Where an expression is read: its place, and what the parameters of the function were called with."""

    place: Place
    bound: Binding
    extra: tuple[str, ...] = ()  # the keywords that went into **facts


@cache
def functions(path: Path) -> tuple[Function, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, Function))


@cache
def calls_in(function: Function) -> tuple[ast.Call, ...]:
    return tuple(node for node in ast.walk(function) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_record(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in {"record", "record_many"}
        and ast.unparse(call.func.value) == "audit"
    )


class Reader:
    """Reads the files of the project."""

    def __init__(self, root: Path, files: tuple[Path, ...]) -> None:
        self.root, self.files = root, files

    def recorded(self) -> Iterator[Recorded]:
        """Every act that is recorded, each with the facts it may have."""
        for path in self.files:
            for function in functions(path):
                for call in calls_in(function):
                    if is_record(call):
                        for scope in self.scopes(Place(path, self.root, function)):
                            yield from self._recorded(call, scope)

    def _recorded(self, call: ast.Call, scope: Scope) -> Iterator[Recorded]:
        calls = (inner for inner in ast.walk(call) if isinstance(inner, ast.Call))  # of many, each has its own detail
        detail = next((word.value for inner in calls for word in inner.keywords if word.arg == "detail"), None)
        facts = self.keys(detail, scope) if detail is not None else set()
        for act in self.values(call.args[0], scope):
            yield Recorded(scope.place, act, facts)

    # ── who calls a function, and with what ──
    def scopes(self, place: Place, depth: int = 0) -> list[Scope]:
        """The function as its callers call it; as it stands where nobody of its app calls it by name."""
        assert place.function is not None
        found = [
            self._scope(place, call, caller)
            for path, outer, call in self._calls[place.app, place.function.name]
            if self._means(path, place)
            for caller in (
                self.scopes(Place(path, self.root, outer), depth + 1)
                if depth < DEEPEST and outer is not place.function
                else [Scope(Place(path, self.root, outer), {})]
            )
        ]
        return found or [Scope(place, {})]

    @cached_property
    def _calls(self) -> dict[tuple[str, str], list[tuple[Path, Function, ast.Call]]]:
        """Every call by its app and the name called: with the file and the function in which it stands."""
        found: dict[tuple[str, str], list[tuple[Path, Function, ast.Call]]] = defaultdict(list)
        for path in self.files:
            app = path.relative_to(self.root).parts[0]
            for outer in functions(path):
                for call in calls_in(outer):
                    found[app, called(call)].append((path, outer, call))
        return found

    def _means(self, path: Path, place: Place) -> bool:
        """A private function is only called in its own file."""
        assert place.function is not None
        return path == place.path or not place.function.name.startswith("_")

    def _scope(self, place: Place, call: ast.Call, caller: Scope) -> Scope:
        assert place.function is not None
        arguments = place.function.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        if names[:1] == ["self"]:
            names = names[1:]
        bound: Binding = {name: (value, caller) for name, value in zip(names, call.args, strict=False)}
        known = {*names, *(one.arg for one in arguments.kwonlyargs)}
        bound |= {word.arg: (word.value, caller) for word in call.keywords if word.arg in known}
        extra = tuple(word.arg for word in call.keywords if word.arg and word.arg not in known)
        return Scope(place, bound, extra if arguments.kwarg else ())

    # ── what an expression may be ──
    def values(self, node: ast.expr, scope: Scope) -> set[str]:
        """The strings that an expression may be."""
        found = {OPEN}
        match node:
            case ast.Constant():
                found = {str(node.value)}
            case ast.IfExp():
                found = self.values(node.body, scope) | self.values(node.orelse, scope)
            case ast.JoinedStr():
                found = {"".join(one) for one in product(*(self.values(part, scope) for part in node.values))}
            case ast.FormattedValue():
                found = self.values(node.value, scope)
            case ast.Name():
                found = self._named(node.id, scope)
            case ast.Attribute():
                found = {self._constant(ast.unparse(node), scope)}
        return found

    def _named(self, name: str, scope: Scope) -> set[str]:
        if name in scope.bound:
            value, caller = scope.bound[name]
            return self.values(value, caller)
        assigned = self._assigned(name, scope)
        if assigned:
            return set().union(*(self.values(value, scope) for value in assigned))
        return {self._constant(name, scope)}

    def _assigned(self, name: str, scope: Scope) -> list[ast.expr]:
        found: list[ast.expr] = []
        for node in ast.walk(scope.place.function) if scope.place.function else ():
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    found += _matching(target, node.value, name)
        return found

    def _constant(self, dotted: str, scope: Scope) -> str:
        """A constant of the module, or a member of a class of choices; OPEN for anything else."""
        value: Any = import_module(scope.place.module)
        for part in dotted.split("."):
            value = getattr(value, part, None)
        return str(getattr(value, "value", value)) if isinstance(value, str) else OPEN

    # ── the names of facts ──
    def keys(self, node: ast.expr, scope: Scope) -> set[str]:
        """The keys that a dict may have."""
        found = {OPEN}
        match node:
            case ast.Dict():
                found = self._dict_keys(node, scope)
            case ast.BinOp():
                found = self.keys(node.left, scope) | self.keys(node.right, scope)
            case ast.IfExp():
                found = self.keys(node.body, scope) | self.keys(node.orelse, scope)
            case ast.DictComp():
                found = self._comprehended(node, scope)
            case ast.Name():
                found = self._dict_named(node.id, scope)
            case ast.Call():
                found = self._returned(node, scope)
        return found

    def _dict_keys(self, node: ast.Dict, scope: Scope) -> set[str]:
        found: set[str] = set()
        for key, value in zip(node.keys, node.values, strict=True):
            found |= self.keys(value, scope) if key is None else self.values(key, scope)
        return found

    def _comprehended(self, node: ast.DictComp, scope: Scope) -> set[str]:
        """{name: … for name, value in facts.items()} has the keys of facts."""
        source = node.generators[0].iter
        if isinstance(source, ast.Call) and called(source) == "items" and isinstance(source.func, ast.Attribute):
            return self.keys(source.func.value, scope)
        return {OPEN}

    def _dict_named(self, name: str, scope: Scope) -> set[str]:
        function = scope.place.function
        if function and function.args.kwarg and function.args.kwarg.arg == name:
            return set(scope.extra)
        if name in scope.bound:
            value, caller = scope.bound[name]
            return self.keys(value, caller)
        assigned = self._assigned(name, scope)
        return set().union(*(self.keys(value, scope) for value in assigned)) if assigned else {OPEN}

    def _returned(self, call: ast.Call, scope: Scope) -> set[str]:
        """The keys of what a function of the same file returns."""
        name = called(call)
        for function in functions(scope.place.path):
            if function.name == name:
                inner = self._scope(Place(scope.place.path, self.root, function), call, scope)
                returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
                return set().union(*(self.keys(value, inner) for value in returns))
        if name == "dict" and not call.args:
            return {word.arg for word in call.keywords if word.arg}
        return {OPEN}


def _matching(target: ast.expr, value: ast.expr, name: str) -> list[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        return [value]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
        return [found for one, other in pairs for found in _matching(one, other, name)]
    return []
