"""What goes wrong while a file is read, said in one line that names the file and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .source import Source

LONGEST_REASON = 300
"""Characters of a library's own message that are kept; some print half the file."""


class ReadError(ValueError):
    """A file that could not be read as what it claims to be; the message is one line that names the file."""


class MissingLibraryError(ReadError, ImportError):
    """A file whose format needs a library that is neither there nor could be installed."""


@dataclass(frozen=True)
class FailureReport:
    """A reader's exception together with the file and the options it was given."""

    source: Source
    options: dict[str, Any]
    error: BaseException

    def exception(self) -> Exception:
        """Give the exception that the caller of `load_file` is to see."""
        name, error = self.source.name, self.error
        if isinstance(error, FileNotFoundError) and not self.source.exists():
            return FileNotFoundError(
                f"Could not read '{name}': the file is no longer there. Upload it again."
            )
        if isinstance(error, TypeError) and (option := self._refused_option()):
            return TypeError(f"Could not read '{name}': {self._option_sentence(option)}")
        if isinstance(error, ImportError):
            return MissingLibraryError(
                f"Could not read '{name}' as {self.source.type_name}: {self._reason()}. "
                "Install the package that it names, or read the file another way: "
                f"get_file_path('{name}') is its path.",
            )
        return self.source.unreadable(reason=self._reason(), advice=self._advice())

    def _refused_option(self) -> str | None:
        """Name the option that a `TypeError` is about, if it is about one."""
        if "incompatible function arguments" in str(
            self.error
        ):  # by bindings of C++, which list what there is
            known = str(self.error).partition("Invoked")[0]
            return next((option for option in self.options if f"{option}: " not in known), None)
        words = re.findall(r"'(\w+)'", str(self.error))
        if not re.search(
            r"unexpected keyword|invalid keyword|multiple values|passed as keyword", str(self.error)
        ):
            return None
        return next((word for word in words if word in self.options), None)

    def _option_sentence(self, option: str) -> str:
        import inspect

        from .registry import reader_of

        parameters = inspect.signature(reader_of(self.source.type_name).function()).parameters.values()
        named = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
        takes_more = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
        refused = f"'{option}' is not an option for {self.source.type_name} files"
        if takes_more:
            return f"{refused} ({one_line(self.error)}). Leave it out, or look at the reader's documentation."
        if named:
            return f"{refused}. Options here: {', '.join(named)}."
        return f"{refused}, which take none. Leave it out."

    def _reason(self) -> str:
        if isinstance(self.error, RecursionError):
            return "it is nested too deeply"
        text = one_line(self.error)
        # The place where the bytes lie is no business of the reader's user, who knows the file by its name.
        text = text.replace(self.source.path, self.source.name)
        return text or type(self.error).__name__

    def _advice(self) -> str:
        error, name = self.error, self.source.name
        if isinstance(error, UnicodeError):
            return "Name its encoding, for example encoding='cp1252'."
        if self.options and isinstance(error, (TypeError, KeyError, LookupError)):
            return f"Check the options given: {', '.join(self.options)}."
        return (
            "The file may be damaged, or of another type than its name says; "
            f"open(get_file_path('{name}'), 'rb') gives its bytes."
        )


def one_line(error: BaseException) -> str:
    """Fold an exception's message into one line of bounded length, without a full stop at its end."""
    text = " ".join(str(error).split())
    if len(text) > LONGEST_REASON:
        text = text[:LONGEST_REASON].rstrip() + "…"
    return text.rstrip(".: ")
