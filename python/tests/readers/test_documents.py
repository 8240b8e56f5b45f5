"""Documents, texts, pictures and sound (table T, text pdf document image audio binary)."""

import io
import wave

import docx
import pptx
import pypdf
import pytest
from PIL import Image

from taipan_runtime import readers


def test_pages_of_a_pdf_come_as_a_list_on_request(samples):
    assert samples.read("sample.pdf", pages=True) == ["Erste Seite: Grüße", "Zweite Seite"]


def protected(samples) -> bytes:
    writer = pypdf.PdfWriter(samples.path("sample.pdf"))
    writer.encrypt("open sesame", algorithm="RC4-128")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def test_a_protected_pdf_asks_for_its_password_and_opens_with_it(load, samples):
    for wrong in ({}, {"password": "wrong"}):
        with pytest.raises(readers.ReadError) as caught:
            load("a.pdf", "pdf", protected(samples), **wrong)
        assert str(caught.value) == (
            "Could not read 'a.pdf' as pdf: it is protected by a password. Pass password='…'."
        )
    text = load("a.pdf", "pdf", protected(samples), password="open sesame")
    assert text == "Erste Seite: Grüße\n\nZweite Seite"


def test_a_pdf_without_text_says_that_it_may_be_scanned(load, capsys):
    content = io.BytesIO()
    Image.new("RGB", (9, 9)).save(content, "pdf")
    assert not load("scan.pdf", "pdf", content.getvalue())
    assert capsys.readouterr().err == "scan.pdf: no page holds text; it may be scanned.\n"


def test_a_docx_keeps_the_order_of_paragraphs_and_tables(load):
    document = docx.Document()
    document.add_paragraph("before")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    document.add_paragraph("after")
    content = io.BytesIO()
    document.save(content)
    assert load("a.docx", "docx", content.getvalue()) == "before\nleft\tright\nafter"


def test_slides_come_with_tables_groups_and_notes(load):
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "in a group"
    table = slide.shapes.add_table(1, 2, 0, 0, 9, 9).table
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    slide.notes_slide.notes_text_frame.text = "a note"
    content = io.BytesIO()
    presentation.save(content)
    assert load("a.pptx", "pptx", content.getvalue()) == "in a group\nleft\tright\na note"


def test_text_can_be_read_in_an_encoding_of_ones_own(load):
    assert load("a.txt", "text", "ü".encode("cp850"), encoding="cp850") == "ü"
    assert load("a.txt", "text", b"a\xff", encoding="ascii", errors="replace") == "a\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        '<html><head><meta charset="iso-8859-5"></head>\u0436\u0437</html>',
        '<?xml version="1.0" encoding="iso-8859-5"?><a>\u0436\u0437</a>',
        "# -*- coding: iso-8859-5 -*-\nprint('\u0436\u0437')\n",
    ],
)
def test_what_a_text_declares_itself_to_be_written_in_is_believed(load, text):
    assert load("a.html", "html", text.encode("iso-8859-5")) == text


def test_a_declaration_that_cannot_be_true_is_not_believed(load):
    text = '<meta charset="no-such-thing"><p>Gr\u00fc\u00dfe</p>'
    assert load("a.html", "html", text.encode("cp1252")) == text
    text = '<meta charset="ascii"><p>Gr\u00fc\u00dfe</p>'
    assert load("a.html", "html", text.encode("cp1252")) == text


def test_line_ends_of_all_systems_become_one(load):
    assert load("a.txt", "text", b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("Grüße\n".encode(), "Grüße\n"),
        ("Grüße".encode("utf-8-sig"), "Grüße"),
        (b"", ""),
        ("Grüße".encode("cp1252"), "Grüße".encode("cp1252")),
        (b"plain\0text", b"plain\0text"),
        ("Grüße".encode("utf-16"), "Grüße".encode("utf-16")),
    ],
)
def test_a_file_of_unknown_type_is_text_if_it_is_utf_8_and_else_bytes(load, content, value):
    assert load("a.dat", "binary", content) == value


def test_an_animation_keeps_its_frames(load):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "green", "blue")]
    content = io.BytesIO()
    frames[0].save(content, "gif", save_all=True, append_images=frames[1:])
    image = load("a.gif", "image", content.getvalue())
    image.seek(2)
    assert (image.n_frames, image.tell()) == (3, 2)


def test_a_picture_cut_short_is_found_out_at_once(load):
    content = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(content, "png")
    with pytest.raises(readers.ReadError, match=r"^Could not read 'a\.png' as image: "):
        load("a.png", "image", content.getvalue()[:2000])


def test_a_picture_of_absurd_size_is_refused(load, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    content = io.BytesIO()
    Image.new("1", (50, 50)).save(content, "png")
    with pytest.raises(readers.ReadError, match="could be decompression bomb DOS attack"):
        load("a.png", "image", content.getvalue())


def test_a_wav_with_three_bytes_a_sample_is_read(load):
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(3)
        sound.setframerate(44100)
        sound.writeframes(b"\0\0\1" * 5)
    rate, samples = load("a.wav", "wav", content.getvalue())
    assert (rate, samples.shape, samples[0]) == (44100, (5,), 1 << 24)
