"""The town's pages of confirmation: preparing the joint application, filing it, handing in what the court asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.access import require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from disputes.forms.fields import DayField
from disputes.models import Dispute
from disputes.views.doors import CONFLICT, UNPROCESSABLE, open_file
from mediation.actions.confirmations import (
    deliver_correction,
    deliver_supplement,
    discard_draft,
    save_draft,
    submit_confirmation,
)
from mediation.checklist import CheckItem, obstacle, ordered
from mediation.choices import OPEN_CONFIRMATIONS, ConfirmationState, MaterialKind
from mediation.forms.confirmation import ANSWER, ApplicationForm, DeliveryForm
from mediation.models import Agreement, ConfirmationRequest
from mediation.precheck import MATERIAL, materials_for, precheck
from mediation.queries.confirmations import agreement_of, latest_request, waiting_notice
from mediation.queries.court_file import tally
from mediation.queries.precheck_facts import facts_of

FILE = "mediation.file_confirmation"
DELIVER = {
    ConfirmationState.CORRECTING: ("deliver_correction", deliver_correction, "交补正材料"),
    ConfirmationState.SUPPLEMENTING: ("deliver_supplement", deliver_supplement, "交补充材料"),
}


@dataclass
class _Application:
    """The application in hand: agreement, draft if there is one, form, and the pre-check on what is ticked."""

    dispute: Dispute
    agreement: Agreement
    draft: ConfirmationRequest | None
    form: ApplicationForm
    items: list[CheckItem]

    @property
    def obstacle(self) -> str:
        """Why it cannot be filed yet; empty when it can."""
        return obstacle(self.items, self._answers())

    def _answers(self) -> dict[str, str]:
        data = self.form.data if self.form.is_bound else self.form.initial
        return {item.key: str(data.get(f"{ANSWER}{item.key}") or "") for item in self.items}

    def context(self, **more: Any) -> dict[str, Any]:
        """What the page and its fragment show."""
        return {
            "dispute": self.dispute,
            "agreement": self.agreement,
            "draft": self.draft,
            "form": self.form,
            "wanting": [item for item in self.items if not item.passed and not _is_missing_paper(item)],
            "missing_papers": [item for item in self.items if _is_missing_paper(item)],
            "passed": [item for item in self.items if item.passed],
            "tally": tally(self.items),
            "obstacle": self.obstacle,
            **more,
        }


def _is_missing_paper(item: CheckItem) -> bool:
    return item.failed and item.key.startswith(MATERIAL)


def _application(user: User, dispute: Dispute, data: QueryDict | None = None, *, on: str = "") -> _Application:
    """The application as it stands, checked as if the court received it on the day that was typed (`on`), or today."""
    agreement = agreement_of(dispute)
    if agreement is None:
        raise Refused("这件还没有调解协议，不能申请司法确认。", hint="先起草协议，双方签名、调解组织盖章后再来。")
    draft = latest_request(user, agreement)
    if draft and draft.state != ConfirmationState.DRAFT:
        draft = None
    values = _stored(draft) if data is None else _posted(data)
    values["on"] = _day(on if data is None else data.get("on", ""))
    facts = facts_of(
        agreement,
        applied_on=values["on"],
        joint=values["joint"],
        promise=values["promise"],
        materials=values["materials"],
        besides=draft,
    )
    items = ordered(precheck(facts))
    to_judge = [item for item in items if item.to_judge]
    form = ApplicationForm(data, needed=materials_for(facts), to_judge=to_judge, initial=values)
    return _Application(dispute, agreement, draft, form, items)


def _day(text: str) -> date:
    """The day as typed; today while it is not one."""
    try:
        return DayField(required=False).clean(text) or today()
    except ValidationError:
        return today()


def _stored(draft: ConfirmationRequest | None) -> dict[str, Any]:
    """What the draft holds, as the form's initial values."""
    if draft is None:
        return {"joint": False, "promise": False, "materials": [], "version": None}
    ticked = list(draft.materials.filter(present=True).values_list("kind", flat=True))
    values = {"joint": draft.joint_application, "promise": draft.promise_made, "materials": ticked}
    return {**values, "version": draft.version, **{f"{ANSWER}{key}": text for key, text in draft.answers.items()}}


def _posted(data: QueryDict) -> dict[str, Any]:
    """What was ticked just now: the pre-check runs on it before the form is cleaned."""
    ticked = [kind for kind in data.getlist("materials") if kind in MaterialKind.values]
    return {"joint": bool(data.get("joint")), "promise": bool(data.get("promise")), "materials": ticked}


