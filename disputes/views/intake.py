"""Registering: one page, and the panel beside it that says what the system makes of the story."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, cast
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.access import allowed
from core.errors import Refused
from core.forms import add_refusal
from core.models import Division, FormDraft, StoredFile, User
from core.privacy import normalised
from core.queries import today
from disputes import queries, told_numbers
from disputes.actions import drafts
from disputes.actions.attachments import GONE, stage_each, take_away
from disputes.actions.hidden_dangers import register_from_danger
from disputes.actions.intake import Intake, PossiblyKnown, register_dispute
from disputes.amounts import is_about
from disputes.choices import NoticeHow, QuestionKind
from disputes.forms.answers import ABOUT_KEPT, STEM, AnswersForm, about_told, raw_answers, typed_of
from disputes.forms.intake import IntakeForm
from disputes.forms.parties import BasePartyFormSet, PartyFormSet
from disputes.models import CaseType, Dispute
from disputes.queries.attachments import not_filed, staged_files, staged_key
from disputes.queries.drafts import KEY, Begun, kept_intakes, sent_as
from disputes.queries.hidden_dangers import lead_of
from disputes.queries.known import Likely
from disputes.views.attachments import listed, uuid_in
from disputes.views.doors import UNPROCESSABLE, enter, user_of

PARTIES, FRESH, LOOSE = "parties", "fresh", "files"
REGISTERED = "那一份已经登记。"  # all that is said of one which its registrar does not see any more
MOVE_TO = (("0", "申请人"), ("1", "被申请人"))


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_new(request: HttpRequest) -> HttpResponse:
    """The intake page; whatever was typed stays on it until the dispute is registered."""
    user = enter(request, "disputes.register")
    if request.method != "POST":
        return _blank_page(request, user)
    unfit = _take_files(request, user)
    if "add_party" in request.POST or "drop_file" in request.POST:
        return page_as_typed(request, user, more=int("add_party" in request.POST), unfit=unfit)
    if "move" in request.POST:
        return _moved(request, user)
    return _sent(request, user, unfit)


def _sent(request: HttpRequest, user: User, unfit: Sequence[str]) -> HttpResponse:
    """The form as it was sent: registered, or shown again. Sent before, it leads to its file, and where it says
    something else now, the page says that this is lost."""
    form = IntakeForm(request.POST, request.FILES, user=user)
    parties = PartyFormSet(request.POST, prefix=PARTIES)
    try:
        data = _told(form, parties) if parties.is_valid() & form.is_valid() else None
        mark = data.mark(form.cleaned_data["registered_on"]) if data else ""
        dispute = _register(form, data, user) if data and not unfit else None
    except PossiblyKnown as known_one:
        return _page(request, form, parties, typed_of(request.POST), status=UNPROCESSABLE, likely=known_one.likely)
    dispute = dispute or sent_as(user, request.POST.get(KEY, ""))
    if dispute is None:
        return _page(request, form, parties, typed_of(request.POST), status=UNPROCESSABLE, unfit=unfit)
    if drafts.DRAFTED in request.POST:  # the page says so: a form that was never kept need not ask
        drafts.drop_intake(key=request.POST.get(KEY, ""), by=user)
    if not _sees(user, dispute):  # sent before, and another town's since
        messages.info(request, REGISTERED)
        return redirect("disputes:list")
    if mark and mark == dispute.sent_mark:
        _tell(request, dispute, parties)
    else:
        lost = "后来在那一页改的没有记进来，要改请在本件里改。"
        messages.warning(request, f"那一份先前已经登记，编号 {dispute.code}，没有再登记一件。{lost}")
    _tell_of_files(request, dispute, unfit)
    return redirect(dispute)


def _sees(user: User, dispute: Dispute) -> bool:
    """Whether its registrar still may open it: either may be of another town by now. Asks nothing."""
    return allowed(user, "disputes.view", dispute)


def _tell(request: HttpRequest, dispute: Dispute, parties: BasePartyFormSet) -> None:
    """What was registered, what of it was understood otherwise than typed, what is still lacking."""
    messages.success(request, f"已登记，编号 {dispute.code}。")
    money = [one["key"] for one in dispute.answers if one["kind"] == QuestionKind.MONEY]
    if about_told(typed_of(request.POST), money):
        messages.info(request, ABOUT_KEPT)
    for words in parties.reminders():
        messages.warning(request, words)


def _tell_of_files(request: HttpRequest, dispute: Dispute, unfit: Sequence[str]) -> None:
    """Which of the files on the page did not come along."""
    on_page = listed(request)
    if on_page and (missing := not_filed(dispute, on_page)):
        where = "在另一个窗口的那一份里，或者已经不在了"
        messages.warning(request, f"页面上列着的材料有 {missing} 份没有带上：{where}。请在本件「材料」里补。")
    for words in unfit:
        messages.warning(request, words)


def _take_files(request: HttpRequest, user: User) -> list[str]:
    """Without JavaScript files come with the form: kept first, so that no refusal loses them. Says what was not."""
    key = uuid_in(request.POST.get(KEY, ""))
    if key is None:
        return []
    unwanted = uuid_in(request.POST.get("drop_file", ""))
    said = take_away(key=str(key), by=user, file_id=unwanted) if unwanted else ""
    uploads = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)]
    unfit = stage_each(key=str(key), uploads=uploads, by=user) if uploads else []
    return [said, *unfit] if said else unfit


def _moved(request: HttpRequest, user: User) -> HttpResponse:
    """The page again, with one number of the story in the field of a party; a field that is filled stays as it is."""
    typed = typed_of(request.POST)
    index, _, masked = request.POST["move"].partition(":")
    told, who = told_numbers.called(typed.get("narrative", ""), masked), dict(MOVE_TO).get(index)
    done, said = False, "经过里没有这个号码了。"
    if told and who:
        name = f"{PARTIES}-{index}-{told.field}"
        there = typed.get(name, "").strip()
        if there and normalised(there) != normalised(told.number):
            said = f"没有移：{who}的{told.label}已经填了别的，请先看看哪个对。"
        else:
            typed |= {name: told.number, "narrative": told_numbers.without(typed["narrative"], told)}
            done, said = True, f"{told.label} {told.masked} 已移到{who}。"
    form, parties = IntakeForm(user=user, initial=typed), PartyFormSet(prefix=PARTIES, typed=typed, more=0)
    return _page(request, form, parties, typed, moved={"done": done, "said": said})


def _blank_page(request: HttpRequest, user: User) -> HttpResponse:
    """An empty form, or one that was typed and not sent: the one asked for, that of the report, or the only one."""
    (begun, shut), lead = kept_intakes(user), lead_of(user, request.GET.get("danger", ""))
    wanted = uuid_in(request.GET.get("draft", ""))
    if wanted:
        chosen = next((one for one in begun if one.draft.pk == wanted), None)
    elif lead:
        chosen = next((one for one in begun if one.typed.get("danger") == str(lead.danger.pk)), None)
    else:
        chosen = begun[0] if len(begun) == 1 and not {FRESH, LOOSE} & request.GET.keys() else None
    before = sent_as(user, str(uuid_in(request.GET.get("form", "")) or "")) if wanted and chosen is None else None
    if before and not _sees(user, before):
        messages.info(request, REGISTERED)
        before = None
    elif wanted and chosen is None and before is None:
        messages.info(request, "那一份已经登记或者删掉了。")
    if request.GET.get("danger") and lead is None:
        messages.info(request, "那条苗头已经处理过，或不在您的范围内，这里没有带出它的内容。")
    others = [one for one in begun if one is not chosen]
    if chosen:
        form = IntakeForm(user=user, initial=chosen.typed)
        parties = PartyFormSet(prefix=PARTIES, typed=chosen.typed, more=0)
        return _page(request, form, parties, chosen.typed, draft=chosen.draft, others=others, shut=shut)
    key = staged_key(user, but=[*(one.key for one in begun), *(one.key for one in shut)])  # files before any word
    # one asked for by itself has its own key: another window may be open with these files. They are offered.
    taken = key and (LOOSE in request.GET or not (lead or FRESH in request.GET))
    initial = (lead.initial if lead else {}) | ({KEY: key} if taken else {})
    form, loose = IntakeForm(user=user, initial=initial or None), bool(key) and not taken
    return _page(request, form, PartyFormSet(prefix=PARTIES), {}, others=others, loose=loose, shut=shut, before=before)


def page_as_typed(request: HttpRequest, user: User, *, more: int = 0, unfit: Sequence[str] = ()) -> HttpResponse:
    """The form as it was posted, without complaints."""
    typed = typed_of(request.POST)
    parties = PartyFormSet(prefix=PARTIES, typed=typed, more=more)
    return _page(request, IntakeForm(user=user, initial=typed), parties, typed, unfit=unfit)


def _told(form: IntakeForm, parties: BasePartyFormSet) -> Intake:
    """What valid forms tell."""
    entered = form.cleaned_data
    return Intake(
        village=cast("Division", form.village_called(entered["village"])),
        source=entered["source"],
        narrative=entered["narrative"],
        parties=[one.party() for one in parties.entered()],
        # one merely suggested follows the story to its last word, which the panel may not have seen
        case_type="" if entered["case_type"] == form.data.get("suggested") else entered["case_type"],
        amount=entered["amount"],
        platform_number=entered["platform_number"],
        informed=entered["informed"],
        informed_how=entered["informed_how"] or NoticeHow.ORAL,
        answers=raw_answers(typed_of(form.data)),
    )


def _register(form: IntakeForm, data: Intake, user: User) -> Dispute | None:
    """The registered dispute, or none with the refusal noted on the form. Lets PossiblyKnown through."""
    entered = form.cleaned_data
    key = str(entered["idempotency_key"])
    register = partial(register_from_danger, danger_id=entered["danger"]) if entered["danger"] else register_dispute
    try:
        return register(
            data=data,
            by=user,
            registered_on=entered["registered_on"],
            idempotency_key=key,
            known=form.data.get("known", ""),
            has_files="attached" in form.data or bool(form.files),
        )
    except PossiblyKnown:
        raise
    except Refused as refused:
        if not str(refused.field).startswith(STEM):  # an answer's own field says it when the page is drawn again
            add_refusal(form, refused)
        return None


def _page(
    request: HttpRequest,
    form: IntakeForm,
    parties: BasePartyFormSet,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    draft: FormDraft | None = None,
    others: Sequence[Begun] = (),
    shut: Sequence[FormDraft] = (),
    likely: Likely | None = None,
    moved: dict[str, Any] | None = None,
    unfit: Sequence[str] = (),
    loose: bool = False,
    before: Dispute | None = None,
) -> HttpResponse:
    story, chosen = str(form["narrative"].value() or ""), str(form["case_type"].value() or "")
    village = form.village_called(str(form["village"].value() or ""))
    context: dict[str, Any] = {"form": form, "parties": parties, "draft": draft, "moved": moved, "loose": loose}
    context["before"] = before
    key = str(form["idempotency_key"].value() or "")
    context["upload_limit"] = settings.UPLOAD_LIMIT
    context["staged"] = staged_files(user_of(request), key)
    context["unfit"] = [*unfit, *_gone(request, context["staged"])]
    context |= {"others": others, "shut": shut, "whole": len(others) + bool(draft), "draft_page": _page_of(request)}
    context["draft_seen"] = draft.version if draft else request.POST.get(drafts.SEEN, "")
    context |= _panel(story, chosen, village, typed, amount=_amount_in(form), bound=form.is_bound)
    if likely:
        context |= {"likely": likely, "known": queries.likely_shown(user_of(request), likely), "asks": True}
    return render(request, "disputes/new.html", context, status=status)


def _gone(request: HttpRequest, staged: Sequence[StoredFile]) -> list[str]:
    """A sentence for each file that the posted page listed and that is there no more, but for one just taken away."""
    there = {one.pk for one in staged} | {uuid_in(request.POST.get("drop_file", ""))}
    return [GONE for pk in listed(request) if pk not in there]


def _page_of(request: HttpRequest) -> str:
    """What the open page calls itself when it keeps what is typed: the same through refusals, new when opened anew."""
    return str(uuid_in(request.POST.get(drafts.PAGE, "")) or uuid4())


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
        form.village_called(request.POST.get("village", "")),
        typed_of(request.POST),
        amount=form.cleaned_data.get("amount"),
    )
    context["other_questions"] = context["asking"] != request.POST.get("asked", "")
    return render(request, "disputes/_suggestion.html", context | {"beside_answer": True})


@require_POST
def known(request: HttpRequest) -> HttpResponse:
    """Whether the people told so far stand in another dispute; nothing of them is in the address.

    A form that was registered already says so. `again`: a page gone back to asks for that alone.
    """
    user = enter(request, "disputes.register")
    if dispute := sent_as(user, request.POST.get(KEY, "")):
        return render(request, "disputes/_sent.html", {"dispute": dispute, "is_shown": _sees(user, dispute)})
    if "again" in request.POST:
        return HttpResponse(status=204)
    parties = PartyFormSet(request.POST, prefix=PARTIES)
    village = request.POST.get("village", "")
    parties.is_valid()
    told = parties.as_far_as_told()
    before = queries.met_before(told, village=village if village.isdecimal() else "", on=today())
    likely = before.likely(user, request.POST.get("case_type", ""))
    shown = queries.likely_shown(user, likely) if likely.inside else []
    unguarded = [party for party in told if party.lacks_guardian]
    return render(request, "disputes/_known.html", {"likely": likely, "known": shown, "unguarded": unguarded})


def _amount_in(form: IntakeForm) -> Decimal | None:
    """The sum that stands in the form's field, whatever else in the form is refused; None where none can be read."""
    try:
        amount: Decimal | None = form.fields["amount"].clean(form["amount"].value() or "")
    except ValidationError:
        return None
    return amount


