"""Would a wrong gate be noticed? Changes the gate's code in small ways, one at a time, and asks the tests.

    PYTHONPATH=src:tests python tests/gate/mutation.py [MODULE ...]

A mutant alters one thing in one module: a comparison's edge or sense, ``and`` for ``or``, a number by one, yes for no,
a name in a string, plus for minus, ``any`` for ``all``, ``min`` for ``max``, a condition's sense, a returned value, a
finding left out, a member of a set or an entry of a table left out, an argument left out. Sentences people read,
annotations and messages of errors are left alone.

Each runs in a forked process of its own: first the worked cases that execute the changed function, compared as
``test_cases.py`` does (when none does, or the change is outside functions, the gate is loaded again around it and all
cases are asked); if none notices, the test files named in ``BESIDE``.
What survives is printed as ``module:line what``. docs/reference/gate-mutants.md explains those that are left.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
GATE = ROOT / "src" / "mora" / "gate"
MODULES = (
    "hours", "calls", "permissions", "whom", "holds", "by_us", "manner", "owed", "zones", "verdict", "asking",
    "clauses", "reading", "record",
)  # fmt: skip
BESIDE = {
    "zones": ("test_zones.py",),
    "owed": ("test_is_it_owed.py", "test_what_a_verdict_says.py", "test_house_rules.py"),
    "verdict": ("test_record.py", "test_what_a_verdict_says.py", "test_house_rules.py"),
    "reading": ("test_reading.py", "test_what_a_verdict_says.py"),
    "record": ("test_record.py",),
    "clauses": ("test_clauses.py", "test_house_rules.py", "test_what_a_verdict_says.py"),
}
"""Tests beside the worked cases, asked about what these do not notice; ``OTHERS`` for modules not named."""
OTHERS = ("test_what_a_verdict_says.py", "test_examples.py", "test_house_rules.py")
SECONDS = 60
"""Of processor time for one mutant; one that runs longer would never have passed."""

EDGES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module."""

    module: str
    line: int
    what: str
    function: str
    """Name of the outermost function it lies in, ``Class.method`` in a class; empty outside functions."""
    tree: ast.Module


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text."""
    tree = ast.parse((GATE / f"{module}.py").read_text(encoding="utf-8"))
    left_alone = _left_alone(tree)
    homes = dict(_homes(tree, ""))
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in left_alone:
            continue
        for variant, what in enumerate(_variants(node)):
            changed = copy.deepcopy(tree)
            target = next(each for place, each in enumerate(ast.walk(changed)) if place == at)
            _replace(changed, target, variant)
            line = node.iter.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)
            yield Mutant(module, line, what, homes.get(id(node), ""), ast.fix_missing_locations(changed))


def _left_alone(tree: ast.Module) -> set[int]:
    """Nodes inside sentences, annotations, docstrings, imports, error messages and declarations of types."""
    found: set[int] = set()

    def leave(node: ast.AST | None) -> None:
        if node is not None:
            found.update(id(each) for each in ast.walk(node))

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Words", "Annotated"):
            leave(node)
        if isinstance(node, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom | ast.Assert):
            leave(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            leave(node)
        if isinstance(node, ast.arg | ast.AnnAssign):
            leave(node.annotation)
        if isinstance(node, ast.FunctionDef):
            leave(node.returns)
            for each in node.decorator_list:
                leave(each)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "frozenset":
            leave(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast":
            leave(node.args[0])
    return found


def _homes(node: ast.AST, within: str) -> Iterator[tuple[int, str]]:
    """Each node with the outermost function it lies in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _homes(child, child.name + ".")
        elif isinstance(child, ast.FunctionDef):
            name = within + child.name
            outside = {
                id(each)
                for default in [*child.args.defaults, *child.args.kw_defaults]
                if default
                for each in ast.walk(default)
            }
            yield from ((id(each), name) for each in ast.walk(child) if id(each) not in outside)
        else:
            yield from _homes(child, within)


