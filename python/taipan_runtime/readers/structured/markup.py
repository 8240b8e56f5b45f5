"""`yaml yml toml xml plist`: documents with a tree of values."""

from __future__ import annotations

import plistlib
import tomllib
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from taipan_runtime.readers.text.encoding import decode

if TYPE_CHECKING:
    from taipan_runtime.readers.source import Source


def read_yaml(source: Source, /) -> Any:
    """Give the document's value; of several documents a list. Tags that would make objects are refused."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = list(yaml.load_all(decode(source.content()), Loader=loader))
    return documents[0] if len(documents) == 1 else documents


def read_toml(source: Source, /) -> dict[str, Any]:
    """Give the dict that a toml file is."""
    return tomllib.loads(decode(source.content()))


def read_xml(source: Source, /) -> ET.ElementTree:
    """Give the ElementTree. External entities are never fetched, and expat bounds how far inner ones grow."""
    with open(source.path, "rb") as stream:  # noqa: PTH123 - `ET.parse` wants the plain stream
        return ET.parse(stream)  # noqa: S314


def read_plist(source: Source, /) -> Any:
    """Give the value of a property list, XML or binary."""
    return plistlib.loads(source.content())
