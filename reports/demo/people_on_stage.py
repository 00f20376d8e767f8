"""The accounts of the demo county and the nineteen teams that have handed in their lists."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from core.actions.accounts import open_account
from core.choices import Level, Role
from core.models import Division, User, spoken
from reports.demo import roster_facts
from reports.demo.people import Crowd, Person
from reports.demo.times import at
from roster.actions.membership import end_term, start_term
from roster.actions.staff import create_staff
from roster.annex.facts import StaffFacts
from roster.choices import MediatorKind, TeamRole
from roster.models import Staff, TeamMembership

NOT_HANDED_IN = frozenset({"分界镇", "华石镇"})
TAIPING, SHUANGDONG = "太平镇", "双东街道"
TEAM_SINCE, LATE_TEAM_SINCE = date(2023, 3, 24), date(2023, 4, 3)
RESIGNED_TOWN, RESIGNED_ON = "加益镇", date(2023, 7, 5)
TOWNS_PER_JUDGE = 4
SIGN_IN_ACCOUNTS = frozenset({"mediator", "mediator2", "officer", "judge", "assistant"}) | {
    "clerk",
    "justice",
    "committee",
    "admin",
    "auditor",
}
NAMED_ACCOUNTS = (
    ("clerk", "何雨桐", Role.CLERK, "市法院立案庭"),
    ("justice", "莫志远", Role.JUSTICE, "市司法局"),
    ("committee", "谭国栋", Role.COMMITTEE, "市委政法委"),
)


@dataclass
class TownCast:
    """Who acts for a town: the officer, the mediators with an account, the judge; everybody's staff rows."""

    town: Division
    villages: list[Division]
    officer: User
    mediators: list[User]
    judge: User
    staff: list[Staff] = field(default_factory=list)

    @property
    def code(self) -> str:
        return str(self.town.code)


@dataclass
class Stage:
    """Everybody who acts in the demo."""

    admin: User
    clerk: User
    justice: User
    committee: User
    towns: list[TownCast]


def set_stage(crowd: Crowd, texts: dict[str, Any]) -> Stage:
    """Open the accounts, enter the people, seat the teams of every town that handed in its list."""
    county = settings.COUNTY_CODE
    admin = _account("admin", "系统管理员", Role.ADMIN, "市委政法委", [])
    _account("auditor", "廖清正", Role.AUDITOR, "市委政法委", [])
    clerk, justice, committee = (
        _account(username, name, role, unit, [county]) for username, name, role, unit in NAMED_ACCOUNTS
    )
    towns = list(Division.objects.filter(level=Level.TOWN, is_statistical_only=False, code__startswith=county))
    present = sorted((town for town in towns if town.name not in NOT_HANDED_IN), key=_demo_first)
    bench = _Bench(crowd, admin)
    casts = [_seat_team(town, bench, crowd, texts, by=admin) for town in present]
    for serial, cast in enumerate(casts, start=7):
        roster_facts.hand_in(cast.town, serial, by=admin)
    roster_facts.hand_in_for_the_county(by=admin)
    _let_one_resign(casts, by=admin)
    _let_one_follow(casts, crowd, by=admin)
    roster_facts.enter_platform([cast.town for cast in casts], by=admin)
    roster_facts.be_away(next(cast.code for cast in casts if cast.town.name == TAIPING), by=admin)
    return Stage(admin, clerk, justice, committee, casts)


def _demo_first(town: Division) -> tuple[int, str]:
    """The towns of the sign-in page's accounts first, so that they share one judge."""
    return (0 if town.name in (TAIPING, SHUANGDONG) else 1, town.code)


def _account(username: str, name: str, role: Role, unit: str, codes: list[str]) -> User:
    """An account; only those of the sign-in page have a password, the others just act."""
    return open_account(
        username=username,
        name=name,
        role=role,
        unit=unit,
        by=None,
        password=settings.DEMO_PASSWORD if username in SIGN_IN_ACCOUNTS else None,
        division_codes=codes,
        must_change_password=False,
    )


class _Bench:
    """Judges and their assistants: one pair for every few towns."""

    def __init__(self, crowd: Crowd, admin: User) -> None:
        self._crowd, self._admin = crowd, admin
        self._pairs: list[tuple[tuple[User, Staff], tuple[User, Staff]]] = []
        self._served = 0

    def next_pair(self) -> tuple[tuple[User, Staff], tuple[User, Staff]]:
        """The judge and the assistant of the next town, each as (account, person)."""
        if self._served % TOWNS_PER_JUDGE == 0:
            number = len(self._pairs) + 1
            suffix = "" if number == 1 else str(number)
            names = ("苏明远", "邓佳宁") if number == 1 else (None, None)
            judge = self._person(f"judge{suffix}", names[0], Role.JUDGE, "罗定市人民法院 审判员")
            assistant = self._person(f"assistant{suffix}", names[1], Role.ASSISTANT, "罗定市人民法院 法官助理")
            self._pairs.append((judge, assistant))
        self._served += 1
        return self._pairs[-1]

    def _person(self, username: str, name: str | None, role: Role, post: str) -> tuple[User, Staff]:
        person = self._crowd.person(name)
        user = _account(username, person.name, role, "市法院", [])
        return user, _enter(person, post, "罗城街道", by=self._admin, user=user)