def _variants(node: ast.AST) -> list[str]:  # noqa: C901 -- one case a kind of node
    """What can be changed about a node; :func:`_replace` does the same in the same order."""
    match node:
        case ast.Compare(ops=[op]):
            return [f"{type(op).__name__} -> {other.__name__}" for other in EDGES[type(op)]]
        case ast.Compare():
            return [
                f"comparison {place + 1}: {type(op).__name__} -> {EDGES[type(op)][0].__name__}"
                for place, op in enumerate(node.ops)
            ]
        case ast.BoolOp():
            return [f"{type(node.op).__name__} -> {'Or' if isinstance(node.op, ast.And) else 'And'}"]
        case ast.UnaryOp(op=ast.Not()):
            return ["not left out"]
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() | ast.BitOr()):
            return [f"{type(node.op).__name__} -> {type(_other(node.op)).__name__}"]
        case ast.Constant(value=bool()):
            return [f"{node.value} -> {not node.value}"]
        case ast.Constant(value=int()):
            return [f"{node.value} -> {node.value + 1}"]
        case ast.Constant(value=str()) if node.value:
            return [f"{node.value!r} -> another word"]
        case ast.Call(func=ast.Name(id=name)) if name in SWAPPED:
            return [f"{name} -> {SWAPPED[name]}"]
        case ast.Call() if node.keywords:
            return [f"argument {each.arg} left out" for each in node.keywords]
        case ast.Return() if node.value is not None and not _is_constant(node.value, None):
            return ["returns nothing"]
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            return ["finding left out"]
        case ast.If() | ast.IfExp() if not isinstance(node.test, ast.Compare | ast.BoolOp):
            return ["condition's sense"]
        case ast.comprehension() if node.ifs:
            return ["filter left out"]
        case ast.Continue() | ast.Break():
            return ["continue -> break" if isinstance(node, ast.Continue) else "break left out"]
        case ast.Set() if len(node.elts) > 1:
            return [f"{ast.unparse(each)} left out" for each in node.elts]
        case ast.Dict() if len(node.keys) > 1:
            return [f"entry {ast.unparse(key) if key is not None else '**'} left out" for key in node.keys]
    return []


