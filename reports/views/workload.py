"""What a person has in hand: the slot of their page, the lists behind it, and handing it over before a term ends."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import require
from core.errors import Refused
from core.forms import add_refusal
from core.queries import today
from mediation.actions.handover import WHO_MAY, hand_over
from mediation.forms.handover import HandoverForm
from mediation.queries.handover import open_work, successors
from reports.queries.workload import work_by_town, workload
from roster.queries import away_words, person_for
from roster.views.doors import UNPROCESSABLE, enter

SLOT, PAGE = "reports/staff_load.html", "reports/staff_load_page.html"


@require_safe
def staff_load(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The numbers of one person: the slot, or a page of its own for who opens the address."""
    user = enter(request, "reports.view_workload")
    staff = person_for(user, staff_id)
    if staff.user is None:
        raise Http404
    context = {"staff": staff, "load": workload(user, staff.user, today())}
    return render(request, SLOT if request.headers.get("HX-Request") else PAGE, context)


@require_safe
def staff_work(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The lists behind the numbers, town by town."""
    user = enter(request, "reports.list_workload")
    staff = person_for(user, staff_id)
    context = {"staff": staff, "towns": work_by_town(user, staff), "today": today()}
    return render(request, "reports/staff_work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, staff_id: UUID, term_id: int) -> HttpResponse:
    """What the leaver has in hand in the town of a term, and to whom it goes; also after they have left."""
    ids = (staff_id, term_id)
    user = enter(request, "mediation.hand_over")
    staff = person_for(user, staff_id)
    term = get_object_or_404(staff.memberships.select_related("town", "staff__user"), pk=term_id)
    require(user, "mediation.hand_over", term, message=WHO_MAY)
    away = away_words(term.town_code, today())
    candidates = successors(term, today())
    form = HandoverForm(request.POST if request.method == "POST" else None, successors=candidates, away=away)
    if form.is_bound and form.is_valid():
        try:
            done = hand_over(term_id=term.pk, successor_id=form.cleaned_data["successor"], by=user, on=today())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = f"{done.disputes} 件纠纷、{done.deadlines} 项期限已移交{done.successor}。"
            messages.success(request, words if term.until else f"{words}现在可以登记离任。")
            return redirect("roster:person", staff.pk) if term.until else redirect("roster:term-end", *ids)
    context = {
        "staff": staff,
        "term": term,
        "form": form,
        "candidates": candidates,
        "work": open_work(staff.user, term.town_code, role=term.role) if staff.user else None,
        "today": today(),
    }
    return render(request, "reports/handover.html", context, status=UNPROCESSABLE if form.is_bound else 200)
