"""Correcting what is registered: the story, the parties, their consent."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from disputes import queries
from disputes.actions.correction import Correction
from disputes.actions.parties import add_party, record_consent, update_party
from disputes.actions.told_numbers import correct_and_move, move_number
from disputes.forms.answers import ABOUT_KEPT, STEM, AnswersForm, about_told, typed_of
from disputes.forms.intake import CorrectionForm
from disputes.forms.parties import PartyForm, PartyUpdateForm
from disputes.forms.steps import ConsentForm, MoveForm, ToldForm
from disputes.models import Dispute
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter, open_file, open_step, shut_page


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Correct the story and its facts. A stale page comes back with both versions and nothing saved.

    While the story is typed, the page asks (`told_in`) which numbers stand in it; that answer is their choice alone.
    """
    user, dispute, shut = open_step(request, code, "disputes.edit")
    if shut:
        return shut_page(request, dispute, "修改经过和类型", shut)
    parties = list(dispute.parties.all())
    if request.method != "POST":
        form = CorrectionForm(user=user, dispute=dispute)
        stands = {f"{STEM}{one['key']}": one["value"] for one in dispute.answers}
        answers = AnswersForm(questions=queries.questions_of(dispute.case_type_id), typed=stands)
        context = {"form": form, "dispute": dispute, "answers": answers, "asking_type": dispute.case_type}
        return render(
            request, "disputes/edit.html", context | {"told": ToldForm(story=dispute.narrative, parties=parties)}
        )
    told = ToldForm(request.POST, story=request.POST.get("narrative", ""), parties=parties)
    if "told_in" in request.GET:
        return render(request, "disputes/_told.html", {"told": told, "dispute": dispute})
    form, typed = CorrectionForm(request.POST, user=user, dispute=dispute), typed_of(request.POST)
    case_type = form.type_called(typed.get("case_type", ""))
    kept = {one["key"]: one["value"] for one in dispute.answers}
    answers = AnswersForm(request.POST, questions=queries.questions_of(case_type.key), typed=typed, kept=kept)
    conflict: Conflict | None = None
    if form.is_valid() & answers.is_valid() & told.is_valid():
        try:
            _save(form, answers, told, dispute, user)
            messages.success(request, "已保存。")
            if about_told(typed, answers.money):
                messages.info(request, ABOUT_KEPT)
            return redirect(dispute)
        except Conflict as error:
            conflict = error
            form = CorrectionForm({**request.POST.dict(), "version": dispute.version}, user=user, dispute=dispute)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"form": form, "dispute": dispute, "conflict": conflict, "answers": answers, "asking_type": case_type}
    context["told"] = told
    return render(request, "disputes/edit.html", context, status=CONFLICT if conflict else UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def story_numbers(request: HttpRequest, code: str) -> HttpResponse:
    """Numbers that stand in the story, each with the parties it may belong to."""
    user, dispute, shut = open_step(request, code, "disputes.edit")
    if shut:
        return shut_page(request, dispute, "经过里的号码", shut)
    parties, refused = list(dispute.parties.all()), None
    if request.method == "POST":
        asked = MoveForm(request.POST, parties=parties)
        if asked.is_valid():
            try:
                party = move_number(dispute_id=dispute.pk, by=user, **asked.cleaned_data)
                messages.success(request, f"已移到{party.name}。")
                dispute.refresh_from_db()
                return redirect("disputes:numbers", dispute.code) if dispute.numbers_told else redirect(dispute)
            except Refused as error:
                refused = error
        else:
            refused = Refused("请选择号码和当事人。", hint="点下面的一个按钮即可。")
    context = {"dispute": dispute, "parties": parties, "refused": refused}
    return render(request, "disputes/numbers.html", context, status=UNPROCESSABLE if refused else 200)


def _save(form: CorrectionForm, answers: AnswersForm, told: ToldForm, dispute: Dispute, user: User) -> None:
    entered = form.cleaned_data
    data = Correction(
        village=form.villages[entered["village"]],
        source=entered["source"],
        narrative=entered["narrative"],
        case_type=entered["case_type"],
        amount=entered["amount"],
        platform_number=entered["platform_number"],
        answers=answers.cleaned_data,
    )
    correct_and_move(dispute_id=dispute.pk, version=entered["version"], data=data, moves=told.moves(), by=user)


@require_safe
@cache_control(private=True, max_age=3600)
def home_options(request: HttpRequest) -> HttpResponse:
    """The county's towns and villages, for a party's home to be completed from."""
    enter(request, "disputes.register")
    return render(request, "disputes/_home_options.html", {"homes": queries.homes()})


@require_http_methods(["GET", "HEAD", "POST"])
def party_add(request: HttpRequest, code: str) -> HttpResponse:
    """One more party."""
    user, dispute, shut = open_step(request, code, "disputes.edit")
    if shut:
        return shut_page(request, dispute, "补充当事人", shut)
    form = PartyForm(request.POST) if request.method == "POST" else PartyForm()
    if request.method == "POST" and form.is_valid():
        try:
            party = add_party(dispute_id=dispute.pk, data=form.party(), by=user)
            messages.success(request, f"已补上{party.get_side_display()}{party.name}。")
            return redirect(dispute)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"form": form, "dispute": dispute, "heading": "补充当事人", "act": "补上这名当事人"}
    return render(request, "disputes/party.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def party_edit(request: HttpRequest, code: str, party_id: UUID) -> HttpResponse:
    """Correct a party; numbers left empty stay as they are."""
    user, dispute, shut = open_step(request, code, "disputes.edit_party")
    if shut:
        return shut_page(request, dispute, "修改当事人", shut)
    party = queries.get_party(dispute, party_id)
    posted = request.POST if request.method == "POST" else None
    form = PartyUpdateForm(posted, party=party)
    if request.method == "POST" and form.is_valid():
        try:
            update_party(party_id=party.pk, data=replace(form.party(), born_on=party.born_on), by=user)
            messages.success(request, f"已保存{party.name}。")
            return redirect(dispute)
        except Refused as refused:
            add_refusal(form, refused)
    context = {"form": form, "dispute": dispute, "heading": f"修改{party.name}", "act": "保存"}
    return render(request, "disputes/party.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def party_consent(request: HttpRequest, code: str, party_id: UUID) -> HttpResponse:
    """Note that the party agreed to mediation."""
    user, dispute = open_file(request, code, "disputes.edit")
    party = queries.get_party(dispute, party_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有记下：同意的日期不对，请写成 2023-09-20。")
        return redirect(dispute)
    record_consent(party_id=party.pk, by=user, on=form.cleaned_data["on"])
    messages.success(request, f"已记下{party.name}同意调解。")
    return redirect(dispute)
