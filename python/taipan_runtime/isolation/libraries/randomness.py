"""The random generators of `random` and `numpy.random` by run, so that a seed means the same in every run."""

import random
from types import BuiltinMethodType, MethodType, ModuleType
from typing import Any

from _taipan import current

from taipan_runtime.isolation.after_import import after_import
from taipan_runtime.isolation.scope import by_run, scope_module


def _method(generator: property, method: str, shared: Any) -> property:
    """Give a module's function as the method of the run's generator."""

    def get(owner: object) -> Any:
        return shared if current() is None else getattr(generator.fget(owner), method)

    def put(owner: object, value: Any) -> None:
        # A run that replaces the function itself would replace it for all: its generator takes it.
        setattr(generator.fget(owner), method, value)

    return property(get, put)


def _scope_random() -> None:
    shared = random._inst
    generator = by_run("random", random.Random, lambda: shared)
    functions = {
        name: _method(generator, value.__name__, value)
        for name, value in vars(random).items()
        if isinstance(value, MethodType | BuiltinMethodType) and getattr(value, "__self__", None) is shared
    }
    scope_module(random, {"_inst": generator, **functions})


def _scope_numpy(mtrand: ModuleType) -> None:
    shared = mtrand._rand
    generator = by_run("numpy_random", mtrand.RandomState, lambda: shared)

    def functions(module: ModuleType) -> dict[str, property]:
        bound = {
            name: _method(generator, value.__name__, value)
            for name, value in vars(module).items()
            if getattr(value, "__self__", None) is shared
        }
        for name, method in {"seed": "seed", "ranf": "random_sample", "sample": "random_sample"}.items():
            if name in vars(module):
                bound[name] = _method(generator, method, vars(module)[name])
        return bound

    scope_module(mtrand, {"_rand": generator, **functions(mtrand)})
    after_import("numpy.random", lambda package: scope_module(package, functions(package)))


def _scope_scipy(distributions: ModuleType) -> None:
    """Distributions of scipy.stats are made once and keep the generator they were made with."""
    from numpy.random import mtrand

    kept = "_random_state"
    shared = vars(mtrand)["_rand"]

    def get(distribution: Any) -> Any:
        own = distribution.__dict__.get(kept)
        return mtrand._rand if own is shared else own

    def put(distribution: Any, value: Any) -> None:
        distribution.__dict__[kept] = value

    distributions.rv_generic._random_state = property(get, put)


def install() -> None:
    """Scope `random` now and the others once they are imported."""
    _scope_random()
    after_import("numpy.random.mtrand", _scope_numpy)
    after_import("scipy.stats._distn_infrastructure", _scope_scipy)