def post_words(text: str, *, town: str, home: str) -> str:
    """A post as a town's list says it: `home` is the official name of the village or community it is about."""
    return text.format(town=town, short=town[:2], committee=home, village=spoken(home))


def _enter(person: Person, post: str, place: str, *, by: User, user: User | None = None) -> Staff:
    facts = StaffFacts(
        name=person.name,
        born=f"{person.born_on:%Y-%m}",
        sex=person.sex,
        unit_and_duty=post,
        registered_address=f"广东省罗定市{place}",
        contact_address=f"罗定市{place}",
        id_number=person.id_number,
        phone=person.phone,
    )
    return create_staff(facts=facts, by=by, user=user, recorded_at=at(roster_facts.HANDED_IN))


def _seat_team(town: Division, bench: _Bench, crowd: Crowd, texts: dict[str, Any], *, by: User) -> TownCast:
    villages = list(Division.objects.filter(parent=town, is_statistical_only=False))
    handed_in = roster_facts.handed_in_on(town)
    (judge, judge_staff), (_, assistant_staff) = bench.next_pair()
    officer_name, mediator_name = ("黎志恒", "陈晓岚") if town.name == TAIPING else (None, None)
    officer, officer_staff = _town_person(
        town, crowd.person(officer_name), "officer", f"{town.name}综治中心 联络人员", by=by
    )
    seats = [
        (judge_staff, TeamRole.JUDGE, ""),
        (assistant_staff, TeamRole.JUDGE_ASSISTANT, ""),
        (officer_staff, TeamRole.LIAISON_OFFICER, ""),
    ]
    mediators = []
    for post in texts["posts"]:
        with_account = post["kind"] in (MediatorKind.PEOPLES_MEDIATOR, MediatorKind.JUDICIAL_OFFICE)
        person = crowd.person(mediator_name if post["kind"] == MediatorKind.PEOPLES_MEDIATOR else None)
        words = post_words(post["text"], town=town.name, home=villages[len(seats) % len(villages)].name)
        if with_account:
            user, staff = _town_person(town, person, f"mediator-{post['kind'][:1]}", words, by=by)
            mediators.append(user)
        else:
            staff = _enter(person, words, town.name, by=by)
        seats.append((staff, TeamRole.MEDIATOR, post["kind"]))
    for staff, role, kind in seats:
        start_term(
            staff_id=staff.pk,
            town_code=town.code,
            role=role,
            mediator_kind=kind,
            since=TEAM_SINCE if handed_in == roster_facts.HANDED_IN else LATE_TEAM_SINCE,
            by=by,
            recorded_at=at(handed_in),
        )
    mediators.sort(key=lambda user: not user.username.startswith("mediator-p") and user.username != "mediator")
    return TownCast(town, villages, officer, mediators, judge, [staff for staff, _, _ in seats])


ACCOUNT_NAMES = {
    (TAIPING, "officer"): "officer",
    (TAIPING, "mediator-p"): "mediator",
    (SHUANGDONG, "mediator-p"): "mediator2",
}


def _town_person(town: Division, person: Person, seat: str, post: str, *, by: User) -> tuple[User, Staff]:
    username = ACCOUNT_NAMES.get((town.name, seat), f"{seat}-{str(town.short_code).lower()}")
    role = Role.OFFICER if seat == "officer" else Role.MEDIATOR
    user = _account(username, person.name, role, f"{town.name}", [])
    return user, _enter(person, post, town.name, by=by, user=user)


def _let_one_resign(casts: list[TownCast], *, by: User) -> None:
    """One mediator leaves on 5 July and the chair stays empty: 30 June is whole, today names the gap."""
    cast = next(cast for cast in casts if cast.town.name == RESIGNED_TOWN)
    grid = TeamMembership.objects.get(town_code=cast.code, mediator_kind=MediatorKind.GRID_WORKER)
    cast.staff = [person for person in cast.staff if person.pk != grid.staff_id]
    end_term(membership_id=grid.pk, until=RESIGNED_ON, by=by, recorded_at=at(RESIGNED_ON))


def _let_one_follow(casts: list[TownCast], crowd: Crowd, *, by: User) -> None:
    """One seat stands empty for some weeks of the spring before somebody follows."""
    cast = next(cast for cast in casts if cast.town.name == roster_facts.GAP_TOWN)
    successor = _enter(crowd.person(), "广东罗阳律师事务所 律师", cast.town.name, by=by)
    left = roster_facts.leave_a_seat_empty(cast.code, successor, by=by)
    cast.staff = [person for person in cast.staff if person.pk != left.staff_id]
