"""The court's pages of confirmation: the queue, batch acceptance, one file, each step."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed, require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from disputes.queries import sealed_search
from disputes.search import code_of
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter
from mediation.actions.confirmation_steps import who_may
from mediation.actions.court_review import accept_several
from mediation.checklist import CheckItem
from mediation.choices import ConfirmationState
from mediation.documents.agreed import performance_lines
from mediation.forms.court import StepForm
from mediation.forms.court_queue import parse, ticked_versions
from mediation.models import ConfirmationRequest
from mediation.queries.confirmations import NOT_THERE, STATE_LOOKS, deadlines_of, get_request, items_of
from mediation.queries.court_figures import Figures, choices_for, figures
from mediation.queries.court_file import check_rows, clocks_of, earlier_disputes, paper_of, papers_filed, tally
from mediation.queries.court_queue import STAGES, QueueFilter, next_after, queue_page, queue_rows
from mediation.views.court_verbs import FORMS, Dock, dock_of, form_for, is_possible, run, why_impossible
from mediation.workflow import CONFIRMATION

ONE_DAY = timedelta(days=1)
VIEW = "mediation.view_confirmation"
SEARCHED = ("stage", "town", "tribunal", "judge", "state", "mine", "late")
PAPER_TABS = {"agreement": "调解协议", "materials": "材料", "parties": "当事人"}


# ── the queue ────────────────────────────────────────────────────────────────
@require_safe
def confirmations(request: HttpRequest) -> HttpResponse:
    """The queue by last lawful day: eight queries whatever the number of rows."""
    return _queue(request, enter(request, VIEW))


def _queue(
    request: HttpRequest,
    user: User,
    *,
    refused: Refused | None = None,
    ticked: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    wanted, day = parse(request.GET.dict()), today()
    page = queue_page(user, wanted, today=day, cursor=request.GET.get("cursor", ""))
    rows = queue_rows(page.rows, user)
    counted = figures(user, wanted, today=day, tomorrow=day + ONE_DAY)
    context = {
        "wanted": wanted,
        "page": page,
        "rows": rows,
        "may_batch": allowed(user, "mediation.accept_confirmation"),
        "batchable": any(row.may_batch for row in rows),
        "figures": counted,
        "tabs": _tabs(wanted, counted, day),
        "choices": choices_for(user),
        "refused": refused,
        "ticked": ticked,
        "today": day,
    }
    return render(request, "court/confirmations.html", context, status=status)


@dataclass(frozen=True)
class Tab:
    """One stage above the queue; 本月办结 carries its first day, so that figure and list agree."""

    key: str
    label: str
    count: int | None
    decided_from: str = ""


def _tabs(wanted: QueueFilter, counted: Figures, day: date) -> list[Tab]:
    month = day.replace(day=1).isoformat()
    return [
        Tab(stage.key, stage.label, counted.stages.get(stage.key), month if stage.key == "closed" else "")
        for stage in STAGES.values()
        if stage.key in counted.stages or stage.key == wanted.stage
    ]


@require_POST
def confirmations_search(request: HttpRequest) -> HttpResponse:
    """Turn the filter form into an address; names and numbers of people are sealed, none stands in a URL."""
    user = enter(request, VIEW)
    given = {name: request.POST.get(name, "").strip() for name in SEARCHED}
    text = request.POST.get("q", "").strip()[:60]
    if text:
        in_the_open = code_of(text) or (text if "（" in text or text.endswith("号") else "")
        given |= {"q": in_the_open} if in_the_open else {"s": sealed_search(user, text)}
    query = urlencode({name: value for name, value in given.items() if value})
    return redirect(f"{reverse('court:confirmations')}?{query}" if query else "court:confirmations")


@require_POST
def confirmations_accept(request: HttpRequest) -> HttpResponse:
    """Accept every ticked request, or none of them."""
    user = enter(request, "mediation.accept_confirmation")
    ticked = request.POST.getlist("request")
    try:
        versions = ticked_versions(ticked)
        for pk in versions:
            get_request(user, pk)
        accepted = accept_several(versions=versions, by=user, on=today())
    except Refused as refused:
        status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
        return _queue(request, user, refused=refused, ticked=ticked, status=status)
    messages.success(request, f"已受理 {len(accepted)} 件。受理通知书可以在各件里下载，等送达。")
    return redirect("court:confirmations")


# ── one file ─────────────────────────────────────────────────────────────────
@require_safe
def confirmation_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: both clocks, the pre-check beside the paper, the dock."""
    user = enter(request, VIEW)
    found = get_request(user, pk)
    return render(request, "court/confirmation_review.html", _file(request, user, found))


