"""司法建议: the list, drafting from a cluster or a place, one with its steps, its paper."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed
from core.documents import DOCX_TYPE
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from disputes.actions import suggestions as verbs
from disputes.choices import SuggestionKind, SuggestionState
from disputes.documents import suggestion_docx
from disputes.forms.suggestions import FORMS, PaperForm
from disputes.models import JudicialSuggestion
from disputes.queries import suggestions as reads
from disputes.suggestion_text import body_for, title_for
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter

VIEW, DRAFT, SIGN = "disputes.view_suggestions", "disputes.draft_suggestion", "disputes.sign_suggestion"
STEPS: dict[str, tuple[str, ...]] = {
    SuggestionState.DRAFT: ("edit", "sign"),
    SuggestionState.SIGNED: ("send",),
    SuggestionState.SENT: ("reply",),
    SuggestionState.REPLIED: (),
}
RIGHTS = {"edit": DRAFT, "sign": SIGN, "send": DRAFT, "reply": DRAFT}
DONE = {"edit": "已保存。", "sign": "已签发。", "send": "已记下发出。", "reply": "已记下回复。"}
CHIPS = {"draft": "idle", "signed": "judge", "sent": "run", "replied": "ok"}


@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """What the court drafted and sent; the county reads what is signed."""
    user = enter(request, VIEW)
    page = reads.suggestion_page(user, cursor=request.GET.get("cursor", ""))
    rows = [(row, CHIPS[row.state]) for row in page.rows]
    return render(request, "disputes/suggestions.html", {"page": page, "rows": rows, "today": today()})


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_new(request: HttpRequest) -> HttpResponse:
    """Draft from what the address names; the words come with the figures."""
    user = enter(request, DRAFT)
    ground = reads.ground_of(user, request.GET.dict(), today())
    figures = reads.figures_for(user, ground)
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        kind = kind if kind in SuggestionKind.values else SuggestionKind.JUDICIAL.value
        words = {"title": title_for(kind, figures), "body": body_for(kind, figures, settings.COURT_NAME)}
        form = PaperForm(initial={"kind": kind} | words)
    else:
        form = PaperForm(request.POST)
        if form.is_valid():
            try:
                kept = verbs.draft_suggestion(ground=ground, paper=form.paper(), by=user)
                messages.success(request, "草稿已保存，由法官签发。")
                return redirect(kept)
            except Refused as refused:
                add_refusal(form, refused)
    context = {"form": form, "ground": ground, "figures": figures}
    return render(request, "disputes/suggestion_new.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_safe
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    user = enter(request, VIEW)
    return _page(request, user, reads.get_suggestion(user, pk))


def _page(
    request: HttpRequest, user: User, found: JudicialSuggestion, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    steps = [verb for verb in STEPS[found.state] if allowed(user, RIGHTS[verb], found.town_code)]
    names = ("kind", "addressee", "title", "body", "version")
    paper = PaperForm(initial={name: getattr(found, name) for name in names})
    forms = {verb: paper if verb == "edit" else FORMS[verb]() for verb in steps} | (bound or {})
    context = {
        "suggestion": found,
        "chip": CHIPS[found.state],
        "forms": {verb: form for verb, form in forms.items() if verb in steps},
        "period": reads.reply_period(found) if found.state == SuggestionState.SENT else None,
        "around": reads.around(user, found, today()),
        "may_print": allowed(user, DRAFT, found.town_code),
    }
    return render(request, "disputes/suggestion.html", context, status=status)


@require_POST
def suggestion_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step: edit, sign, send, reply."""
    if verb not in RIGHTS:
        raise Http404
    user = enter(request, RIGHTS[verb])
    found = reads.get_suggestion(user, pk)
    form, status = FORMS[verb](request.POST), UNPROCESSABLE
    if form.is_valid():
        try:
            _acts(form, found, user)[verb]()
            messages.success(request, DONE[verb])
            return redirect(found)
        except Refused as refused:
            add_refusal(form, refused)
            status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return _page(request, user, reads.get_suggestion(user, pk), {verb: form}, status)


def _acts(form: Any, found: JudicialSuggestion, user: User) -> dict[str, Callable[[], object]]:
    data = form.cleaned_data
    common: dict[str, Any] = {"suggestion_id": found.pk, "by": user}
    return {
        "edit": lambda: verbs.edit_suggestion(version=data["version"] or 0, paper=form.paper(), **common),
        "sign": lambda: verbs.sign_suggestion(number=data["number"], on=data["on"], **common),
        "send": lambda: verbs.send_suggestion(on=data["on"], reply_due_on=data["reply_due_on"], **common),
        "reply": lambda: verbs.record_reply(on=data["on"], reply=data["reply"], measures=data["measures"], **common),
    }


@require_POST
def suggestion_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper for Word or WPS; audited."""
    user = enter(request, DRAFT)
    found = reads.get_suggestion(user, pk)
    verbs.record_printing(found, by=user)
    response = HttpResponse(suggestion_docx(found), content_type=DOCX_TYPE)
    name = f"{found.get_kind_display()}-{found.pk}.docx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
