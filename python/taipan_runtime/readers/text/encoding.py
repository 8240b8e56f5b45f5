"""Which encoding a text is in.

Byte order marks and UTF-8 are certain, UTF-16 without a mark shows in its zero bytes. What is left is one of
the older encodings: scripts other than Latin are told apart by charset-normalizer, Latin ones, where a short
text gives it too little to go by, by what the bytes would look like inside words.
"""

from __future__ import annotations

import codecs
import re

SAMPLE_BYTES = 256 * 1024
"""How much of a text in an older encoding is looked at."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARATION = re.compile(rb"(?:charset|coding)\s*[=:]\s*[\"']?([A-Za-z][\w.-]+)")
"""How web pages, XML and source code say what they are written in."""
DECLARED_WITHIN = 1024
LATIN = ("cp1252", "cp1250", "cp850", "mac_roman")
"""Latin encodings, the likelier first."""
NOT_LATIN = (
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
FOREIGN_RUN = re.compile(rb"[\x80-\xff](?:[\x40-\x7e]?[\x80-\xff]){2,}")
"""Accents stand alone or in pairs between ASCII letters; words of other scripts are longer runs."""
FOREIGN_SHARE = 0.5
LONE_JAMO = re.compile("[\u3131-\u318e]")
"""Letters of Korean syllables, which stand alone only when Japanese is read as Korean."""
NOT_IN_WORDS = "\u00ba\u00aa\u00b5\u0192"
"""º, ª, µ, ƒ: letters to Unicode, not to people who write words."""
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
ASCII = bytes(range(0x80))
AFTER_WORDS = "\u2019\u201d\u201c\u00bb\u2026\u20ac\u2122\u00ae\u00a0\u2013\u2014"
"""Closing quotation marks, …, €, ™, ®, a fixed space, dashes: they may follow a word."""


def decode(raw: bytes) -> str:
    """Give the text that `raw` holds, without its byte order mark, line ends as they are."""
    name = find_encoding(raw)
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        if name.startswith("utf"):
            raise
        return raw.decode("latin-1")  # what the sample looked like does not hold further on


def find_encoding(raw: bytes, *, complete: bool = True) -> str:
    """Name the encoding of `raw`, which is the whole text or, when not `complete`, its beginning."""
    for mark, name in MARKS:
        if raw.startswith(mark):
            return name
    if b"\0" in raw and (wide := _unmarked_utf16(raw)):
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=complete)
    except UnicodeDecodeError:
        declared = DECLARATION.search(raw[:DECLARED_WITHIN])
        if declared and _decodes(raw, declared[1].decode()):
            return declared[1].decode()
        first = BEYOND_ASCII.search(raw)
        start = raw.rfind(b"\n", 0, first.start()) + 1 if first else 0
        return _older_encoding(_whole_lines(raw[start : start + SAMPLE_BYTES]))
    return "utf-8"


def _unmarked_utf16(raw: bytes) -> str | None:
    """Tell UTF-16 of mostly Western text by where its zero bytes stand."""
    pairs = len(raw) // 2
    even, odd = raw[0 : 2 * pairs : 2].count(0), raw[1 : 2 * pairs : 2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros * 2 > pairs and others * 20 < pairs and len(raw) % 2 == 0:
            return name
    return None


def _whole_lines(raw: bytes) -> bytes:
    """Leave out a last line that may have been cut within a character."""
    end = raw.rfind(b"\n")
    return raw[: end + 1] if end > 0 and len(raw) == SAMPLE_BYTES else raw


def _older_encoding(raw: bytes) -> str:
    """Choose among the encodings that were common before UTF-8; latin-1 decodes whatever is left."""
    from charset_normalizer import from_bytes

    foreign = _foreign_share(raw) >= FOREIGN_SHARE
    matches = from_bytes(raw, cp_isolation=[*NOT_LATIN] if foreign else [*LATIN])
    if foreign:
        likely = [match.encoding for match in matches if _decodes(raw, match.encoding)]
        whole_words = [name for name in likely if not LONE_JAMO.search(raw.decode(name))]
        if likely:
            return (whole_words or likely)[0]
    coherence = {match.encoding: match.coherence for match in matches}

    def rank(name: str) -> tuple[int, float]:
        return _count_oddities(raw.decode(name)), -coherence.get(name, 0.0)

    return min((name for name in LATIN if _decodes(raw, name)), key=rank, default="latin-1")


def _foreign_share(raw: bytes) -> float:
    in_runs = sum(_count_beyond_ascii(run) for run in FOREIGN_RUN.findall(raw))
    return in_runs / max(_count_beyond_ascii(raw), 1)


def _count_beyond_ascii(raw: bytes) -> int:
    return len(raw.translate(None, delete=ASCII))


def _decodes(raw: bytes, name: str) -> bool:
    try:
        raw.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _count_oddities(text: str) -> int:
    """Count characters beyond ASCII that do not belong where they stand: in words, or anywhere at all."""
    neighbours = zip(" " + text, text, text[1:] + " ", strict=False)
    return sum(_is_odd(*three) for three in neighbours if not three[1].isascii())


def _is_odd(before: str, character: str, after: str) -> bool:
    if character.isalpha() and character not in NOT_IN_WORDS:
        return before.isalpha() and character.isupper() and after.islower()
    if not character.isprintable() and not character.isspace():
        return True
    return before.isalpha() and (after.isalpha() or character not in AFTER_WORDS)
