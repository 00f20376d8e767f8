"""The audit trail as auditors read it: in words, newest first; by days, person, act, object and outcome."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import access, audit_reading
from core.audit_reading import ACCOUNT
from core.forms import StyledForm
from core.models import AuditEntry, User
from core.models.audit import number_told
from core.paging import capped_count, keyset_page

OUTCOMES = (("", "全部结果"), ("done", "做成的"), ("refused", "被拒绝的"))
WHOLE_APP = "app:"
TEXT_LENGTH = 80
Choices = list[tuple[str, Any]]


def _act_choices() -> Choices:
    """Every act under its app; the first of each group stands for all of them."""
    groups: Choices = [("", "全部动作")]
    for app, words in audit_reading.words_by_app():
        if words.acts:
            whole = (f"{WHOLE_APP}{app}", f"{app}：全部")
            groups.append((app, [whole, *((name, act.name) for name, act in words.acts.items())]))
    return groups


def _kind_choices() -> Choices:
    """The kinds of things that acts are about, under their app."""
    groups: Choices = [("", "全部对象")]
    for config in apps.get_app_configs():
        if hasattr(config, "audit_words"):
            named = [(model._meta.label_lower, str(model._meta.verbose_name)) for model in config.get_models()]
            groups.append((str(config.verbose_name), named))
    return groups


def _select(label: str) -> forms.Select:
    return forms.Select(attrs={"class": "form-select form-select-sm", "aria-label": label})


def _find(label: str) -> forms.TextInput:
    look = {"class": "form-control form-control-sm find", "autocomplete": "off"}
    return forms.TextInput(attrs={**look, "type": "search", "placeholder": label, "aria-label": label})


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"class": "form-control form-control-sm"})


class AuditFilter(StyledForm, forms.Form):
    since = forms.DateField(label="从", required=False, widget=_day())
    until = forms.DateField(label="到", required=False, widget=_day())
    who = forms.CharField(label="谁", required=False, max_length=TEXT_LENGTH, widget=_find("谁：姓名或账号"))
    act = forms.ChoiceField(label="动作", choices=_act_choices, required=False, widget=_select("动作"))
    kind = forms.ChoiceField(label="对象", choices=_kind_choices, required=False, widget=_select("对象"))
    thing = forms.CharField(label="编号", required=False, max_length=TEXT_LENGTH, widget=_find("纠纷或对象的编号"))
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, required=False, widget=_select("结果"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", "止日早于起日，请对调或改一个。")
        return given

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _when(since: date | None, until: date | None) -> Q:
    found = Q(at__gte=_start_of(since)) if since else Q()
    return found & Q(at__lt=_start_of(until + timedelta(days=1))) if until else found


def _who(text: str) -> Q:
    """By account or part of the name; a sign-in that failed counts as the account's own."""
    people = list(User.objects.filter(Q(username__iexact=text) | Q(name__contains=text)).values_list("pk", flat=True))
    failed = Q(actor=None, subject_label=ACCOUNT, subject_id__in=[str(pk) for pk in people])
    return Q(actor_id__in=people) | Q(actor_name=text) | failed


def _act(choice: str) -> Q:
    if not choice.startswith(WHOLE_APP):
        return Q(action=choice)
    words = dict(audit_reading.words_by_app()).get(choice.removeprefix(WHOLE_APP))
    return Q(action__in=list(words.acts) if words else [])


def _thing(text: str) -> Q:
    """By the number people know (of the dispute), or by what identifies the row, whole or as the page shortens it."""
    found = Q(subject_id=text) | Q(number=text)
    if len(text) < audit_reading.ID_SHOWN:
        return found
    start = text.lower()
    # The bounds are for the index: on PostgreSQL it serves no LIKE. An identifier goes on with 0-9, a-f or a hyphen.
    return found | Q(subject_id__startswith=start, subject_id__gte=start, subject_id__lt=start + "g")


def _found(form: AuditFilter) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.select_related("actor")
    if not form.is_valid():
        return entries.none()
    asked = form.cleaned_data
    entries = entries.filter(_when(asked["since"], asked["until"]))
    if asked["who"]:
        entries = entries.filter(_who(asked["who"]))
    if asked["act"]:
        entries = entries.filter(_act(asked["act"]))
    if asked["kind"]:
        entries = entries.filter(subject_label=asked["kind"])
    if asked["thing"]:
        entries = entries.alias(number=number_told()).filter(_thing(asked["thing"].upper()))
    if asked["outcome"]:
        entries = entries.filter(success=asked["outcome"] == "done")
    return entries


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "core.view_audit", message="审计记录只由审计员查看。")
    form = AuditFilter(request.GET)
    entries = _found(form)
    page = keyset_page(entries, order=("-at", "-id"), cursor=request.GET.get("cursor"))
    context = {
        "form": form,
        "page": page,
        "lines": audit_reading.read(page.rows),
        "count": capped_count(entries),
    }
    return render(request, "core/audit.html", context)
