"""From source text to code: the last expression apart, `await` allowed at the top, `/mnt/data` translated."""

import ast
import re
from types import CodeType
from typing import Any

from taipan_runtime.isolation.paths import SHOWN
from taipan_runtime.tracebacks import source_lines

# The folder's name in a text, but not as a part of another name.
_NAMED = re.compile(rf"(?<![\w.-]){SHOWN}(?![\w.-])")
_NAMED_IN_BYTES = re.compile(_NAMED.pattern.encode())
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def compile_source(source: str, file_name: str, folder: str) -> tuple[ast.Module, CodeType, CodeType | None]:
    """Give the parsed tree, the code of all but the last expression, and that of it, if it is to be shown."""
    tree = compile(source, file_name, "exec", ast.PyCF_ONLY_AST | _FLAGS, dont_inherit=True)
    if folder != SHOWN and SHOWN in source:
        tree = _InFolder(folder).visit(tree)
    shown = None
    body = tree
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not _is_silenced(source, tree.body[-1]):
        body = ast.Module(tree.body[:-1], tree.type_ignores)
        expression = ast.Expression(tree.body[-1].value)
        shown = compile(expression, file_name, "eval", _FLAGS, dont_inherit=True)
    return tree, compile(body, file_name, "exec", _FLAGS, dont_inherit=True), shown


def _is_silenced(source: str, expression: ast.Expr) -> bool:
    """Whether a semicolon follows, as in a notebook."""
    if ";" not in source or expression.end_lineno is None:
        return False
    last = source_lines(source)[expression.end_lineno - 1]
    rest = last.encode()[expression.end_col_offset :]
    return rest.lstrip().startswith(b";")


class _InFolder(ast.NodeTransformer):
    """Puts the run's folder in the place of `/mnt/data` in string literals."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def visit_Constant(self, node: ast.Constant) -> Any:
        """Translate a literal."""
        value = node.value
        if isinstance(value, str) and SHOWN in value:
            value = _NAMED.sub(lambda _: self._folder, value)
        elif isinstance(value, bytes) and SHOWN.encode() in value:
            value = _NAMED_IN_BYTES.sub(lambda _: self._folder.encode(), value)
        else:
            return node
        return ast.copy_location(ast.Constant(value, node.kind), node)