def _panel(
    story: str,
    chosen: str,
    village: Division | None,
    typed: Mapping[str, str],
    *,
    amount: Decimal | None = None,
    bound: bool = False,
) -> dict[str, Any]:
    """What the panel shows and what the type asks; without a story nothing is guessed."""
    found = None
    if story.strip():
        answers = raw_answers(typed)
        found = queries.assess(story, chosen=chosen, village=village, amount=amount, answers=answers)
    types = found.types if found else queries.case_types_asking()
    case_type = found.case_type if found else next((one for one in types if one.key == chosen), None)
    context: dict[str, Any] = {"found": found, "types": types, "chosen": chosen, "move_to": MOVE_TO}
    context["about"] = is_about(typed.get("amount", ""))
    return context | _asking(case_type, typed, bound=bound)


def _asking(case_type: CaseType | None, typed: Mapping[str, str], *, bound: bool = False) -> dict[str, Any]:
    """The questions of a type, with what was typed into them; answers to other types' questions wait, hidden."""
    questions = case_type.asked if case_type else []
    form = AnswersForm(typed if bound else None, questions=questions, typed=typed)
    return {"answers": form, "asking": case_type.key if case_type else "", "asking_type": case_type}


@require_POST
def type_questions(request: HttpRequest) -> HttpResponse:
    """The questions of the type just picked; what was typed into those of another type is kept."""
    enter(request, "disputes.register")
    types = {row.key: row for row in queries.case_types_asking()}
    context = _asking(types.get(request.POST.get("case_type", "")), typed_of(request.POST))
    return render(request, "disputes/_questions.html", context)
