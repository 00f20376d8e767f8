"""The main navigation, by role: one literal table, resolved lazily for the pages that show it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.addresses import address
from core.choices import CASE_ROLES, Role
from core.models import Notification
from core.prepared import Prepared

UNREAD_SHOWN = 99


@dataclass(frozen=True)
class Place:
    """Where one can go: words in the header, shorter words under the phone's icon.

    `also`: the start of the addresses of what is done there, where it is not the place's own.
    """

    url_name: str
    label: str
    short: str
    icon: str
    also: str = ""


TODAY = Place("today", "今天要办", "今天", "today")
DISPUTES = Place("disputes:list", "纠纷台账", "台账", "list", also="/mediation/")
INTAKE = Place("disputes:new", "登记纠纷", "登记", "plus")
CONFIRMATIONS = Place("court:confirmations", "司法确认", "确认", "scale")
ENTRUSTMENTS = Place("court:entrustments", "委派委托", "委派", "link")
GUIDANCE = Place("court:guidance", "法官指导", "指导", "hand")
ASSISTANCE = Place("liaison:assistance-list", "协助请求", "协助", "mail")
POINTS = Place("liaison:list", "联络点", "联络点", "pin")
DASHBOARD = Place("reports:dashboard", "总览", "总览", "chart")
ROSTER = Place("roster:list", "名册", "名册", "people")
ROSTER_IMPORT = Place("roster:import", "名册导入", "导入", "up")
CONFIGURATION = Place("admin:index", "配置", "配置", "gear")
AUDIT = Place("audit", "审计", "审计", "shield")
NOTIFICATIONS = Place("notifications", "消息", "消息", "bell")
ACCOUNT = Place("account", "我的", "我的", "user")

_COURT = (TODAY, CONFIRMATIONS, ENTRUSTMENTS, GUIDANCE, ASSISTANCE, DISPUTES, POINTS, DASHBOARD)
_COUNTY = (TODAY, DASHBOARD, POINTS, DISPUTES, ROSTER)
MAIN: dict[str, tuple[Place, ...]] = {
    Role.MEDIATOR: (TODAY, DISPUTES, POINTS, DASHBOARD),
    Role.OFFICER: (TODAY, DISPUTES, POINTS, DASHBOARD, ROSTER),
    Role.CLERK: _COURT,
    Role.ASSISTANT: _COURT,
    Role.JUDGE: _COURT,
    Role.JUSTICE: _COUNTY,
    Role.COMMITTEE: _COUNTY,
    Role.ADMIN: (TODAY, ROSTER, ROSTER_IMPORT, CONFIGURATION),
    Role.AUDITOR: (AUDIT,),
}
TABS: dict[str, tuple[Place, ...]] = {
    Role.MEDIATOR: (TODAY, DISPUTES, INTAKE),
    Role.OFFICER: (TODAY, DISPUTES, INTAKE),
    Role.CLERK: (TODAY, CONFIRMATIONS, DISPUTES),
    Role.ASSISTANT: (TODAY, CONFIRMATIONS, DISPUTES),
    Role.JUDGE: (TODAY, CONFIRMATIONS, DISPUTES),
    Role.JUSTICE: (TODAY, DASHBOARD, DISPUTES),
    Role.COMMITTEE: (TODAY, DASHBOARD, DISPUTES),
    Role.ADMIN: (TODAY, ROSTER_IMPORT, ROSTER),
    Role.AUDITOR: (AUDIT,),
}


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    url_name: str
    label: str
    short: str
    icon: str
    url: str
    is_current: bool


class Navigation:
    """What the frame of a page needs; each part is worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user

    def _links(self, places: tuple[Place, ...]) -> list[Link]:
        found = [(place, address(place.url_name)) for place in places]
        path = self.request.path
        under = [url for place, url in found if path == url or path.startswith(_starts(place, url))]
        here = max(under, key=len, default=None)
        return [Link(place.url_name, place.label, place.short, place.icon, url, url == here) for place, url in found]

    @cached_property
    def main(self) -> list[Link]:
        """The header's links of this role."""
        return self._links(MAIN.get(getattr(self.user, "role", ""), ()))

    @cached_property
    def tabs(self) -> list[Link]:
        """The links under a phone's thumb."""
        return self._links((*TABS.get(self.user.role, ()), NOTIFICATIONS, ACCOUNT))

    @cached_property
    def search_url(self) -> str:
        """Where 查找 posts its word (a name must not stand in an address); empty for roles that see no disputes."""
        return address("disputes:search") if self.user.role in CASE_ROLES else ""

    @cached_property
    def ledger_url(self) -> str:
        """Where 查找 leads without JavaScript: the ledger has the same field."""
        return address(DISPUTES.url_name)

    @cached_property
    def own_record_url(self) -> str:
        """Where one sees who looked at one's own record in the roster; empty for who stands in none."""
        return address("roster:own-record") if getattr(self.user, "staff", None) else ""

    @cached_property
    def duty_feed_url(self) -> str:
        """Where one's own shifts go into one's own calendar; empty for who can be on no rota."""
        on_rotas = self.user.role in CASE_ROLES and getattr(self.user, "staff", None)
        return address("liaison:duty-feed") if on_rotas else ""

    @cached_property
    def whereabouts(self) -> str:
        """太平镇 · 调解员"""
        return " · ".join(filter(None, (self.user.unit, self.user.get_role_display())))

    @cached_property
    def unread(self) -> str:
        """How many messages are unread, "99+" past 99, empty for none; one indexed query."""
        count = len(_unread(user_pk=self.user.pk))
        return f"{UNREAD_SHOWN}+" if count > UNREAD_SHOWN else str(count or "")


def _unread_rows(user_pk: int) -> QuerySet[Notification, tuple[int]]:
    return Notification.objects.filter(recipient_id=user_pk, read_at=None).values_list("pk")[: UNREAD_SHOWN + 1]


_unread = Prepared(_unread_rows)


def _starts(place: Place, url: str) -> tuple[str, ...]:
    """What the addresses under a place begin with; under the front page stands nothing."""
    return tuple(start for start in (url, place.also) if start not in ("", "/"))


def navigation(request: HttpRequest) -> dict[str, Navigation]:
    """Context processor: `nav` for the header, the tab bar and the palette."""
    return {"nav": Navigation(request)} if hasattr(request, "user") else {}