def _is_constant(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _other(op: ast.operator) -> ast.operator:
    return {
        ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.FloorDiv(), ast.FloorDiv: ast.Mult(),
        ast.BitOr: ast.BitAnd(),
    }[type(op)]  # fmt: skip


class _Swap(ast.NodeTransformer):
    """One node for another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def _replace(tree: ast.Module, node: Any, variant: int) -> None:  # noqa: C901 -- one case a kind of node
    """Change a node of a tree in place."""
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [EDGES[type(op)][variant]()]
        case ast.Compare():
            node.ops[variant] = EDGES[type(node.ops[variant])][0]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            _Swap(node, node.operand).visit(tree)
        case ast.BinOp():
            node.op = _other(node.op)
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int()):
            node.value += 1
        case ast.Constant():
            node.value += "?"
        case ast.Call(func=ast.Name(id=name)) if name in SWAPPED:
            node.func.id = SWAPPED[name]
        case ast.Call():
            del node.keywords[variant]
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.Expr():
            _Swap(node, ast.Expr(_nothing(node.value))).visit(tree)
        case ast.If() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.comprehension():
            node.ifs = []
        case ast.Continue():
            _Swap(node, ast.Break()).visit(tree)
        case ast.Break():
            _Swap(node, ast.Pass()).visit(tree)
        case ast.Set():
            del node.elts[variant]
        case ast.Dict():
            del node.keys[variant], node.values[variant]


def _nothing(value: ast.expr) -> ast.expr:
    """A yield of nothing, so that a generator remains one."""
    return ast.YieldFrom(ast.Tuple([], ast.Load())) if isinstance(value, ast.Yield | ast.YieldFrom) else value


class Bench:
    """The worked cases, with the functions of the gate that each executes."""

    def __init__(self) -> None:
        from gate import casebook, test_cases

        self.views = [view for case in casebook.casebook().values() for view in case.views]
        self.check = test_cases.test_a_case_gets_its_verdict
        self.by_function: dict[tuple[str, str], list[int]] = defaultdict(list)
        for view in self.views:
            casebook.asked(view)
        for number, view in enumerate(self.views):
            for each in self._executed(view):
                self.by_function[each].append(number)

    def _executed(self, view: Any) -> set[tuple[str, str]]:
        found: set[CodeType] = set()
        sys.setprofile(lambda frame, event, _: found.add(frame.f_code) if event == "call" else None)
        try:
            self.check(view)
        finally:
            sys.setprofile(None)
        return {
            (Path(code.co_filename).stem, code.co_qualname.partition(".<locals>")[0])
            for code in found if Path(code.co_filename).parent == GATE
        }  # fmt: skip

    def survives(self, mutant: Mutant) -> bool:
        """Whether no test notices a mutant; asked in a process of its own."""
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                os._exit(0 if self._unnoticed(mutant) else 1)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == 0

    def _unnoticed(self, mutant: Mutant) -> bool:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + SECONDS,) * 2)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = compile(mutant.tree, str(GATE / f"{mutant.module}.py"), "exec")
        if self.by_function.get((mutant.module, mutant.function)):
            _patch(importlib.import_module(f"mora.gate.{mutant.module}"), mutant.function, code)
            views = [self.views[number] for number in self.by_function[mutant.module, mutant.function]]
            check = self.check
        else:
            views, check = _afresh(mutant.module, code)
        for view in views:
            check(view)
        import pytest

        files = [str(Path(__file__).parent / name) for name in BESIDE.get(mutant.module, OTHERS)]
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *files])) == 0


def _patch(module: ModuleType, name: str, code: CodeType) -> None:
    """Give a function that is already in use the code of the changed one."""
    owner: Any = module
    for part in name.split("."):
        owner = vars(owner)[part]
    for inner in ("fget", "func", "__func__", "__wrapped__"):
        while not isinstance(owner, FunctionType) and hasattr(owner, inner):
            owner = getattr(owner, inner)
    owner.__code__ = next(each for each in _codes(code) if each.co_qualname == name)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _afresh(module: str, code: CodeType) -> tuple[list[Any], Any]:
    """The cases with the whole gate loaded again around a changed module."""
    for name in [each for each in sys.modules if each.startswith(("mora.gate", "mora.cli", "gate."))]:
        del sys.modules[name]

    class Changed:
        """Loads the changed module in the place of the file."""

        def find_spec(self, name: str, *_: object) -> Any:
            if name != f"mora.gate.{module}":
                return None
            return importlib.machinery.ModuleSpec(name, self, origin=code.co_filename)  # type: ignore[arg-type]

        def create_module(self, _: object) -> None:
            return None

        def exec_module(self, made: ModuleType) -> None:
            made.__file__ = code.co_filename
            exec(code, made.__dict__)

    sys.meta_path.insert(0, Changed())  # type: ignore[arg-type]
    # By name: the package ``gate`` still holds what was loaded before.
    casebook, test_cases = (importlib.import_module(f"gate.{each}") for each in ("casebook", "test_cases"))
    return [
        view for case in casebook.casebook().values() for view in case.views
    ], test_cases.test_a_case_gets_its_verdict


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the mutants of the modules named, or of all, and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="a sample: each Nth mutant of a module")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {', '.join(MODULES)}; all when none is named")
    asked = parser.parse_args()
    names = asked.modules or MODULES
    import pytest  # noqa: F401 -- loaded once, before the processes part

    bench = Bench()
    made: Counter[str] = Counter()
    left: Counter[str] = Counter()
    begun = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    for name in names:
        for number, mutant in enumerate(mutants(name)):
            if number % asked.every:
                continue
            made[name] += 1
            if bench.survives(mutant):
                left[name] += 1
                _say(f"{name}:{mutant.line} {mutant.what}")
        _say(f"# {name}: {made[name]} mutants, {made[name] - left[name]} noticed, {left[name]} survive")
    total, survive = made.total(), left.total()
    spent = time.process_time() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun
    noticed = total - survive
    _say(
        f"# all: {total} mutants, {noticed} noticed ({100 * noticed // total} %), {survive} survive; "
        f"{spent:.0f} seconds of processor time"
    )


if __name__ == "__main__":
    main()
