"""`pdf docx odt pptx epub`: the text of documents."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from .unpacking import check_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .source import Source

ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ODF_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
PACKAGE = "{http://www.idpf.org/2007/opf}"
WEB_BLOCKS = {
    *("p", "div", "li", "tr", "br", "section", "article", "blockquote", "pre", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption"),
}
WEB_CELLS = {"td", "th"}
WHITE_SPACE = re.compile(r"\s+")
UNSEEN = ("script", "style", "head")


def read_pdf(source: Source, /, *, pages: bool = False, password: str | None = None) -> str | list[str]:
    """Give the text of all pages, an empty line between two; `pages=True` gives a list of them."""
    import pypdf

    reader = pypdf.PdfReader(source.path)
    if reader.is_encrypted and not reader.decrypt(password or ""):
        raise source.unreadable(reason="it is protected by a password", advice="Pass password='…'.")
    texts = [page.extract_text().strip() for page in reader.pages]
    if texts and not any(texts):
        source.notice("no page holds text; it may be scanned.")
    return texts if pages else "\n\n".join(texts)


def read_docx(source: Source, /) -> str:
    """Give paragraphs and tables in the order of the document, a line each, cells apart by tabs."""
    import docx
    from docx.table import Table

    check_zip(source)
    lines = []
    for block in docx.Document(source.path).iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def read_pptx(source: Source, /) -> str:
    """Give the text of all slides, with their notes, an empty line between two slides."""
    import pptx

    check_zip(source)
    slides = []
    for slide in pptx.Presentation(source.path).slides:
        lines = [line for shape in slide.shapes for line in _shape_lines(shape)]
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame):
            lines += [notes.text] if notes.text else []
        slides.append("\n".join(lines))
    return "\n\n".join(slides)


def read_odt(source: Source, /) -> str:
    """Give headings, paragraphs and tables in the order of the document, a line each, cells apart by tabs."""
    check_zip(source)
    with zipfile.ZipFile(source.path) as archive:
        root = ET.fromstring(archive.read("content.xml"))  # noqa: S314 - expat bounds and fetches nothing
    return "\n".join(_odf_lines(root))


def read_epub(source: Source, /) -> str:
    """Give the text of all chapters in reading order, an empty line between two."""
    check_zip(source)
    with zipfile.ZipFile(source.path) as archive:
        chapters = [_web_text(archive.read(name)) for name in _chapter_names(archive)]
    return "\n\n".join(chapter for chapter in chapters if chapter)


def _shape_lines(shape: Any) -> Iterator[str]:
    for inner in getattr(shape, "shapes", ()):  # a group
        yield from _shape_lines(inner)
    if shape.has_text_frame and shape.text_frame.text:
        yield shape.text_frame.text
    if getattr(shape, "has_table", False):
        yield from ("\t".join(cell.text for cell in row.cells) for row in shape.table.rows)


def _odf_lines(element: ET.Element) -> Iterator[str]:
    for child in element:
        if child.tag in {f"{ODF_TEXT}p", f"{ODF_TEXT}h"}:
            yield _odf_text(child)
        elif child.tag == f"{ODF_TABLE}table-row":
            yield "\t".join(" ".join(_odf_lines(cell)) for cell in child)
        else:
            yield from _odf_lines(child)


def _odf_text(element: ET.Element) -> str:
    """Give a paragraph's text, whose repeated spaces, tabs and line breaks are elements."""
    special = {f"{ODF_TEXT}tab": "\t", f"{ODF_TEXT}line-break": "\n"}
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{ODF_TEXT}s":
            parts.append(" " * int(child.get(f"{ODF_TEXT}c", "1")))
        else:
            parts.append(special.get(child.tag) or _odf_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _chapter_names(archive: zipfile.ZipFile) -> list[str]:
    """Follow an epub's container to its package and that one's spine."""
    container = ET.fromstring(archive.read("META-INF/container.xml"))  # noqa: S314
    package_name = container.find(f".//{CONTAINER}rootfile").get("full-path")
    package = ET.fromstring(archive.read(package_name))  # noqa: S314
    places = {item.get("id"): item.get("href") for item in package.iter(f"{PACKAGE}item")}
    folder = posixpath.dirname(package_name)
    chapters = [places[item.get("idref")] for item in package.iter(f"{PACKAGE}itemref")]
    return [posixpath.normpath(posixpath.join(folder, unquote(place))) for place in chapters]


def _web_text(page: bytes) -> str:
    """Give the text of a web page as a reader sees it, a line for each block."""
    from lxml import html

    root = html.document_fromstring(page)
    for element in root.xpath("|".join(f"//{tag}" for tag in UNSEEN)):
        element.drop_tree()
    for element in root.iter():
        before = "\n" if element.tag in WEB_BLOCKS else "\t" if element.tag in WEB_CELLS else ""
        after = "\n" if element.tag in WEB_BLOCKS else ""
        element.text = before + WHITE_SPACE.sub(" ", element.text or "")
        element.tail = after + WHITE_SPACE.sub(" ", element.tail or "")
    lines = (re.sub(r" *\t *", "\t", line).strip() for line in root.text_content().split("\n"))
    return "\n".join(re.sub(" +", " ", line) for line in lines if line)
