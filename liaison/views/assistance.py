"""Requests for assistance: the lists of court and point, asking, one request and its steps, its paper."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed, require
from core.documents import DOCX_TYPE
from core.models import User
from core.queries import today
from core.views.reveals import reveal_answer
from liaison import queries
from liaison.actions.assistance import request_assistance
from liaison.actions.assistance_papers import REVEALABLE, record_printing, reveal
from liaison.documents import receipt_docx
from liaison.forms.assistance import AssistanceForm, ListForm, RevealForm
from liaison.forms.fields import taken
from liaison.models import AssistanceRequest
from liaison.proofs import NEEDS
from liaison.queries import assistance as reads
from liaison.views.doors import enter
from liaison.workflow import ASSISTANCE

UNPROCESSABLE = 422
LOOKS = {
    "sent": ("run", "mail"),
    "accepted": ("run", "clock"),
    "declined": ("void", "undo"),
    "done": ("ok", "ok"),
    "failed": ("warn", "warn"),
    "received": ("ok", "check"),
    "withdrawn": ("void", "undo"),
}
WAITS = {
    "sent": "等本镇（街）的联络人员接收。",
    "accepted": "等{handler}去办。",
    "declined": "镇里退回了，由法院另行安排。",
    "done": "等法院收讫。",
    "failed": "等法院收讫，由法院决定下一步怎么办。",
    "received": "已了结。",
    "withdrawn": "法院已撤回，不用再办。",
}


# ── lists ────────────────────────────────────────────────────────────────────
@require_safe
def assistance_list(request: HttpRequest) -> HttpResponse:
    """The requests of the user's divisions, by stage and the court's day."""
    return _list(request, enter(request, "liaison.view_assistance"))


@require_safe
def assistance_point(request: HttpRequest, town_code: str) -> HttpResponse:
    """The requests to one point; with `?box` only how many are open, for the slot of the point's page."""
    user = enter(request, "liaison.view_assistance")
    point = queries.point_for(user, town_code)
    if "box" in request.GET:
        box = {"point": point, "town": point.town, "open": reads.open_of(point)}
        return render(request, "liaison/parts/assistance.html", box)
    return _list(request, user, town=point.town)


def _list(request: HttpRequest, user: User, town: Any = None) -> HttpResponse:
    stage = request.GET.get("stage", "")
    stage = stage if stage in reads.STAGES else reads.FIRST_STAGE
    narrowed = ListForm(request.GET)
    code = town.code if town else ""
    page = reads.request_page(user, stage, town_code=code, due_by=narrowed.day, cursor=request.GET.get("cursor", ""))
    counts, deadlines = reads.stage_counts(user, code), reads.open_deadlines_of(page.rows)
    rows = [_row(user, row) | {"deadline": deadlines.get(str(row.pk))} for row in page.rows]
    context = {
        "town": town,
        "stage": stage,
        "tabs": [(key, each.label, counts.get(key)) for key, each in reads.STAGES.items()],
        "page": page,
        "rows": rows,
        "narrowed": narrowed,
        "may_ask": allowed(user, "liaison.request_assistance", code or None),
        "today": today(),
    }
    return render(request, "liaison/assistance_list.html", context)


def _row(user: User, found: AssistanceRequest) -> dict[str, Any]:
    """A request as this person may see it: the name only for whom it concerns."""
    concerned = allowed(user, "liaison.read_assistance", found)
    look, icon = LOOKS[found.state]
    return {
        "found": found,
        "concerned": concerned,
        "name": found.person_name if concerned else found.hidden_name,
        "look": look,
        "icon": icon,
    }


# ── asking ───────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def assistance_new(request: HttpRequest) -> HttpResponse:
    """Ask a point; `?town=` proposes it and the court that serves it."""
    user = enter(request, "liaison.request_assistance")
    towns = reads.askable_towns(user)
    town = request.GET.get("town", "")
    town = town if town in {each.code for each in towns} else ""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AssistanceForm(
        *posted,
        towns=towns,
        courts=reads.courts(),
        court=reads.court_of(town) if town else "",
        by=user,
        initial={"town": town},
    )
    made: list[AssistanceRequest] = []

    def ask(data: dict[str, Any]) -> None:
        made.append(
            request_assistance(
                point_id=form.towns[data["town"]].liaison_point.pk,
                asked=form.asked(),
                by=user,
                on=today(),
                instruments=data["instruments"],
                idempotency_key=str(data["idempotency_key"]),
            )
        )

    if request.method == "POST" and taken(form, ask):
        messages.success(request, f"已发给{made[0].point}，等联络人员接收。")
        return redirect(made[0])
    return render(
        request, "liaison/assistance_new.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200
    )


# ── one request ──────────────────────────────────────────────────────────────
@require_safe
def assistance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: what is asked, the next step or why not yet, what was noted."""
    user = enter(request, "liaison.view_assistance")
    found = reads.request_for(user, pk)
    return render(request, "liaison/assistance.html", page_of(user, found))


def page_of(user: User, found: AssistanceRequest) -> dict[str, Any]:
    """The page of a request as this person may see it."""
    row = _row(user, found)
    steps = [
        step
        for verb, step in ASSISTANCE.items()
        if found.state in step.sources and allowed(user, f"liaison.{verb}_assistance", found)
    ]
    concerned = row["concerned"]
    return row | {
        "town": found.point.town,
        "steps": {step.verb: step for step in steps},
        "waits": WAITS[found.state].format(handler=found.handler),
        "deadline": reads.deadline_of(found),
        "files": reads.files_of(found) if concerned else {},
        "witnesses": list(found.witnesses.all()) if concerned else [],
        "needs": NEEDS[found.kind],
        "returns": reads.returns_of(found),
        "location_days": reads.location_days(),
        "today": today(),
    }


@require_POST
@never_cache
def assistance_reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One number or address in clear, after the reason was written down; a fragment for htmx, else a page."""
    user = enter(request, "liaison.read_assistance")
    found = reads.request_for(user, pk)
    require(user, "liaison.read_assistance", found, message="电话、地址只有法院和去办的人看得到。")
    told = {"found": found, "key": pk, "back": reverse("liaison:assistance", args=[pk])}

    def show(field: str, reason: str) -> str:
        return reveal(request=found, field=field, reason=reason, by=user)

    return reveal_answer(
        request, RevealForm(request.POST), show, labels=REVEALABLE, page="liaison/assistance_revealed.html", told=told
    )


@require_POST
@never_cache
def assistance_receipt(request: HttpRequest, pk: UUID) -> FileResponse:
    """The 送达回证 in Word: to be signed before, as the record after. Noted in the trail before it is handed out."""
    user = enter(request, "liaison.print_assistance")
    found = reads.request_for(user, pk)
    require(user, "liaison.print_assistance", found, message="送达回证由法院和去办的人打印。")
    if not found.is_service:
        raise Http404("no receipt")
    record_printing(request=found, by=user)
    name = f"送达回证-{found.court_number}.docx"
    return FileResponse(io.BytesIO(receipt_docx(found)), as_attachment=True, filename=name, content_type=DOCX_TYPE)
