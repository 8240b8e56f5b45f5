import ast
import importlib
import importlib.util
import sys
import textwrap
import threading
from types import SimpleNamespace

import pytest

from taipan_runtime.packages import Finder, RunImports, missing_imports, user_code

NOT_FOUND = ("qx-absent", "There is no package of this name in the index.")


class Index:
    """An index that 'installs' by writing modules into a folder, and remembers what it was asked for."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {}
        self.asked = []

    def has(self, path, text=""):
        self.files[path] = textwrap.dedent(text)

    def __call__(self, names):
        self.asked.append(names)
        return {name: NOT_FOUND for name in names if not self._provides(name)}

    def _provides(self, name):
        """Write the file that makes the name, or the package it is part of, importable."""
        for path, text in self.files.items():
            module = path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
            if f"{name}.".startswith(f"{module}."):
                target = self.folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                return True
        return False


@pytest.fixture
def world(tmp_path):
    """A run with an empty owner's folder; what it imports is forgotten afterwards."""
    workspace, folder = tmp_path / "work", tmp_path / "owner"
    workspace.mkdir()
    index = Index(folder)
    state = SimpleNamespace(run=None, index=index, workspace=workspace, folder=folder)

    def run(code, **names):
        tree = ast.parse(textwrap.dedent(code))
        state.run = RunImports(index, user_code(str(workspace)), str(folder), tree)
        module = {"__name__": "__main__", **names}
        exec(compile(tree, "main.py", "exec"), module)
        return module

    state.execute = run
    finder = Finder(lambda: state.run)
    before = set(sys.modules)
    sys.meta_path.append(finder)
    sys.path.insert(0, str(workspace))
    yield state
    sys.meta_path.remove(finder)
    sys.path.remove(str(workspace))
    for name in set(sys.modules) - before:
        del sys.modules[name]
    importlib.invalidate_caches()


def test_a_missing_import_is_installed_and_goes_on(world):
    world.index.has("qx_cow.py", "def moo(): return 'moo'")
    assert world.execute("import qx_cow\nsaid = qx_cow.moo()")["said"] == "moo"
    assert world.index.asked == [["qx_cow"]]


def test_all_that_the_code_misses_is_one_installation(world):
    for name in ("qx_cow", "qx_bell", "qx_late"):
        world.index.has(f"{name}.py")
    world.execute("""
        import json, os.path
        import qx_cow
        from qx_bell import *
        def later():
            import qx_late
        later()
    """)
    assert world.index.asked == [["qx_bell", "qx_cow", "qx_late"]]


def test_an_optional_import_is_installed_only_when_it_is_reached(world):
    world.index.has("qx_cow.py")
    world.index.has("qx_fast.py")
    world.execute("""
        import qx_cow
        if False:
            try:
                import qx_never
            except ImportError:
                qx_never = None
        try:
            import qx_fast
        except (ValueError, ModuleNotFoundError):
            qx_fast = None
        assert qx_fast is not None
    """)
    assert world.index.asked == [["qx_cow"], ["qx_fast"]]


def test_a_failed_import_says_why_and_is_not_tried_again(world):
    result = world.execute("""
        messages = []
        for _ in range(3):
            try:
                import qx_absent
            except ImportError as error:
                messages.append((type(error).__name__, str(error), error.name))
    """)
    message = (
        "No module named 'qx_absent'. The package qx-absent could not be installed. "
        "There is no package of this name in the index."
    )
    assert result["messages"] == [("ModuleNotFoundError", message, "qx_absent")] * 3
    assert world.index.asked == [["qx_absent"]]


def test_what_failed_beside_another_import_is_not_tried_again_either(world):
    world.index.has("qx_cow.py")
    with pytest.raises(ModuleNotFoundError, match="no package of this name"):
        world.execute("import qx_cow\nimport qx_absent")
    assert world.index.asked == [["qx_absent", "qx_cow"]]


def test_a_package_without_the_module_says_so(world):
    world.run = RunImports(lambda _: {}, user_code(str(world.workspace)), str(world.folder))
    with pytest.raises(ModuleNotFoundError) as raised:
        exec("import qx_other", {"__name__": "__main__"})
    expected = "No module named 'qx_other'. What was installed for it has no such module."
    assert str(raised.value) == expected


def test_a_librarys_own_optional_import_installs_nothing(world):
    world.index.has("qx_numba.py")
    world.index.has(
        "qx_library.py",
        """
        try:
            import qx_numba
        except ImportError as error:
            qx_numba = None
            message = str(error)
        """,
    )
    result = world.execute("import qx_library")
    assert result["qx_library"].message == "No module named 'qx_numba'"
    assert world.index.asked == [["qx_library"]]


def test_a_library_finds_what_the_owner_has(world):
    world.index.has("qx_needed.py")
    world.index.has("qx_library.py", "import qx_needed")
    world.execute("import qx_needed, qx_library")
    del sys.modules["qx_needed"]
    del sys.modules["qx_library"]
    world.execute("import qx_library")
    assert len(world.index.asked) == 1


def test_a_module_of_the_workspace_is_the_users_code(world):
    (world.workspace / "qx_mine.py").write_text("import qx_cow")
    world.index.has("qx_cow.py")
    world.execute("import qx_mine")
    assert world.index.asked == [["qx_cow"]]


