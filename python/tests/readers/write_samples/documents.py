"""Documents. pdf by fpdf2 (read by pypdf), docx, odt, pptx and epub by pandoc, mobi by hand."""

import struct
from pathlib import Path

import fpdf
import pypandoc

TEXT = """---
title: Sample
---

# Grüße

Ein *kurzer*  Text.

| name | count |
|------|-------|
| Zoë  | 2     |
"""


def write(folder: Path) -> None:
    pdf = fpdf.FPDF()
    pdf.set_font("helvetica", size=14)
    for text in ("Erste Seite: Grüße", "Zweite Seite"):
        pdf.add_page()
        pdf.cell(text=text)
    pdf.output(str(folder / "sample.pdf"))
    for ending in ("docx", "odt", "pptx", "epub"):
        pypandoc.convert_text(TEXT, ending, format="markdown", outputfile=str(folder / f"sample.{ending}"))
    # A Palm database: name, times, the type BOOK of the creator MOBI, one record at byte 88.
    header = struct.pack(">32sHHIIIIII4s4sIIH", b"sample", 0, 0, 0, 0, 0, 0, 0, 0, b"BOOK", b"MOBI", 0, 0, 1)
    (folder / "sample.mobi").write_bytes(header + struct.pack(">IIH", 88, 0, 0) + b"Gr\xc3\xbc\xc3\x9fe")
