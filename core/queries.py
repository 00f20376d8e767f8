"""Reads of core that many ask for: today, the rest calendar, rule versions, the system's own user."""

import json
import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from core.calendar import Count, RestCalendar, count, count_to, reach
from core.choices import SYSTEM_USERNAME, RestKind, Role
from core.clock_face import cn_date
from core.errors import Refused
from core.models import CalendarYear, DeadlineRule, FormDraft, RestDay, StoredFile, User, UserSession
from core.privacy import DecryptionError


def today() -> date:
    """Today in Asia/Shanghai."""
    return timezone.localdate()


def said(day: date) -> str:
    """A day as a sentence on screen says it: 9月20日 this year, 2023年9月20日 elsewhere."""
    return cn_date(day, today())


def rest_calendar(start: date, end: date) -> RestCalendar:
    """The rest days from `start` to `end`, both included, in two queries."""
    kinds: dict[str, set[date]] = {RestKind.HOLIDAY.value: set(), RestKind.WORKDAY.value: set()}
    for day, kind in RestDay.objects.filter(date__range=(start, end)).values_list("date", "kind"):
        kinds[kind].add(day)
    published = CalendarYear.objects.filter(year__range=(start.year, end.year)).values_list("year", flat=True)
    return RestCalendar(
        frozenset(kinds[RestKind.HOLIDAY.value]), frozenset(kinds[RestKind.WORKDAY.value]), frozenset(published)
    )


def versions_of(key: str) -> list[DeadlineRule]:
    """Every version of a rule, oldest first; empty when there is no such rule."""
    return list(DeadlineRule.objects.filter(key=key).order_by("valid_from"))


def rule_keys() -> list[str]:
    """Every rule's key, in order."""
    return list(DeadlineRule.objects.order_by("key").values_list("key", flat=True).distinct())


def rule_for(key: str, on: date) -> DeadlineRule:
    """The enabled version of rule `key` that is law on `on`. Raises Refused when there is none."""
    rule = (
        DeadlineRule.objects.filter(key=key, enabled=True, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .order_by("-valid_from")
        .first()
    )
    if rule is None:
        raise Refused(
            f"期限规则「{key}」在{said(on)}没有施行的版本，不能计算期限。",
            hint="请核对日期；日期无误的，请管理员查看期限规则。",
        )
    return rule


def count_under(rule: DeadlineRule, base: date, *, set_on: date | None = None, added: int = 0) -> Count:
    """Count `rule` from `base`, or take the day that was set; `added` days lengthen it before rolling."""
    if rule.length is None:
        if set_on is None:
            raise ValueError(f"rule {rule.key} has no length: its day must be given")
        calendar = rest_calendar(base, set_on + reach(0, rule.unit, added))
        return count_to(calendar, base=base, day=set_on, roll_over=rule.roll, added=added)
    calendar = rest_calendar(base, base + reach(rule.length, rule.unit, added))
    return count(calendar, base=base, length=rule.length, unit=rule.unit, roll_over=rule.roll, added=added)


def is_working_day(day: date) -> bool:
    return not rest_calendar(day, day).is_rest(day)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return rest_calendar(day, day + timedelta(days=31)).next_working_day(day)


def file_for(user: User, file_id: uuid.UUID) -> StoredFile:
    """A file that `user` may see. Raises Http404 outside the scope, as for a file that is not there."""
    stored = StoredFile.objects.visible_to(user).filter(pk=file_id).first()
    if stored is None:
        raise Http404("no such file")
    return stored


def sessions_of(user: User) -> list[UserSession]:
    """Where `user` is signed in now, newest first; sessions past their limits only wait to be cleared away."""
    now = timezone.now().timestamp()
    return [each for each in user.signed_in.select_related("session") if _goes_on(each, now)]


def _goes_on(owned: UserSession, now: float) -> bool:
    kept = owned.session.get_decoded()
    started = owned.started_at.timestamp()
    idle = now - kept.get("seen_at", started)
    return idle <= settings.SESSION_IDLE_MINUTES * 60 and now - started <= settings.SESSION_MAX_HOURS * 3600


def system_user() -> User:
    """The account in whose name machines act (command line, sweep); made on first use, cannot sign in."""
    user, _ = User.objects.get_or_create(
        username=SYSTEM_USERNAME, defaults={"name": "系统", "role": Role.ADMIN, "password": "!"}
    )
    return user


# ── what somebody was typing ─────────────────────────────────────────────────
def drafts_of(user: User, form: str) -> list[FormDraft]:
    """What `user` had typed into forms of a kind and not sent, the latest first."""
    return list(FormDraft.objects.filter(user=user, form=form).order_by("-saved_at", "pk"))


def typed_in(draft: FormDraft) -> dict[str, str] | None:
    """The fields of a draft; of a name that stands several times the last. None where it cannot be opened any more:
    the key that sealed it is gone, or it was kept in another shape."""
    try:
        return {str(name): str(value) for name, value in json.loads(draft.content)}
    except (DecryptionError, TypeError, ValueError):
        return None
