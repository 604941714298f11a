"""From bytes to text: what is no text at all, which encoding it is in, and errors that say so."""

from __future__ import annotations

import codecs
import re

from onrecord.errors import UnreadableDocument
from onrecord.readers.base import Source
from onrecord.settings import ReadOptions

__all__ = ["decode", "refuse_binary"]

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF file", "save its text, for example with pdftotext"),
    (b"PK\x03\x04", "a ZIP file or an Office document", "unpack it, or save the document as text or HTML"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as text or HTML"),
    (b"{\\rtf", "a rich-text (RTF) file", "save it as text or HTML"),
    (b"\x1f\x8b", "gzip-compressed", "unpack it first, for example with gunzip"),
    (b"BZh", "bzip2-compressed", "unpack it first"),
    (b"\xfd7zXZ\x00", "xz-compressed", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstandard-compressed", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file", "unpack it first"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", ""),
    (b"\xff\xd8\xff", "a JPEG picture", ""),
    (b"GIF8", "a GIF picture", ""),
    (b"RIFF", "a sound, film or WebP file", ""),
    (b"ID3", "an MP3 sound file", "transcribe it first"),
    (b"OggS", "an Ogg file", "transcribe it first"),
    (b"\x7fELF", "a program", ""),
    (b"MZ", "a program", ""),
    (b"SQLite format 3\x00", "an SQLite database", ""),
    (b"PAR1", "a Parquet file", "write its rows as JSON Lines"),
)

# UTF-32 before UTF-16: the little-endian marks begin alike.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27} | {127})
_MAX_CONTROLS = 0.02

# Bytes above 0x7F that English text in Windows-1252 is made of: punctuation, currency, and letters that
# do not switch from small to capital inside a word (which is what Mac Roman quotation marks look like).
_WESTERN = re.compile(
    "[\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022€£¥§©®°·«»½¼¾™ \xadÀ-ÖØ-öø-ÿŒœŠšŽžŸ]*"
)
_CASE_SWITCH = re.compile(r"[a-zß-öø-ÿ][À-ÖØ-Þ]")
_MAX_WESTERN_SHARE = 0.15


def refuse_binary(raw: bytes, where: str) -> None:
    """Let text pass.

    Raises:
        UnreadableDocument: the bytes are those of a picture, an archive, a PDF file and so on, or hold
            too many control characters to be text.
    """
    for magic, what, hint in _MAGIC:
        # two ASCII letters are also how a text may begin: ask for a control character beside them
        if raw.startswith(magic) and (
            not magic.isascii() or len(magic) > 4 or raw[:512].translate(None, _CONTROLS) != raw[:512]
        ):
            raise UnreadableDocument(where, f"this is {what}, not text", hint)
    if raw.startswith(tuple(mark for mark, _ in _MARKS[1:])):
        return
    sample = raw[:65536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if b"\x00" in sample and not _is_utf16(raw):
        raise UnreadableDocument(where, "this is binary data, not text: it holds NUL bytes")
    if b"\x00" not in sample and controls > _MAX_CONTROLS * len(sample):
        raise UnreadableDocument(where, "this is binary data, not text: it is full of control characters")


def decode(raw: bytes, source: Source, options: ReadOptions, *, replace: bool = False) -> str:
    r"""The text of ``raw``, line ends and all else as they are; a byte-order mark is no part of it.

    In order: the encoding that the options insist on, a byte-order mark, UTF-8, what the server
    declared, Windows-1252 or Mac Roman where it reads like English, the best guess of charset-normalizer.
    ``replace`` puts U+FFFD where a declared encoding fails, as browsers do.

    Raises:
        UnreadableDocument: the bytes are binary or in no known encoding.
    """
    refuse_binary(raw, source.where)
    errors = "replace" if replace else "strict"
    if options.encoding is not None:
        return _strictly(raw, options.encoding, source.where, errors)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], encoding, source.where, errors)
    if wide := _is_utf16(raw):
        return _strictly(raw, wide, source.where, errors)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _mostly_utf8(raw):
            if replace:
                return raw.decode("utf-8", "replace")
            what = f"broken UTF-8 at byte {error.start}"
            raise UnreadableDocument(source.where, what, "mend it, or name the encoding") from None
    if source.charset:
        # what the web calls Latin-1 is Windows-1252 (WHATWG encoding standard)
        declared = source.charset.lower().strip("\"' ")
        declared = "windows-1252" if declared in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"} else declared
        try:
            return raw.decode(declared, errors)
        except (LookupError, UnicodeDecodeError):
            pass
    return _guessed(raw, source.where)


def _strictly(raw: bytes, encoding: str, where: str, errors: str) -> str:
    try:
        return raw.decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(where, f"not {encoding} at byte {error.start}", "name the right encoding") from None


def _is_utf16(raw: bytes) -> str | None:
    """UTF-16 without a mark: of English text, every other byte is NUL."""
    sample = raw[:2000]
    if len(sample) < 4 or len(raw) % 2:
        return None
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high, low = sample[start::2], sample[1 - start :: 2]
        if high.count(0) > 0.8 * len(high) and not low.count(0):
            return encoding
    return None


def _mostly_utf8(raw: bytes) -> bool:
    """Whether sequences of several bytes that are right UTF-8 far outnumber those that are not."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - broken > 4 * broken


def _guessed(raw: bytes, where: str) -> str:
    # charset-normalizer takes a short text with curly quotation marks for Baltic or Icelandic
    for encoding in ("windows-1252", "mac_roman"):
        try:
            western = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        high = "".join(character for character in western if character > "\x7f")
        likely = _WESTERN.fullmatch(high) and not _CASE_SWITCH.search(western)
        if likely and len(high) <= max(2, _MAX_WESTERN_SHARE * len(western)):
            return western
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    if best is None:
        raise UnreadableDocument(where, "the character encoding cannot be told", "name it, or save the file as UTF-8")
    return str(best)
