"""The day after a last day in office: the account follows, and work that was left is told to who hands it over."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.actions.notifications import notify
from core.choices import Role
from core.models import Notification, User
from core.queries import said
from roster.actions.scopes import sync_scopes
from roster.models import Staff, TeamMembership
from roster.queries import left_behind, serving
from roster.rules import COURT_SEATS
from roster.seat_roles import ROLES

LOOKED_BACK = timedelta(days=2)  # so long a worker may be away; longer, it would undo what the admin does by hand


def follow_ended_terms() -> None:
    """Bring the accounts in line whose person's term ended in the last days; harmless to repeat.

    A term does not end while work is open, but its last day can bring more. Who keeps the seat is told of it, once.
    """
    today = timezone.localdate()
    ended = TeamMembership.objects.filter(until__lt=today, until__gte=today - LOOKED_BACK, staff__user__isnull=False)
    with transaction.atomic():
        sync_scopes(set(ended.values_list("staff_id", flat=True)))
        people = Staff.objects.filter(memberships__in=ended, user__role__in=ROLES).distinct().order_by("pk")
        for staff in people.prefetch_related("memberships__town"):
            _tell_of_work(staff, today)


def _tell_of_work(staff: Staff, today: date) -> None:
    """Of terms that have ended; one whose last day is today or later has its turn the day after."""
    left = left_behind(staff)
    for term in staff.memberships.all():
        if term.until and today - LOOKED_BACK <= term.until < today and term.pk in left:
            _tell_keepers(term, left[term.pk], address=reverse("roster:person", args=[staff.pk]))


def _tell_keepers(term: TeamMembership, left: int, *, address: str) -> None:
    """Tell whom nobody told since the term ended, whatever had brought this about in between."""
    assert term.until is not None
    start, (keepers, what_to_do) = f"{term.staff}在{term.town}的任职到", _keepers(term)
    told = Notification.objects.filter(
        recipient__in=keepers, created_at__date__gt=term.until, url=address, text__startswith=start
    )
    know = set(told.values_list("recipient", flat=True))
    for keeper in keepers:
        if keeper.pk not in know:
            text = f"{start}{said(term.until)}为止，还有 {left} 项期限没有移交，{what_to_do}。"
            notify(recipient=keeper, text=text, url=address)


def _keepers(term: TeamMembership) -> tuple[list[User], str]:
    """Who hands its work over, and what they are asked to do: the court's clerk; for a town its officers, else the
    justice bureau. Without any of them the county's supervisor, who cannot, is told who is missing."""
    court = term.role in COURT_SEATS
    for role in (Role.CLERK,) if court else (Role.OFFICER, Role.JUSTICE):
        if found := list(serving(role, term.town_code)):
            return found, "请移交给接手的人"
    who = "法院立案人员" if court else "联络人员或司法局"
    supervisor = User.objects.filter(username=settings.SUPERVISOR_USERNAME, is_active=True)
    return list(supervisor), f"请先开通{who}的账号，再由其移交"