def _with_the_court(user: User, dispute: Dispute) -> bool:
    """Whether a request on the agreement is already before the court."""
    agreement = agreement_of(dispute)
    latest = latest_request(user, agreement) if agreement else None
    return latest is not None and latest.state in OPEN_CONFIRMATIONS - {ConfirmationState.DRAFT}


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_new(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare the application; each tick is kept and checked at once, without scripts by 存草稿."""
    user, dispute = open_file(request, code, FILE)
    if _with_the_court(user, dispute):
        messages.info(request, "这份协议的申请已经在法院。")
        return redirect(dispute)
    if request.method != "POST":
        application = _application(user, dispute, on=request.GET.get("on", ""))
        return render(request, "mediation/confirmation_new.html", application.context())
    return _save(request, user, dispute)


def _save(request: HttpRequest, user: User, dispute: Dispute) -> HttpResponse:
    application = _application(user, dispute, request.POST)
    form, fragment = application.form, bool(request.headers.get("HX-Request"))
    template = "mediation/confirmation_checks.html" if fragment else "mediation/confirmation_new.html"
    if not form.is_valid():
        return render(request, template, application.context(fragment=fragment), status=UNPROCESSABLE)
    try:
        application.draft = save_draft(
            agreement_id=application.agreement.pk,
            by=user,
            on=form.cleaned_data["on"],
            version=form.cleaned_data["version"],
            **_values(form),
        )
    except Refused as refused:
        return _refused(request, application, refused, template=template, fragment=fragment)
    if fragment:
        return render(request, template, application.context(fragment=True))
    messages.success(request, "草稿已存。")
    page, on = reverse("mediation:confirmation-new", args=[dispute.code]), form.cleaned_data["on"]
    return redirect(page if on == today() else f"{page}?on={on.isoformat()}")


def _values(form: ApplicationForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "joint": data["joint"],
        "promise": data["promise"],
        "materials": data["materials"],
        "answers": form.answers(),
    }


def _refused(
    request: HttpRequest, application: _Application, refused: Refused, *, template: str, fragment: bool = False
) -> HttpResponse:
    add_refusal(application.form, refused)
    status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return render(request, template, application.context(fragment=fragment, refused=refused), status=status)


@require_POST
def confirmation_submit(request: HttpRequest, code: str) -> HttpResponse:
    """File the application with both parties; a second press finds it filed."""
    user, dispute = open_file(request, code, FILE)
    template = "mediation/confirmation_new.html"
    application = _application(user, dispute, request.POST)
    form = application.form
    if not form.is_valid():
        return render(request, template, application.context(), status=UNPROCESSABLE)
    try:
        submit_confirmation(
            agreement_id=application.agreement.pk,
            by=user,
            on=form.cleaned_data["on"],
            version=form.cleaned_data["version"],
            **_values(form),
        )
    except Refused as refused:
        return _refused(request, application, refused, template=template)
    messages.success(request, "已协助双方提交。法院收到之日起三日内决定是否受理。")
    return redirect(dispute)


@require_POST
def confirmation_discard(request: HttpRequest, code: str) -> HttpResponse:
    """Throw the draft away."""
    user, dispute = open_file(request, code, FILE)
    application = _application(user, dispute)
    if application.draft:
        discard_draft(request_id=application.draft.pk, by=user)
        messages.success(request, "草稿已删去，没有报法院。")
    return redirect(dispute)


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_supplement(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in what the court asked for; the notice stands above the form."""
    user, dispute = open_file(request, code, FILE)
    agreement = agreement_of(dispute)
    found = latest_request(user, agreement) if agreement else None
    if found is None or found.state not in DELIVER:
        messages.info(request, "法院没有在等补来的材料。")
        return redirect(dispute)
    verb, action, label = DELIVER[ConfirmationState(found.state)]
    require(user, f"mediation.{verb}_confirmation", found)
    context = {"dispute": dispute, "found": found, "notice": waiting_notice(found), "heading": label}
    if request.method != "POST":
        form = DeliveryForm(initial={"version": found.version})
        return render(request, "mediation/confirmation_supplement.html", context | {"form": form})
    form, status = DeliveryForm(request.POST), UNPROCESSABLE
    if form.is_valid():
        try:
            action(request_id=found.pk, by=user, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
            status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
        else:
            messages.success(request, "已交法院。")
            return redirect(dispute)
    return render(request, "mediation/confirmation_supplement.html", context | {"form": form}, status=status)
