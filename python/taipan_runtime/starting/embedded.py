"""Imports the modules of this package from the texts embedded in the program."""

import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import CodeType


class EmbeddedSources(MetaPathFinder, InspectLoader):
    """Finds and loads the embedded modules."""

    def __init__(self, sources: dict[str, tuple[str, bool]]) -> None:
        """Keep the texts, by module name, each with whether it is a package."""
        self.sources = sources

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Find an embedded module."""
        if fullname not in self.sources:
            return None
        return spec_from_loader(
            fullname, self, origin=self.filename(fullname), is_package=self.is_package(fullname)
        )

    def is_package(self, fullname: str) -> bool:
        """Whether the module may hold others."""
        return self.sources[fullname][1]

    def get_source(self, fullname: str) -> str:
        """Give the module's text, which tracebacks show."""
        return self.sources[fullname][0]

    def filename(self, fullname: str) -> str:
        """Name the file as tracebacks show it."""
        return f"<taipan>/{'/'.join(fullname.split('.')[1:]) or '__init__'}.py"

    def get_code(self, fullname: str) -> CodeType:
        """Compile the module."""
        return compile(self.get_source(fullname), self.filename(fullname), "exec", dont_inherit=True)


def install(sources: dict[str, tuple[str, bool]]) -> None:
    """Make `import taipan_runtime` work."""
    sys.meta_path.insert(0, EmbeddedSources(sources))