def test_a_reader_may_ask_for_its_library(world):
    world.index.has("qx_cow.py")
    world.run = RunImports(world.index, user_code(str(world.workspace)), str(world.folder))
    exec("import qx_cow", {"__name__": "taipan_runtime.readers.rare"})
    assert world.index.asked == [["qx_cow"]]


def test_import_module_counts_as_an_import_of_its_caller(world):
    world.index.has("qx_cow.py")
    world.execute("import importlib\nimportlib.import_module('qx_cow')")
    assert world.index.asked == [["qx_cow"]]


def test_asking_whether_a_module_is_there_installs_nothing(world):
    world.index.has("qx_cow.py")
    assert world.execute("import importlib.util\nspec = importlib.util.find_spec('qx_cow')")["spec"] is None
    assert world.index.asked == []


def test_the_standard_library_is_never_installed(world, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(world.workspace)])
    with pytest.raises(ModuleNotFoundError) as raised:
        world.execute("import turtledemo")
    assert str(raised.value) == "No module named 'turtledemo'"
    assert world.index.asked == []


def test_parts_of_a_shared_namespace_are_asked_for_by_their_full_names(world):
    world.index.has("qx_space/cloud/storage/__init__.py", "NAME = 'storage'")
    world.index.has("qx_space/cloud/query/__init__.py", "NAME = 'query'")
    code = "from qx_space.cloud import storage, query\nnames = [storage.NAME, query.NAME]"
    assert world.execute(code)["names"] == ["storage", "query"]
    assert world.index.asked == [["qx_space.cloud.query", "qx_space.cloud.storage"]]


def test_a_further_part_of_a_namespace_is_installed_beside_the_first(world):
    world.index.has("qx_space/cloud/storage/__init__.py")
    world.index.has("qx_space/auth/__init__.py", "NAME = 'auth'")
    world.execute("import qx_space.cloud.storage")
    assert world.execute("import qx_space.auth\nname = qx_space.auth.NAME")["name"] == "auth"
    assert world.index.asked == [["qx_space.cloud.storage"], ["qx_space.auth"]]


def test_a_missing_part_of_a_namespace_says_why(world):
    world.index.has("qx_space/cloud/storage/__init__.py")
    with pytest.raises(ModuleNotFoundError) as raised:
        world.execute("from qx_space.cloud import storage, absent")
    assert str(raised.value) == (
        "No module named 'qx_space.cloud.absent'. The package qx-absent could not be installed. "
        "There is no package of this name in the index."
    )


def test_a_missing_part_of_an_ordinary_package_is_its_own_affair(world):
    world.index.has("qx_cow/__init__.py")
    with pytest.raises(ModuleNotFoundError) as raised:
        world.execute("import qx_cow.horn")
    assert str(raised.value) == "No module named 'qx_cow.horn'"
    assert world.index.asked == [["qx_cow.horn"]]


def test_threads_of_a_run_that_miss_the_same_module_install_it_once(world):
    world.index.has("qx_cow.py")
    world.execute(
        """
        def work():
            import qx_cow
            found.append(qx_cow.__name__)
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """,
        threading=threading,
        found=(found := []),
    )
    assert found == ["qx_cow"] * 8
    assert world.index.asked == [["qx_cow"]]


def test_outside_of_a_run_nothing_is_installed(world):
    with pytest.raises(ModuleNotFoundError) as raised:
        exec("import qx_cow", {"__name__": "__main__"})
    assert str(raised.value) == "No module named 'qx_cow'"
    assert world.index.asked == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import qx_a, qx_b.c as d", ["qx_a", "qx_b.c"]),
        ("from qx_a import b, c", ["qx_a.b", "qx_a.c"]),
        ("from qx_a import *", ["qx_a"]),
        ("from . import qx_a\nfrom .qx_b import c", []),
        ("import os, json.decoder, pytest, _pytest.qx_none", []),
        ("import pytest.qx_absent", []),
        ("try:\n import qx_a\nexcept ImportError:\n import qx_b", []),
        ("try:\n import qx_a\nexcept:\n pass", []),
        ("try:\n import qx_a\nexcept builtins.ImportError:\n pass\nelse:\n import qx_b", ["qx_b"]),
        ("try:\n import qx_a\nexcept ValueError:\n import qx_b", ["qx_a", "qx_b"]),
        ("try:\n import qx_a\nfinally:\n import qx_b", ["qx_a", "qx_b"]),
        ("with contextlib.suppress(ImportError):\n import qx_a", []),
        ("with open('f'):\n import qx_a", ["qx_a"]),
        ("if TYPE_CHECKING:\n import qx_a\nelse:\n import qx_b", ["qx_b"]),
        ("match x:\n case 1:\n  import qx_a", ["qx_a"]),
        ("async def f():\n async with x:\n  while y:\n   import qx_a", ["qx_a"]),
        ("class A:\n import qx_a", ["qx_a"]),
    ],
)
def test_what_code_misses_is_read_from_its_imports(code, expected):
    assert missing_imports(ast.parse(code)) == expected


def test_a_long_chain_of_branches_is_read_without_recursion():
    code = "if x == 0:\n pass\n" + "".join(
        f"elif x == {number}:\n import qx_{number:04}\n" for number in range(900)
    )
    assert len(missing_imports(ast.parse(code))) == 900


def test_what_the_owner_has_is_not_missing(tmp_path):
    (tmp_path / "qx_cow.py").write_text("")
    importlib.invalidate_caches()
    assert missing_imports(ast.parse("import qx_cow, qx_bell"), str(tmp_path)) == ["qx_bell"]
