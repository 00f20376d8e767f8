"""The agreement: drafted and changed in one editor that grows row by row, then signed on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.clock_face import cn_date
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.queries import rest_calendar, today
from disputes.models import Dispute
from disputes.queries import usual_day_of_a_step
from disputes.views.doors import open_file, shut_page
from mediation import law
from mediation.actions.agreements import FLAG_FIELDS, Draft, draft_agreement, edit_agreement
from mediation.actions.signatures import record_signatures
from mediation.forms.agreement import AgreementForm, ClauseFormSet, Clauses, ItemFormSet, Items, SignForm
from mediation.models import Agreement
from mediation.queries.agreements import Signer, missing_before_agreement, rule_of, signers_of
from mediation.queries.mediations import last_agreement, last_mediation
from mediation.queries.standing import NO_AGREEMENT, why_not_changed, why_not_signed
from mediation.views.doors import CONFLICT, UNPROCESSABLE, given

PAGE = require_http_methods(["GET", "HEAD", "POST"])
SIGN_HEADING = "登记签名和盖章"
EDITED = ("form", "concluded_on", "facts", "manner", "copies", *FLAG_FIELDS)


@dataclass(frozen=True)
class Editor:
    """The three parts of the editor."""

    form: AgreementForm
    clauses: Clauses
    items: Items

    def is_valid(self) -> bool:
        """All three, so that every mistake is shown at once."""
        return all([self.form.is_valid(), self.clauses.is_valid(), self.items.is_valid()])

    def draft(self) -> Draft:
        """What was entered."""
        return self.form.draft(self.clauses, self.items)

    def show(self, refused: Refused) -> None:
        """Put a refusal of the action at the row or field it names."""
        field = refused.field or ""
        if field == "clauses":
            self.clauses.forms[0].add_error("text", str(refused))
        elif field.startswith("items-"):
            _, nth, name = field.split("-")
            self.items.forms[self.items.row_of(int(nth))].add_error(name, str(refused))
        else:
            add_refusal(self.form, refused)


@PAGE
def agreement_new(request: HttpRequest, code: str) -> HttpResponse:
    """Draft the agreement. What is missing for it is shown on the dispute page, not here."""
    user, dispute = open_file(request, code, "mediation.draft_agreement")
    mediation = last_mediation(dispute)
    if mediation is None or missing_before_agreement(dispute, mediation):
        messages.warning(request, "还不能起草协议：请先补齐「下一步」里列的各项。")
        return redirect(dispute)
    last = mediation.sessions.last()
    concluded_on = usual_day_of_a_step(dispute, after=last.held_on if last else mediation.accepted_on)
    start = {"version": dispute.version, "concluded_on": concluded_on}

    def act(editor: Editor) -> str:
        version = editor.form.cleaned_data["version"]
        agreement = draft_agreement(dispute_id=dispute.pk, by=user, draft=editor.draft(), version=version)
        return f"已起草 {agreement.number}，可以打印出来签名。"

    return _edit(request, dispute, act, start=start, page={"heading": "起草调解协议", "button": "保存协议"})


@PAGE
def agreement_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the draft that nobody has signed yet."""
    user, dispute = open_file(request, code, "mediation.draft_agreement")
    agreement = last_agreement(dispute)
    if agreement is None:
        return _not_drafted(request, dispute, "修改调解协议")
    if request.method != "POST" and (shut := why_not_changed(agreement)):
        return shut_page(request, dispute, f"修改 {agreement.number}", shut)
    start = {name: getattr(agreement, name) for name in EDITED} | {"version": agreement.version}

    def act(editor: Editor) -> str:
        version = editor.form.cleaned_data["version"]
        edit_agreement(dispute_id=dispute.pk, by=user, draft=editor.draft(), version=version)
        return f"已改好 {agreement.number}。"

    page = {"heading": f"修改 {agreement.number}", "button": "保存修改"}
    return _edit(request, dispute, act, start=start, page=page, agreement=agreement)


def _edit(
    request: HttpRequest,
    dispute: Dispute,
    act: Callable[[Editor], str],
    *,
    start: dict[str, Any],
    page: dict[str, str],
    agreement: Agreement | None = None,
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, dispute, _new_editor(dispute, start, agreement), page)
    if "add" in request.POST:
        return _page(request, dispute, _grown_editor(request, dispute), page)
    editor = Editor(
        AgreementForm(request.POST),
        ClauseFormSet(request.POST, prefix="clauses"),
        ItemFormSet(request.POST, prefix="items", form_kwargs={"parties": list(dispute.parties.all())}),
    )
    status = UNPROCESSABLE
    if editor.is_valid():
        try:
            messages.success(request, act(editor))
            return redirect(dispute)
        except Conflict as conflict:
            editor.show(conflict)
            status = CONFLICT
        except Refused as refused:
            editor.show(refused)
    return _page(request, dispute, editor, page, status=status)


