"""Lines of a stream of bytes, decoded one by one, so that a file of any size is read in flat memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from zhibiao.io.encoding import detect_encoding

HEAD_BYTES = 262144
_SURROGATES = ("\ud800", "\udfff")


class DecodedLine(NamedTuple):
    """A line with its end (``\\n``, kept as it is); ``error`` says why it is broken, then ``text`` has U+FFFD in it."""

    number: int
    text: str
    error: str


def open_lines(stream: BinaryIO, *, where: str, encoding: str | None) -> tuple[str, Iterator[DecodedLine]]:
    """The encoding of ``stream`` (detected on its first 256 KB unless given) and its lines, numbered from 1.

    Each line is decoded strictly: a broken one does not hurt its neighbours. Lines end at a line feed only. Raises
    InputError, before the first line, if no encoding is found.
    """
    head = stream.read(HEAD_BYTES)
    name = codecs.lookup(encoding or detect_encoding(head, where=where)).name
    if name == "utf-16":
        name = "utf-16-be" if head.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
    lines = _wide_lines(head, stream, name) if name.startswith("utf-16") else _lines(head, stream, name)
    return name, lines


def _lines(head: bytes, stream: BinaryIO, encoding: str) -> Iterator[DecodedLine]:
    """No other supported encoding has the byte 0x0A within a character, so bytes can be cut into lines first."""
    for number, raw in enumerate(_byte_lines(head, stream), 1):
        try:
            text, error = raw.decode(encoding), ""
        except UnicodeDecodeError as caught:
            text, error = raw.decode(encoding, "replace"), f"not {encoding} at byte {caught.start} of the line"
        yield DecodedLine(number, text.removeprefix("\ufeff") if number == 1 else text, error)


def _byte_lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    *whole, rest = head.split(b"\n")
    for line in whole:
        yield line + b"\n"
    rest += stream.readline()
    if rest:
        yield rest
    yield from stream


def _wide_lines(head: bytes, stream: BinaryIO, encoding: str) -> Iterator[DecodedLine]:
    """UTF-16: what is no pair of surrogates comes through as lone ones, which marks the line as broken."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    pending, number, chunk = "", 0, head
    while chunk:
        *whole, pending = (pending + decoder.decode(chunk)).split("\n")
        for line in whole:
            number += 1
            yield _wide_line(number, line + "\n", encoding)
        chunk = stream.read(HEAD_BYTES)
    cut = bool(decoder.getstate()[0])
    if pending or cut:
        yield _wide_line(number + 1, pending + "\ud800" * cut, encoding)


def _wide_line(number: int, line: str, encoding: str) -> DecodedLine:
    text = line.removeprefix("\ufeff") if number == 1 else line
    broken = next((i for i, c in enumerate(text) if _SURROGATES[0] <= c <= _SURROGATES[1]), None)
    if broken is None:
        return DecodedLine(number, text, "")
    clean = "".join("\ufffd" if _SURROGATES[0] <= c <= _SURROGATES[1] else c for c in text)
    return DecodedLine(number, clean, f"not {encoding} at character {broken} of the line")
