"""Addresses of pages, quickly: Django works each one out anew, and a page leads to twenty. Numbers in them, read.

An address is worked out once for stand-ins of its keys; afterwards the keys are put in their places.
"""

import re
from functools import cache
from uuid import UUID

from django.urls import NoReverseMatch, reverse

Key = str | int | UUID
PLAIN = re.compile(r"[A-Za-z0-9-]+")
STAND_INS: dict[type, str] = {
    str: "AA9999-999{}",  # as the code of a dispute; a page that takes no such text is left to Django
    int: "99999999{}",
    UUID: "99999999-9999-4999-8999-99999999999{}",
}
KEY_DIGITS = 18  # of the longest key that every database can hold
MOST = 9  # keys, each with a stand-in of its own


def number_in(text: str) -> int | None:
    """The key of a row, a place or a count as it came in an address or a form; None for what can be none of them.

    Also for one that is too long: no database could hold it, and Python reads no number of five thousand digits.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= KEY_DIGITS else None


def address(name: str, *keys: Key) -> str:
    """`reverse(name, args=keys)`. Raises NoReverseMatch."""
    if len(keys) > MOST or not all(type(key) in STAND_INS and PLAIN.fullmatch(str(key)) for key in keys):
        return reverse(name, args=keys)
    pieces = _pieces(name, tuple(type(key) for key in keys))
    if pieces is None:
        return reverse(name, args=keys)
    return "".join(str(keys[piece]) if isinstance(piece, int) else piece for piece in pieces)


@cache
def _pieces(name: str, kinds: tuple[type, ...]) -> tuple[str | int, ...] | None:
    """The address cut at its keys: text, and the places of the keys between. None where it takes no such key."""
    stand_ins = [STAND_INS[kind].format(place) for place, kind in enumerate(kinds)]
    places = {text: place for place, text in enumerate(stand_ins)}
    try:
        whole = reverse(name, args=stand_ins)
    except NoReverseMatch:
        return None
    cut = re.split("(" + "|".join(stand_ins) + ")", whole) if stand_ins else [whole]
    return tuple(places.get(piece, piece) for piece in cut)
