"""Chinese text as tokens by which it is found: pairs of neighbouring characters, whole words of other letters. Pure.

Numbers of seven and more digits (identity cards, telephones, bank cards) are left out: whoever they belong to is
found by their hash and last four digits only.
"""

import re
import unicodedata
from collections.abc import Iterator

from core.tokens import Phrase

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{HAN}]+|[0-9a-z]+")
LONG_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){6,}x?")
WORD_LENGTH = 40  # a run of other letters is known by its beginning
BREAK = "\n"


def tokens(*texts: str) -> list[str]:
    """The tokens of the texts in their order. A Chinese run ends in its last character alone.

    So a single character is the beginning of some token, and no phrase reaches from one run into the next unless
    it says so: `借款48000元` is `借款 款 48000 元`.
    """
    return [token for run in _runs_of(*texts) for token in _tokens_of(run)]


def phrases(query: str) -> list[Phrase]:
    """What must stand in a text for each word of the query; a word without letters asks for nothing.

    The last token is the beginning of one where the word ends in a single Chinese character or in other letters.
    """
    return [_phrase(runs) for word in query.split() if (runs := list(_runs(_folded(word))))]


def holds(query: str, *texts: str) -> bool:
    """Whether reading through the texts finds every word of the query: what the index must answer."""
    read = BREAK + BREAK.join(_runs_of(*texts))
    words = [list(_runs(_folded(word))) for word in query.split()]
    wanted = [("" if _is_han(runs[0]) else BREAK) + BREAK.join(runs) for runs in words if runs]
    return bool(wanted) and all(word in read for word in wanted)


def _phrase(runs: list[str]) -> Phrase:
    found = [token for run in runs for token in _tokens_of(run)]
    if _is_han(runs[-1]) and len(runs[-1]) > 1:
        return Phrase(tuple(found[:-1]), begins=False)
    return Phrase(tuple(found), begins=True)


def _runs_of(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from _runs(LONG_NUMBER.sub(" ", _folded(text)))


def _runs(folded: str) -> Iterator[str]:
    return (found if _is_han(found) else found[:WORD_LENGTH] for found in RUN.findall(folded))


def _tokens_of(run: str) -> list[str]:
    if not _is_han(run):
        return [run]
    return [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]


def _folded(text: str) -> str:
    """One form of each letter: full-width as half-width, capitals small."""
    return unicodedata.normalize("NFKC", text).lower()


def _is_han(run: str) -> bool:
    return not run.isascii()
