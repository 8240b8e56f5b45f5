"""From source text to code: the last expression apart, `await` allowed at the top, `/mnt/data` translated."""

import ast
import copy
from types import CodeType
from typing import Any

from taipan_runtime.isolation.paths import SHOWN
from taipan_runtime.tracebacks import FILENAME, source_lines

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def compile_source(source: str, folder: str) -> tuple[ast.Module, CodeType, CodeType | None]:
    """Give the parsed tree, the code of all but the last expression, and that of it, if it is to be shown."""
    tree = compile(source, FILENAME, "exec", ast.PyCF_ONLY_AST | _FLAGS, dont_inherit=True)
    if SHOWN in source:
        tree = _InFolder(folder).visit(tree)
    shown = None
    body = tree
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not _is_silenced(source, tree.body[-1]):
        body = copy.copy(tree)
        body.body = tree.body[:-1]
        expression = ast.Expression(tree.body[-1].value)
        shown = compile(expression, FILENAME, "eval", _FLAGS, dont_inherit=True)
    return tree, compile(body, FILENAME, "exec", _FLAGS, dont_inherit=True), shown


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
        if isinstance(node.value, str) and SHOWN in node.value:
            return ast.copy_location(ast.Constant(node.value.replace(SHOWN, self._folder), node.kind), node)
        if isinstance(node.value, bytes) and SHOWN.encode() in node.value:
            return ast.copy_location(
                ast.Constant(node.value.replace(SHOWN.encode(), self._folder.encode())), node
            )
        return node
