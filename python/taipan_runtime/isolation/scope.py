"""Attributes whose value depends on the run of the thread that looks."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from _taipan import current


def by_run(key: str, make: Callable[[], Any], outside: Callable[[], Any]) -> property:
    """Make an attribute kept by the run under `key`, made on first use; outside of runs another answers."""

    def get(_owner: object) -> Any:
        run = current()
        if run is None:
            return outside()
        own = run.__dict__
        if key not in own:
            own[key] = make()
        return own[key]

    def put(_owner: object, value: Any) -> None:
        run = current()
        if run is not None:
            run.__dict__[key] = value

    return property(get, put)


def scope_module(module: ModuleType, attributes: dict[str, property]) -> None:
    """Let attributes of a module depend on the run, also where C code set them before.

    The module's class becomes a subclass with properties, which go before the module's own dictionary. Assignments
    from outside of runs go into the dictionary, as without this.
    """
    own = module.__dict__

    def outside_too(name: str, attribute: property) -> property:
        def put(owner: object, value: Any) -> None:
            if current() is None:
                own[name] = value
            elif attribute.fset is not None:
                attribute.fset(owner, value)

        return property(attribute.fget, put)

    scoped = {name: outside_too(name, attribute) for name, attribute in attributes.items()}
    module.__class__ = _LooksPlain(
        "module", (ModuleType,), {"__slots__": (), "__new__": _plain_module, **scoped}
    )


class _LooksPlain(type):
    """The class of those classes: libraries take `type(sys)` for the class of all modules."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, ModuleType)


def _plain_module(_cls: type, *args: Any, **kwargs: Any) -> ModuleType:
    """Make what `type(sys)("name")` asks for: a module like any other."""
    return ModuleType(*args, **kwargs)
