"""State that cannot be told apart by run and is put back when a run ends: others see it until then."""

import _taipan

from taipan_runtime.isolation.put_back import patches, settings

snapshot = settings.snapshot


def install() -> None:
    """Remember modules as soon as they are there."""
    patches.install()


def restore(run: _taipan.Run) -> None:
    """Put back what differs from what was remembered."""
    patches.restore(run)
    settings.restore()