def _file(request: HttpRequest, user: User, found: ConfirmationRequest) -> dict[str, Any]:
    day, dispute = today(), found.agreement.mediation.dispute
    items, deadlines = items_of(found), deadlines_of(found)
    parties = list(dispute.parties.select_related("home__parent", "notice_given_by"))
    tab = request.GET.get("paper", "")
    tab = tab if tab in PAPER_TABS else "agreement"
    dock = dock_of(found, user, items)
    return {
        "found": found,
        "dispute": dispute,
        "parties": parties,
        "look": STATE_LOOKS[ConfirmationState(found.state)],
        "deadlines": deadlines,
        "clocks": clocks_of(deadlines, today=day),
        "checks": check_rows(found),
        "tally": tally(items),
        "tabs": PAPER_TABS,
        "tab": tab,
        "paper": paper_of(found.agreement, items),
        "performance": performance_lines(found.agreement) if tab == "agreement" else [],
        "materials": found.materials.all(),
        "filed": papers_filed(dispute, user) if tab == "materials" else [],
        "notices": found.supplements.select_related("asked_by"),
        "services": found.services.select_related("party") if found.is_decided else [],
        "earlier": earlier_disputes(dispute, parties, user),
        "following": next_after(user, found, deadlines),
        "dock": dock,
        "dialogs": _dialogs(dock, found, user),
        "may_weigh": not found.is_decided and allowed(user, "mediation.weigh_confirmation", found),
        "today": day,
    }


def _dialogs(dock: Dock | None, found: ConfirmationRequest, user: User) -> list[dict[str, Any]]:
    verbs = dock.verbs if dock else []
    return [_step_context(verb, found, form_for(verb, found, user)) for verb in verbs]


def _step_context(verb: str, found: ConfirmationRequest, form: StepForm) -> dict[str, Any]:
    step, words = CONFIRMATION[verb], FORMS[verb]
    return {
        "verb": verb,
        "label": step.label,
        "words": words,
        "form": form,
        "url": reverse("court:confirmation-step", args=[found.pk, verb]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step as a page of its own; a stale page or a refusal comes back with everything typed."""
    if verb not in FORMS:
        raise Http404(NOT_THERE)
    user = enter(request, VIEW)
    found = get_request(user, pk)
    permission = f"mediation.{verb}_confirmation"
    require(user, permission, found, message=who_may(CONFIRMATION[verb], found))
    if request.method != "POST":
        form = form_for(verb, found, user, initial={"key": request.GET.get("key", "")[:40]})
        return _step_page(request, verb, found, form)
    form = form_for(verb, found, user, request.POST)
    if not form.is_valid():
        return _step_page(request, verb, found, form, status=UNPROCESSABLE)
    return _do_step(request, verb, found, form, user)


def _do_step(request: HttpRequest, verb: str, found: ConfirmationRequest, form: StepForm, user: User) -> HttpResponse:
    try:
        run(verb, found, user, form.cleaned_data)
    except Conflict as conflict:
        found = get_request(user, found.pk)
        typed = request.POST.copy()
        typed["version"] = str(found.version)
        form = form_for(verb, found, user, typed)
        return _step_page(request, verb, found, form, conflict=conflict, status=CONFLICT)
    except Refused as refused:
        add_refusal(form, refused)
        return _step_page(request, verb, found, form, status=UNPROCESSABLE)
    messages.success(request, FORMS[verb].done)
    return redirect("court:confirmation-review", pk=found.pk)


def _step_page(
    request: HttpRequest,
    verb: str,
    found: ConfirmationRequest,
    form: StepForm,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form by itself; after a conflict it shows what the other did and carries the fresh version."""
    context = _step_context(verb, found, form) | {
        "found": found,
        "dispute": found.agreement.mediation.dispute,
        "conflict": conflict,
        "why_impossible": "" if is_possible(verb, found) else why_impossible(verb, found),
        "served": found.services.select_related("party") if verb == "serve" else [],
        "item": _item_in_doubt(form, found) if verb == "weigh" else None,
    }
    return render(request, "court/confirmation_step.html", context, status=status)


def _item_in_doubt(form: StepForm, found: ConfirmationRequest) -> CheckItem | None:
    """The item of the pre-check that an opinion is about."""
    key = form["key"].value()
    return next((item for item in items_of(found) if item.key == key), None)
