"""The strict front door for JSON from outside: what passes is well formed, bounded and means one thing only.

Refused: more than `MAX_BYTES`, nesting deeper than `MAX_DEPTH`, a key twice in one object, NaN and the infinities, numbers
that no float can hold, integers of more than `MAX_DIGITS` digits, bytes that are not UTF-8, half surrogates. Decimals
come out as `Decimal`, so that 1.30 stays 1.30. An error names the line and the column and never shows the content.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from itertools import accumulate
from typing import Any, NoReturn

from fetuin.errors import InputError, LimitError

MAX_BYTES, MAX_DEPTH, MAX_DIGITS = 64 * 2**20, 64, 40
_NOT_BRACKETS = bytes(b for b in range(256) if b not in b'{}[]"')
_ONE_KIND, _SMALL = bytes.maketrans(b"[]", b"{}"), 100_000
_STEP = [1 if chr(b) in "{[" else -1 if chr(b) in "}]" else 0 for b in range(256)]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|-?Infinity|NaN|-?\d[\d.eE+-]*', re.DOTALL)


class _RefusedError(Exception):
    """What a parse hook refuses; the place is found afterwards, on the slow path."""


def _float(text: str) -> Decimal:
    if len(text) > MAX_DIGITS + 24 or not math.isfinite(float(text)):
        raise _RefusedError("number")
    return Decimal(text)


def _int(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise _RefusedError("number")
    return int(text)


def _constant(_: str) -> NoReturn:
    raise _RefusedError("number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError("key")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant)


def depth(data: bytes) -> int:
    """The deepest nesting of brackets outside strings, counted without parsing."""
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(data.translate(None, _NOT_BRACKETS).split(b'"')[::2])  # every second piece lies inside a string
    if len(brackets) < _SMALL:  # each round takes the innermost pairs away: as many rounds as brackets are deep
        left = brackets.translate(_ONE_KIND)
        for rounds in range(MAX_DEPTH + 1):
            if not left:
                return rounds
            left = left.replace(b"{}", b"")
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind(chr(10), 0, at)}"


def _bad_number(token: str) -> bool:
    if token[0] not in "-0123456789NI":
        return False
    try:
        (_float if set(token) & set(".eE") else _int)(token)
    except (_RefusedError, ValueError):
        return True
    return False


def locate(text: str, what: str) -> str:
    """Line and column of the first bad number, the first key that stands twice, or the first bracket that is too deep."""
    stack: list[set[str] | None] = []
    last = ""
    for m in _TOKEN.finditer(text):
        t = m.group()
        if t in "{[":
            stack.append(set() if t == "{" else None)
            if what == "depth" and len(stack) > MAX_DEPTH:
                return _place(text, m.start())
        elif t in "}]" and stack:
            stack.pop()
        elif t == ":" and stack and stack[-1] is not None and what == "key":
            if last in stack[-1]:
                return _place(text, m.start())
            stack[-1].add(last)
        elif what == "number" and _bad_number(t):
            return _place(text, m.start())
        last = t
    return ""


_WHY = {
    "number": (
        "a number is NaN, infinite, or has too many digits.",
        f"give finite numbers of at most {MAX_DIGITS} digits",
    ),
    "key": ("a key stands twice in one object.", "keep one of the two: which is meant cannot be told"),
    "depth": (f"brackets are nested deeper than {MAX_DEPTH}.", "write the record without needless nesting"),
}


def _fail(text: str, what: str, name: str) -> NoReturn:
    says, fix = _WHY[what]
    kind = LimitError if what == "depth" else InputError
    raise kind(f"The JSON cannot be read safely: {says}", where=f"{name}, {locate(text, what)}".rstrip(", "), fix=fix)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError("The file is not UTF-8.", where=f"{name}, byte {e.start}", fix="save it as UTF-8") from None


def load(data: bytes, name: str, max_bytes: int = MAX_BYTES) -> Any:
    """The JSON value in `data`; `name` is how the file is called in messages. LimitError, InputError as above."""
    if len(data) > max_bytes:
        fix = "split it, or use one resource a line (NDJSON)"
        raise LimitError(f"The file is larger than {max_bytes >> 20} MiB.", where=name, fix=fix)
    text = _text(data, name)
    if depth(data) > MAX_DEPTH:
        _fail(text, "depth", name)
    try:
        value = _DECODER.decode(text.strip())
        if "\\u" in text and re.search(r"\\u[dD][89a-fA-F]", text):
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except _RefusedError as e:
        _fail(text, e.args[0], name)
    except json.JSONDecodeError as e:
        fix = "write valid JSON; a checker for JSON shows the place"
        raise InputError("The file is not valid JSON.", where=f"{name}, {_place(text, e.pos)}", fix=fix) from None
    except RecursionError:
        _fail(text, "depth", name)
    except UnicodeEncodeError:
        raise InputError(
            "The text holds half of a surrogate pair.", where=name, fix="write the text as UTF-8"
        ) from None
    return value
