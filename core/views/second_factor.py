"""The second factor: asked for at the door, taken up there or on the account page, renewed, given up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import privacy, reentry, signing_in
from core.actions import second_factor
from core.errors import Refused
from core.forms import CodeForm, add_refusal
from core.models import User
from core.rules import needs_second_factor

ISSUER = "法官联络点"
PENDING = "pending_factor"  # the secret on the page, encrypted, until its first code is given
UNPROCESSABLE = 422
WRONG = "验证码不对，或已经用过一次。等手机上换了数字再试；也可以填一个恢复码。"


# ── at the door ──────────────────────────────────────────────────────────────
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator, or a recovery code, after the right password."""
    half = signing_in.half_signed_in(request)
    if half is None:
        return _to_the_door(request)
    user, wanted = half
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if form.is_valid() and _answered(user, form):
        return redirect(signing_in.come_in(request, user, wanted, with_factor=True))
    context = {"form": form, "left": _codes_left(user)}
    return render(request, "core/sign_in_code.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_enrol(request: HttpRequest) -> HttpResponse:
    """Taking up an authenticator at the first sign-in of a role that must have one."""
    half = signing_in.half_signed_in(request)
    if half is None:
        return _to_the_door(request)
    user, wanted = half
    if signing_in.has_second_factor(user):
        return redirect("sign-in-code")
    form, codes = _enrolled(request, user)
    if not codes:
        return _enrol_page(request, user, form, frame="core/sign_in_enrol.html")
    onward = signing_in.come_in(request, user, wanted, with_factor=True)
    return render(request, "core/recovery_codes.html", {"codes": codes, "onward": onward})


def _to_the_door(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("today")
    return redirect(f"/login/?{urlencode({'ended': 'half'})}")


def _answered(user: User, form: CodeForm) -> bool:
    try:
        right = second_factor.answer(user=user, code=form.cleaned_data["code"])
    except Refused as refused:
        add_refusal(form, refused)
        return False
    if not right:
        form.add_error("code", WRONG)
    return right


# ── on one's own account ─────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """One's own factor: how it stands, or the way to take one up."""
    assert request.user.is_authenticated
    if asked := reentry.ask_password(request):
        return asked
    if signing_in.has_second_factor(request.user):
        left, must = _codes_left(request.user), needs_second_factor(request.user)
        return render(request, "core/factor.html", {"left": left, "must": must})
    form, codes = _enrolled(request, request.user)
    if not codes:
        return _enrol_page(request, request.user, form, frame="core/factor_enrol.html")
    request.session[signing_in.FACTOR_AT] = timezone.now().timestamp()
    return render(request, "core/recovery_codes.html", {"codes": codes})


@never_cache
@require_POST
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones are worth nothing from now on."""
    assert request.user.is_authenticated
    if asked := reentry.ask_password(request):
        return asked
    if not signing_in.has_second_factor(request.user):
        return redirect("factor")
    codes = second_factor.renew_recovery_codes(user=request.user)
    return render(request, "core/recovery_codes.html", {"codes": codes})


@require_POST
def factor_end(request: HttpRequest) -> HttpResponse:
    """Give the factor up, where the role allows it."""
    assert request.user.is_authenticated
    if asked := reentry.ask_password(request):
        return asked
    second_factor.give_up(user=request.user)
    messages.success(request, "已停用动态验证码，以后只用密码登录。")
    return redirect("account")


# ── taking one up ────────────────────────────────────────────────────────────
def _enrolled(request: HttpRequest, user: User) -> tuple[CodeForm, list[str]]:
    """The form, and the recovery codes once its code proved right."""
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if not form.is_valid():
        return form, []
    try:
        codes = second_factor.enrol(user=user, secret=_secret(request, user), code=form.cleaned_data["code"])
    except Refused as refused:
        add_refusal(form, refused)
        return form, []
    request.session.pop(PENDING, None)
    return form, codes


def _secret(request: HttpRequest, user: User) -> str:
    """The secret that this session's page shows, the same until it is taken up."""
    context = f"core.enrol.{user.pk}"
    if PENDING not in request.session:
        request.session[PENDING] = privacy.encrypt(second_factor.new_secret(), context=context)
    return privacy.decrypt(request.session[PENDING], context=context)


def _enrol_page(request: HttpRequest, user: User, form: CodeForm, *, frame: str) -> HttpResponse:
    secret = _secret(request, user)
    context = {
        "form": form,
        "qr": _qr(user, secret),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "must": needs_second_factor(user),
    }
    return render(request, frame, context, status=UNPROCESSABLE if form.errors else 200)


def _qr(user: User, secret: str) -> SafeString:
    """The authenticator's address as a picture of our own making: an SVG without styles or scripts."""
    query = urlencode({"secret": secret, "issuer": ISSUER, "digits": str(second_factor.DIGITS)})
    import segno  # noqa: PLC0415 (a megabyte of every process, for a page seen once)

    code = segno.make(f"otpauth://totp/{ISSUER}:{user.username}?{query}", error="m", micro=False)
    svg = code.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass="factor-qr", title="动态验证码二维码")
    return mark_safe(svg)  # noqa: S308 (nothing of a request stands in it but modules of a QR code)


def _codes_left(user: User) -> int:
    return user.second_factor.recovery_codes.filter(used_at=None).count()