def _new_editor(dispute: Dispute, start: dict[str, Any], agreement: Agreement | None) -> Editor:
    clauses = [{"text": clause} for clause in agreement.clauses] if agreement else []
    rows = agreement.performance_items.all() if agreement else []
    items = [
        {"text": item.text, "debtor": str(item.debtor_id or ""), "amount": _plain(item.amount), "due_on": item.due_on}
        for item in rows
    ]
    kwargs = {"parties": list(dispute.parties.all())}
    return Editor(
        AgreementForm(initial=start),
        ClauseFormSet(prefix="clauses", initial=clauses),
        ItemFormSet(prefix="items", initial=items, form_kwargs=kwargs),
    )


def _grown_editor(request: HttpRequest, dispute: Dispute) -> Editor:
    """What was typed so far, with one more empty row where one was asked for."""
    typed, added = request.POST.dict(), request.POST.get("add")
    kwargs = {"parties": list(dispute.parties.all())}
    return Editor(
        AgreementForm(initial=typed),
        ClauseFormSet(prefix="clauses", typed=typed, grow=added == "clauses"),
        ItemFormSet(prefix="items", typed=typed, grow=added == "items", form_kwargs=kwargs),
    )


def _plain(amount: Any) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if amount else ""


def _page(
    request: HttpRequest, dispute: Dispute, editor: Editor, page: dict[str, str], *, status: int = 200
) -> HttpResponse:
    context = {"dispute": dispute, "form": editor.form, "clauses": editor.clauses, "items": editor.items, **page}
    return render(request, "mediation/agreement_edit.html", context, status=status)


# ── who has signed ───────────────────────────────────────────────────────────
@PAGE
def agreement_sign(request: HttpRequest, code: str) -> HttpResponse:
    """Note who has signed when: parties, mediator and seal, each with its own time."""
    user, dispute = open_file(request, code, "mediation.sign_agreement")
    agreement = last_agreement(dispute)
    if agreement is None:
        return _not_drafted(request, dispute, SIGN_HEADING)
    if request.method != "POST" and (shut := why_not_signed(dispute)):
        return shut_page(request, dispute, SIGN_HEADING, shut)
    signers = _signers(agreement, dispute)
    form = SignForm(given(request), signers=signers, mode=agreement.mediation.mode)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                done = record_signatures(dispute_id=dispute.pk, by=user, entries=form.entries())
                messages.success(request, _signed_words(done))
                return redirect(dispute)
            except Conflict as conflict:
                form, status = _as_it_stands_now(form, agreement, dispute, conflict), CONFLICT
            except Refused as refused:
                add_refusal(form, refused)
    context = {"dispute": dispute, "agreement": agreement, "form": form}
    return render(request, "mediation/agreement_sign.html", context | _rule(agreement), status=status)


def _not_drafted(request: HttpRequest, dispute: Dispute, heading: str) -> HttpResponse:
    return shut_page(request, dispute, heading, NO_AGREEMENT, status=CONFLICT if request.method == "POST" else 200)


def _signers(agreement: Agreement, dispute: Dispute) -> list[Signer]:
    return signers_of(agreement, parties=list(dispute.parties.all()), signatures=list(agreement.signatures.all()))


def _as_it_stands_now(form: SignForm, agreement: Agreement, dispute: Dispute, conflict: Conflict) -> SignForm:
    """The form against what is on record now, with everything typed and who was first."""
    agreement.refresh_from_db()
    fresh = SignForm(form.data, signers=_signers(agreement, dispute), mode=agreement.mediation.mode)
    fresh.add_error(None, str(conflict))
    return fresh


def _rule(agreement: Agreement) -> dict[str, Any]:
    """What decides the day of effect here, and the last day to apply if all were signed today."""
    rule = rule_of(agreement, agreement.mediation)
    found: dict[str, Any] = {"rule": rule}
    if agreement.effective_on is None and law.is_confirmable(agreement.mediation.basis):
        day = today()
        calendar = rest_calendar(day, day + law.confirmation_reach())
        found["window"] = law.confirmation_window(day, calendar)
    return found


def _signed_words(agreement: Agreement) -> str:
    effective = agreement.effective_on
    if effective is None:
        return "已登记。还有人没签，签齐了协议自动生效。"
    return f"协议已于{cn_date(effective, today())}生效。"
