"""The exception that ends code which ran too long or was cancelled."""


class Stopped(BaseException):
    """Raised in running code to stop it; derived from BaseException, so that `except Exception` lets it pass."""
