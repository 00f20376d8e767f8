"""What the court may do with a file: each verb's form, words and action, and the dock that offers them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.access import allowed
from core.choices import COURT_ROLES
from core.clock_face import cn_date
from core.models import User
from core.queries import today
from mediation.actions import court_review, rulings
from mediation.actions.confirmation_steps import who_may
from mediation.checklist import CheckItem
from mediation.choices import ConfirmationState
from mediation.forms import court as forms
from mediation.models import ConfirmationRequest
from mediation.workflow import CONFIRMATION

Act = Callable[[ConfirmationRequest, User, dict[str, Any]], object]
PRIMARY, QUIET, STOP = "btn-primary", "btn-quiet", "btn-stop"


@dataclass(frozen=True)
class VerbPage:
    """One verb as a dialog and as a page of its own."""

    form: type[forms.StepForm]
    act: Act
    heading: str
    done: str
    warning: str = ""
    css: str = QUIET


def _plain(action: Callable[..., object], *names: str) -> Act:
    """An action that takes the named fields of the form."""

    def act(request: ConfirmationRequest, user: User, data: dict[str, Any]) -> object:
        given = {name: data[name] for name in names}
        return action(request_id=request.pk, by=user, version=data["version"], **given)

    return act


def _weigh(request: ConfirmationRequest, user: User, data: dict[str, Any]) -> object:
    return court_review.weigh_check(
        request_id=request.pk,
        key=data["key"],
        ok=data["ok"],
        text=data["text"],
        by=user,
        on=data["on"] or today(),
        version=data["version"],
    )


FINAL = "裁定后不能撤回，双方会收到裁定书"
FORMS: dict[str, VerbPage] = {
    "claim": VerbPage(forms.ClaimForm, _plain(court_review.claim_request), "认领这一件", "已认领。"),
    "ask_correction": VerbPage(
        forms.AskForm,
        _plain(court_review.ask_correction, "on", "what", "due_on"),
        "通知双方补正",
        "已通知补正。补齐交来后，三日重新起算。",
    ),
    "accept": VerbPage(
        forms.AcceptForm,
        _plain(court_review.accept_request, "on", "number", "judge"),
        "受理这份申请",
        "已受理。受理通知书可以下载，等送达。",
        css=PRIMARY,
    ),
    "assign_judge": VerbPage(
        forms.AssignJudgeForm, _plain(court_review.assign_judge, "on", "judge"), "改派承办法官", "已改派。"
    ),
    "ask_supplement": VerbPage(
        forms.AskForm,
        _plain(court_review.ask_supplement, "on", "what", "due_on"),
        "通知双方补充",
        "已通知补充。裁定的期限照常走。",
    ),
    "weigh": VerbPage(forms.WeighForm, _weigh, "对预审的意见", "意见已记下。"),
    "draft_ruling": VerbPage(
        forms.DraftRulingForm,
        _plain(court_review.draft_ruling, "on", "verb", "ground_key", "grounds"),
        "起草裁定",
        "草稿已交给承办法官。",
    ),
    "extend": VerbPage(
        forms.ExtendForm,
        _plain(court_review.extend_decision, "on", "president"),
        "延长审查期限十日",
        "已延长十日，写明了批准人。",
    ),
    "refuse": VerbPage(
        forms.RefuseForm,
        _plain(rulings.refuse_request, "on", "ground_key", "grounds"),
        "裁定不予受理？",
        "已裁定不予受理。裁定书已起草，等送达。",
        f"{FINAL}。三十日未满的，双方仍可再申请。",
        STOP,
    ),
    "confirm": VerbPage(
        forms.ConfirmForm,
        _plain(rulings.confirm_agreement, "on", "heard_on", "grounds"),
        "裁定调解协议有效？",
        "已裁定协议有效。裁定书已起草，等送达。",
        f"{FINAL}。一方不履行的，对方可以申请执行。",
        PRIMARY,
    ),
    "reject": VerbPage(
        forms.RejectForm,
        _plain(rulings.reject_request, "on", "ground_key", "grounds"),
        "驳回这份申请？",
        "已裁定驳回申请。裁定书已起草，等送达。",
        f"{FINAL}，可以另行调解或起诉。",
        STOP,
    ),
    "permit_withdrawal": VerbPage(
        forms.WithdrawalForm,
        _plain(rulings.permit_withdrawal, "on", "grounds"),
        "准许撤回申请？",
        "已裁定准许撤回。裁定书已起草，等送达。",
        f"{FINAL}。三十日未满的，双方仍可再申请。",
        STOP,
    ),
    "deem_withdrawn": VerbPage(
        forms.DeemedWithdrawnForm,
        _plain(rulings.deem_withdrawn, "on", "grounds"),
        "按撤回申请处理？",
        "已裁定按撤回处理。裁定书已起草，等送达。",
        f"{FINAL}。解释第三百五十七条：无正当理由未按期补充或者拒不接受询问。",
        STOP,
    ),
    "serve": VerbPage(
        forms.ServeForm, _plain(rulings.serve_ruling, "on", "party", "method"), "登记送达", "已登记送达。", css=PRIMARY
    ),
}
IN_DOCK = ("ask_correction", "ask_supplement", "refuse", "reject", "accept", "confirm", "serve")
IN_MENU = ("claim", "assign_judge", "draft_ruling", "extend", "permit_withdrawal", "deem_withdrawn")
NEXT_STEP = {ConfirmationState.SUBMITTED: "accept", ConfirmationState.ACCEPTED: "confirm"}


def form_for(verb: str, request: ConfirmationRequest, user: User, data: Any = None, **kwargs: Any) -> forms.StepForm:
    """The form of a verb for this request; ids carry the verb, so that several stand on one page."""
    return FORMS[verb].form(data, confirmation=request, user=user, auto_id=f"id_{verb}_%s", **kwargs)


def run(verb: str, request: ConfirmationRequest, user: User, data: dict[str, Any]) -> None:
    """Do it."""
    FORMS[verb].act(request, user, data)


# ── the dock ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Button:
    """One verb in the dock: pressed it opens its dialog, without scripts its page."""

    verb: str
    label: str
    url: str
    css: str
    enabled: bool = True


@dataclass(frozen=True)
class Dock:
    """What may be done now, and why the next step may not."""

    why: str
    buttons: list[Button]
    menu: list[Button]

    @property
    def verbs(self) -> list[str]:
        """The verbs whose dialogs the page needs."""
        return [button.verb for button in (*self.buttons, *self.menu) if button.enabled]


def dock_of(request: ConfirmationRequest, user: User, items: list[CheckItem]) -> Dock | None:
    """The verbs of this person in this state; the next step always stands there, with the reason when it is off."""
    if user.role not in COURT_ROLES:
        return None
    buttons = [_button(verb, request) for verb in IN_DOCK if _may(verb, request, user)]
    menu = [_button(verb, request) for verb in IN_MENU if _may(verb, request, user)]
    why, next_verb = _why(request, user, items), _next_step(request)
    if next_verb and why:
        buttons = [button for button in buttons if button.verb != next_verb]
        buttons.append(_button(next_verb, request, enabled=False))
    return Dock(why or _waiting(request), buttons, menu)


def _next_step(request: ConfirmationRequest) -> str:
    if request.is_decided:
        return "" if request.served_on else "serve"
    return NEXT_STEP.get(ConfirmationState(request.state), "")


def _may(verb: str, request: ConfirmationRequest, user: User) -> bool:
    if not is_possible(verb, request):
        return False
    if verb == "claim" and request.clerk_id == user.pk:
        return False
    return allowed(user, f"mediation.{verb}_confirmation", request)


def is_possible(verb: str, request: ConfirmationRequest) -> bool:
    """Whether the verb fits where the request stands: a ruling is served until everybody has it."""
    return request.state in CONFIRMATION[verb].sources and not (verb == "serve" and request.served_on)


def why_impossible(verb: str, request: ConfirmationRequest) -> str:
    """Why it does not, for a page that was opened too late."""
    if verb == "serve" and request.served_on:
        return f"裁定书已经送达全部当事人，最后一名在{cn_date(request.served_on, today())}，不用再登记。"
    label = CONFIRMATION[verb].label
    return f"这一件现在是「{request.get_state_display()}」，不能{label}。您写的可以抄走。"


def _button(verb: str, request: ConfirmationRequest, *, enabled: bool = True) -> Button:
    url = reverse("court:confirmation-step", args=[request.pk, verb])
    return Button(verb, CONFIRMATION[verb].label, url, FORMS[verb].css, enabled)


def _why(request: ConfirmationRequest, user: User, items: list[CheckItem]) -> str:
    """Why the next step is not for this person, or not yet; empty when it may be done."""
    verb = _next_step(request)
    if not verb:
        return ""
    if not allowed(user, f"mediation.{verb}_confirmation", request):
        return who_may(CONFIRMATION[verb], request)
    failed = sum(item.failed for item in items)
    if verb == "confirm" and failed:
        return f"还有 {failed} 项不通过未处理，暂不能裁定有效。可以先通知补充，或通知双方共同到庭核实后改写意见。"
    return ""


def _waiting(request: ConfirmationRequest) -> str:
    return {
        ConfirmationState.SUBMITTED: "收到申请之日起三日内决定是否受理。",
        ConfirmationState.CORRECTING: "在等镇里补正；补齐交来后，三日重新起算。",
        ConfirmationState.ACCEPTED: "没有不通过的项目。需您判断的，裁定有效即认为可以。",
        ConfirmationState.SUPPLEMENTING: "在等镇里补充；裁定的期限照常走。",
    }.get(ConfirmationState(request.state), "已办结。" if request.served_on else "裁定书要逐一送达双方。")
