"""Where a figure leads: exactly the list of what it counts."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from reports.choices import Figure

TRIED = "tried"
IN_THE_LEDGER: dict[str, tuple[dict[str, str], str]] = {
    Figure.REGISTERED: ({}, ""),
    Figure.LATE_ENTRIES: ({"late": "1"}, ""),
    Figure.AGREED: ({"outcome": Figure.AGREED.value}, "closed_"),
    Figure.FAILED: ({"outcome": Figure.FAILED.value}, "closed_"),
    Figure.ENDED: ({"outcome": Figure.ENDED.value}, "closed_"),
    Figure.REFERRED_OUT: ({"outcome": Figure.REFERRED_OUT.value}, "closed_"),
    TRIED: ({"outcome": TRIED}, "closed_"),
}


def list_url(figure: str, first: date, last: date, *, town: str = "") -> str:
    """The list behind a figure of the days `first` to `last`: the ledger where it can show it, else our own.

    `figure` is a Figure, or `tried` for 达成协议 and 调解不成 together.
    """
    days = {"from": first.isoformat(), "to": last.isoformat()}
    if figure in IN_THE_LEDGER:
        wanted, prefix = IN_THE_LEDGER[figure]
        return _url("disputes:list", [], wanted | {f"{prefix}{name}": day for name, day in days.items()}, town)
    return _url("reports:list-figure", [figure], days, town)


def _url(name: str, arguments: Iterable[str], query: dict[str, str], town: str) -> str:
    place = {"town": town} if town else {}
    return f"{reverse(name, args=list(arguments))}?{urlencode(query | place)}"
