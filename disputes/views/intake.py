"""Registering: one page, and the panel beside it that says what the system makes of the story."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from core.forms import add_refusal
from core.models import Division, User
from disputes import queries
from disputes.actions.intake import Intake, register_dispute
from disputes.forms.intake import IntakeForm
from disputes.forms.parties import BasePartyFormSet, PartyFormSet
from disputes.models import Dispute
from disputes.views.doors import UNPROCESSABLE, enter

PARTIES = "parties"


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_new(request: HttpRequest) -> HttpResponse:
    """The intake page; whatever was typed stays on it until the dispute is registered."""
    user = enter(request, "disputes.register")
    if request.method != "POST":
        return _page(request, IntakeForm(user=user), PartyFormSet(prefix=PARTIES))
    if "add_party" in request.POST:
        typed = request.POST.dict()
        return _page(request, IntakeForm(user=user, initial=typed), PartyFormSet(prefix=PARTIES, typed=typed))
    form, parties = IntakeForm(request.POST, user=user), PartyFormSet(request.POST, prefix=PARTIES)
    dispute = _register(form, parties, user) if parties.is_valid() & form.is_valid() else None
    if dispute is None:
        return _page(request, form, parties, status=UNPROCESSABLE)
    messages.success(request, f"已登记，编号 {dispute.code}。")
    return redirect(dispute)


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
    try:
        return register_dispute(data=data, by=user, registered_on=entered["registered_on"], idempotency_key=key)
    except Refused as refused:
        add_refusal(form, refused)
        return None


def _page(request: HttpRequest, form: IntakeForm, parties: BasePartyFormSet, status: int = 200) -> HttpResponse:
    story, chosen = str(form["narrative"].value() or ""), str(form["case_type"].value() or "")
    village = form.villages.get(str(form["village"].value() or ""))
    context = {"form": form, "parties": parties} | _panel(story, chosen, village)
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
