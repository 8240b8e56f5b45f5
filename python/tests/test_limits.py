"""The limits of size for Python, as `tests/architecture/limits.rs` has them for Rust."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / folder for folder in ("python", "setup", "examples")]
SOURCES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.py"))]

FUNCTION_LINES = 70
PARAMETERS = 6


def too_large(text):
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = node.end_lineno - node.lineno + 1
        names = [each.arg for each in node.args.posonlyargs + node.args.args + node.args.kwonlyargs]
        parameters = len([name for name in names if name not in ("self", "cls")])
        if lines > FUNCTION_LINES or parameters > PARAMETERS:
            found.append(f"{node.name}: {lines} lines, {parameters} parameters")
    return found


def test_there_are_sources():
    assert ROOT / "python/taipan_runtime/execution.py" in SOURCES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_70_lines_or_takes_more_than_6_parameters(path):
    assert too_large(path.read_text()) == []


def test_a_long_function_and_one_with_many_parameters_are_found():
    long = "def long(self):\n" + "    x()\n" * 70
    many = "async def many(a, b, /, c, d, *, e, f, g): ...\n"
    assert too_large(long + many) == ["long: 71 lines, 0 parameters", "many: 1 lines, 7 parameters"]
