"""Registering: one page, and the panel beside it that says what the system makes of the story."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from core.forms import add_refusal
from core.held_forms import form_of
from core.models import Division, FormDraft, User
from disputes import queries
from disputes.actions import drafts
from disputes.actions.hidden_dangers import register_from_danger
from disputes.actions.intake import Intake, register_dispute
from disputes.forms.intake import IntakeForm, is_begun
from disputes.forms.parties import BasePartyFormSet, PartyFormSet
from disputes.models import Dispute
from disputes.queries.drafts import begun_intake
from disputes.queries.hidden_dangers import lead_of
from disputes.views.doors import UNPROCESSABLE, enter

PARTIES, DRAFTED = "parties", "drafted"


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_new(request: HttpRequest) -> HttpResponse:
    """The intake page; whatever was typed stays on it until the dispute is registered."""
    user = enter(request, "disputes.register")
    if request.method != "POST":
        return _blank_page(request, user)
    if "add_party" in request.POST:
        typed = request.POST.dict()
        return _page(request, IntakeForm(user=user, initial=typed), PartyFormSet(prefix=PARTIES, typed=typed))
    form, parties = IntakeForm(request.POST, user=user), PartyFormSet(request.POST, prefix=PARTIES)
    dispute = _register(form, parties, user) if parties.is_valid() & form.is_valid() else None
    if dispute is None:
        return _page(request, form, parties, status=UNPROCESSABLE)
    if DRAFTED in request.POST:  # the page says so: a form that was never kept need not ask
        drafts.drop_intake(by=user)
    messages.success(request, f"已登记，编号 {dispute.code}。")
    return redirect(dispute)


def _blank_page(request: HttpRequest, user: User) -> HttpResponse:
    """An empty form, or what was typed last time and not sent."""
    begun, lead = begun_intake(user), lead_of(user, request.GET.get("danger", ""))
    if begun and lead and begun.typed.get("danger") != str(lead.danger.pk):
        messages.warning(request, "您还有一份没登记完的，先登记它，或者点「不要了，从头填」，再从苗头登记。")
    if begun is None:
        initial = lead.initial if lead else None
        return _page(request, IntakeForm(user=user, initial=initial), PartyFormSet(prefix=PARTIES))
    form = IntakeForm(user=user, initial=begun.typed)
    return _page(request, form, PartyFormSet(prefix=PARTIES, typed=begun.typed, more=0), draft=begun.draft)


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Keep the form as far as it is typed; an emptied one is forgotten."""
    user = enter(request, "disputes.register")
    fields = form_of(request).fields
    if not is_begun(fields):
        drafts.drop_intake(by=user)
        return render(request, "disputes/_draft.html")
    return render(request, "disputes/_draft.html", {"draft": drafts.keep_intake(fields=fields, by=user)})


@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Begin with an empty form."""
    user = enter(request, "disputes.register")
    drafts.drop_intake(by=user)
    messages.success(request, "草稿不要了，从头填。")
    return redirect("disputes:new")


def _register(form: IntakeForm, parties: BasePartyFormSet, user: User) -> Dispute | None:
    """The registered dispute, or none with the refusal noted on the form."""
    entered = form.cleaned_data
    data = Intake(
        village=form.villages[entered["village"]],
        source=entered["source"],
        narrative=entered["narrative"],
        parties=[one.party() for one in parties.entered()],
        case_type=entered["case_type"],
        amount=entered["amount"],
        platform_number=entered["platform_number"],
        informed=entered["informed"],
    )
    key = str(entered["idempotency_key"])
    register = partial(register_from_danger, danger_id=entered["danger"]) if entered["danger"] else register_dispute
    try:
        return register(data=data, by=user, registered_on=entered["registered_on"], idempotency_key=key)
    except Refused as refused:
        add_refusal(form, refused)
        return None


def _page(
    request: HttpRequest,
    form: IntakeForm,
    parties: BasePartyFormSet,
    status: int = 200,
    draft: FormDraft | None = None,
) -> HttpResponse:
    story, chosen = str(form["narrative"].value() or ""), str(form["case_type"].value() or "")
    village = form.villages.get(str(form["village"].value() or ""))
    context = {"form": form, "parties": parties, "draft": draft} | _panel(story, chosen, village)
    return render(request, "disputes/new.html", context, status=status)


@require_POST
def suggestion(request: HttpRequest) -> HttpResponse:
    """The panel for the story as far as it is told. A type the user picked is kept, one merely suggested follows."""
    user = enter(request, "disputes.register")
    form = IntakeForm(request.POST, user=user)
    story = request.POST.get("narrative", "")
    chosen, suggested = request.POST.get("case_type", ""), request.POST.get("suggested", "")
    form.is_valid()
    context = _panel(
        story,
        "" if chosen == suggested else chosen,
        form.villages.get(request.POST.get("village", "")),
        amount=form.cleaned_data.get("amount"),
    )
    return render(request, "disputes/_suggestion.html", context)


def _panel(story: str, chosen: str, village: Division | None, amount: Decimal | None = None) -> dict[str, Any]:
    """What the panel shows; without a story nothing is guessed."""
    found = queries.assess(story, chosen=chosen, village=village, amount=amount) if story.strip() else None
    return {"found": found, "types": found.types if found else queries.case_types(), "chosen": chosen}
