"""The strict front door: at each limit, and one step beyond it."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.errors import FetuinError, InputError, LimitError
from fetuin.records.formats.front_door import MAX_DEPTH, depth, load


def nested(n):
    return b"[" * n + b"]" * n


def test_depth_at_the_limit_and_beyond():
    load(nested(MAX_DEPTH), "x")
    with pytest.raises(LimitError) as e:
        load(nested(MAX_DEPTH + 1), "x")
    assert "column 65" in e.value.where


def test_brackets_in_strings_are_not_depth():
    assert depth(b'{"a": "[[[{{{", "b": "\\"[[["}') == 1


def test_a_hundred_thousand_brackets_are_refused():
    with pytest.raises(LimitError):
        load(b"[" * 100_000, "x")


@pytest.mark.parametrize("bad", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"9" * 41, b"0." + b"1" * 99])
def test_numbers_no_float_should_hold(bad):
    with pytest.raises(InputError) as e:
        load(b'{"a":\n ' + bad + b"}", "f.json")
    assert "line 2" in e.value.where
    assert e.value.fix


def test_forty_digits_pass_and_decimals_keep_their_text():
    assert load(b"9" * 40, "x") == int("9" * 40)
    assert str(load(b"[1.30]", "x")[0]) == "1.30"
    assert isinstance(load(b"[1.30]", "x")[0], Decimal)


def test_a_key_twice_is_refused_with_its_place_and_without_its_name():
    with pytest.raises(InputError) as e:
        load(b'{"Jane": 1,\n"Jane": 2}', "x")
    assert "line 2" in e.value.where
    assert "Jane" not in e.value.message()


@pytest.mark.parametrize("bad", [b"\xff\xfe", b'"\\ud800"', b'{"a": ', b"{'a': 1}", b""])
def test_what_is_not_json_or_text(bad):
    with pytest.raises(FetuinError) as e:
        load(bad, "x")
    assert e.value.exit_code == 3


def test_size():
    assert load(b"[1]", "x", max_bytes=3) == [1]
    with pytest.raises(LimitError):
        load(b"[11]", "x", max_bytes=3)


def test_a_byte_order_mark_is_no_fault():
    assert load(b"\xef\xbb\xbf[1]", "x") == [1]


def plain_depth(data: bytes) -> int:
    """The same by counting, bracket by bracket."""
    deepest = now = 0
    inside, escaped = False, False
    for c in data:
        if escaped:
            escaped = False
        elif inside:
            inside, escaped = c != ord('"'), c == ord("\\")
        elif c == ord('"'):
            inside = True
        elif c in b"{[":
            now += 1
            deepest = max(deepest, now)
        elif c in b"}]":
            now -= 1
    return deepest


@given(
    st.recursive(
        st.text('{}[]"\\a', max_size=6),
        lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text('{"', max_size=2), x, max_size=3),
    )
)
def test_depth_is_what_counting_gives(value: object) -> None:
    data = json.dumps(value).encode()
    assert depth(data) == plain_depth(data)


@pytest.mark.parametrize("n", [1, 63, 64, 65, 66, 200])
@pytest.mark.parametrize("text", ["[", "[]", "{[]}["])
def test_depth_of_what_is_not_closed(n: int, text: str) -> None:
    for data in ((text * n).encode(), b"[" * n + b"]" * n, b"[" * n + text.encode() + b"]" * n):
        assert depth(data) == plain_depth(data)
