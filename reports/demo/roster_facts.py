"""What the demo county's roster holds beside its teams: hand-ins, an empty seat, platform entries, an absence."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.models import Division, User
from core.queries import today
from reports.demo.times import at
from roster.actions.absences import add_absence
from roster.actions.membership import end_term, start_term
from roster.actions.platform import note_entries
from roster.actions.submissions import record_submission
from roster.choices import MediatorKind, TeamRole, UnitKind
from roster.models import Staff, TeamMembership
from roster.platform_entry import ENTERING

HANDED_IN = date(2023, 3, 28)
LATE_TOWN, LATE_ON = "龙湾镇", date(2023, 4, 6)
GAP_TOWN, GAP_FROM, GAP_TO = "泗纶镇", date(2023, 5, 12), date(2023, 6, 5)  # last day of the one, first of the next
ENTERED_ON = date(2023, 4, 20)
SLOW_TOWNS = {"加益镇": 3, "罗镜镇": 2, "朗塘镇": 1}  # how many of the town's people have not entered
COUNTY_UNITS = (
    (UnitKind.COURT, date(2023, 3, 29), "罗法〔2023〕18号"),
    (UnitKind.BUREAU, date(2023, 3, 30), "罗司〔2023〕22号"),
)


def handed_in_on(town: Division) -> date:
    """The day on which a town's list came: one is late."""
    return LATE_ON if town.name == LATE_TOWN else HANDED_IN


def hand_in(town: Division, serial: int, *, by: User) -> None:
    """A town's list is noted with its number."""
    day = handed_in_on(town)
    number = f"{town.name.removesuffix('镇').removesuffix('街道')}〔2023〕{serial}号"
    record_submission(town_code=town.code, document_number=number, handed_in_on=day, by=by, recorded_at=at(day))


def hand_in_for_the_county(*, by: User) -> None:
    """The court and the bureau handed in theirs."""
    for unit, day, number in COUNTY_UNITS:
        record_submission(unit_kind=unit, document_number=number, handed_in_on=day, by=by, recorded_at=at(day))


def village_lawyer_of(town_code: str) -> TeamMembership:
    """The term whose holder goes and comes: a seat without an account, so that no case hangs on it."""
    return TeamMembership.objects.select_related("staff").get(
        town_code=town_code, mediator_kind=MediatorKind.VILLAGE_LAWYER, until=None
    )


def leave_a_seat_empty(town_code: str, successor: Staff, *, by: User) -> TeamMembership:
    """The village lawyer goes on 12 May, the next comes on 5 June; returns the term that ended."""
    term = village_lawyer_of(town_code)
    end_term(membership_id=term.pk, until=GAP_FROM, by=by, recorded_at=at(GAP_FROM))
    start_term(
        staff_id=successor.pk,
        town_code=town_code,
        role=TeamRole.MEDIATOR,
        mediator_kind=MediatorKind.VILLAGE_LAWYER,
        since=GAP_TO,
        by=by,
        recorded_at=at(GAP_TO),
    )
    return term


def enter_platform(towns: Sequence[Division], *, by: User) -> None:
    """Most people enter the platform on one day, under their town's committee; a few have not."""
    for town in towns:
        here = TeamMembership.objects.filter(town_code=town.code, until=None, role__in=ENTERING, since__lte=ENTERED_ON)
        people = list(here.order_by("role", "pk").values_list("staff_id", flat=True))
        entering = people[: len(people) - SLOW_TOWNS.get(town.name, 0)]
        accounts = {staff: f"ld{town.code[-3:]}{place:02d}" for place, staff in enumerate(entering, start=1)}
        note_entries(
            town_code=town.code,
            accounts=accounts,
            on=ENTERED_ON,
            organisation=f"{town.name}人民调解委员会",
            by=by,
            recorded_at=at(ENTERED_ON),
        )


def be_away(town_code: str, *, by: User) -> None:
    """The village lawyer of a town is away for a week, yesterday to five days ahead; the village cadre stands in."""
    cadre = TeamMembership.objects.get(town_code=town_code, mediator_kind=MediatorKind.VILLAGE_CADRE, until=None)
    add_absence(
        staff_id=village_lawyer_of(town_code).staff_id,
        from_on=today() - timedelta(days=1),
        to_on=today() + timedelta(days=5),
        reason="外出开庭",
        substitute_id=cadre.staff_id,
        by=by,
    )
