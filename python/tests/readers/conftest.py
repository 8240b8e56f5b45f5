"""What the tests of the readers share: the sample files, and runs with or without packages for rare types.

Plain `pytest` needs the base packages alone and tests what happens without the others, whether they are there
or not. `pytest --extras` reads the rare types too; then a missing package is a failure.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from taipan_runtime import readers

SAMPLES = Path(__file__).parents[3] / "tests" / "fixtures" / "load_file"
EXPECTATIONS = json.loads((SAMPLES / "expectations.json").read_text(encoding="utf-8"))["files"]
EXTRA_MODULES = (
    *("astropy", "bson", "cbor2", "duckdb", "fastavro", "geopandas", "h5py", "meshio", "msgpack", "netCDF4"),
    *("nibabel", "numbers_parser", "pillow_heif", "pydicom", "pyogrio", "pyreadr", "pyreadstat"),
    *("python_calamine", "rasterio", "scapy", "tables", "trimesh", "xarray"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--extras", action="store_true", help="also read types that need packages beyond the base"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--extras"):
        return
    skip = pytest.mark.skip(reason="needs packages beyond the base: run with --extras")
    for item in items:
        if "extras" in item.keywords:
            item.add_marker(skip)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "extras: reads with packages beyond the base")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped:
        terminalreporter.write_line(f"{skipped} tests need packages beyond the base; --extras runs them.")


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test runs in an empty folder of its own, as a run does."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def without_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the import of everything beyond the base fail, as it does when it could not be installed."""
    loaded = [name for name in sys.modules if name.partition(".")[0] in EXTRA_MODULES]
    for name in {*EXTRA_MODULES, *loaded}:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture
def load(workspace: Path) -> Callable[..., object]:
    """Write a file into the workspace and read it: `load("a.csv", "csv", "a,b\\n1,2\\n", sep=",")`."""

    def write_and_read(name: str, kind: str, content: str | bytes, compression: str | None = None, **options):
        place = workspace / name
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return readers.read(str(place), name, kind, compression, options)

    return write_and_read


@pytest.fixture
def samples() -> SimpleNamespace:
    """The sample files: `samples.read("sample.csv", sep=",")` and `samples.path("sample.csv")`."""

    def read(name: str, **options):
        expected = EXPECTATIONS[name]
        path = str(SAMPLES / name)
        return readers.read(path, name, expected["type"], expected.get("compression"), options)

    return SimpleNamespace(read=read, path=lambda name: SAMPLES / name)
