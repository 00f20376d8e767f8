"""The day after a last day in office: the account follows, and work that was left is told to who hands it over."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.actions.notifications import notify
from core.choices import Role
from core.models import User
from core.queries import said
from roster.actions.scopes import sync_scopes
from roster.models import Staff, TeamMembership
from roster.queries import left_behind
from roster.rules import COURT_SEATS

LOOKED_BACK = timedelta(days=2)  # so long a worker may be away; longer, it would undo what the admin does by hand


def follow_ended_terms() -> None:
    """Bring the accounts in line whose person's term ended in the last days; harmless to repeat.

    A term does not end while work is open, but its last day can bring more. Who keeps the seat is told of it, once:
    when the account follows.
    """
    today = timezone.localdate()
    ended = TeamMembership.objects.filter(until__lt=today, until__gte=today - LOOKED_BACK, staff__user__isnull=False)
    with transaction.atomic():
        changed = sync_scopes(set(ended.values_list("staff_id", flat=True)))
        for staff in Staff.objects.filter(user__in=changed).prefetch_related("memberships__town").order_by("pk"):
            _tell_of_work(staff)


def _tell_of_work(staff: Staff) -> None:
    left = left_behind(staff)
    for term in staff.memberships.all():
        if not (term.until and term.pk in left):
            continue
        ended = f"{staff}在{term.town}的任职到{said(term.until)}为止"
        text = f"{ended}，还有 {left[term.pk]} 项期限没有移交，请移交给接手的人。"
        for keeper in _keepers(term):
            notify(recipient=keeper, text=text, url=reverse("roster:person", args=[staff.pk]))


def _keepers(term: TeamMembership) -> list[User]:
    """Who hands its work over: the court's clerk; for a town its officers, else the justice bureau. Without any of
    them the county's supervisor is told."""
    roles = (Role.CLERK,) if term.role in COURT_SEATS else (Role.OFFICER, Role.JUSTICE)
    found = [list(_serving(term.town_code, role)) for role in roles]
    supervisor = User.objects.filter(username=settings.SUPERVISOR_USERNAME, is_active=True)
    return next(filter(None, found), None) or list(supervisor)


def _serving(town_code: str, role: Role) -> QuerySet[User]:
    codes = [town_code[:length] for length in range(2, len(town_code) + 1)]
    return User.objects.filter(is_active=True, role=role, scopes__division__in=codes).distinct().order_by("pk")
