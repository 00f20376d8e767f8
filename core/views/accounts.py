"""What an admin does to somebody's account: a one-time password on a slip, a lost authenticator taken off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import reentry
from core.access import require
from core.actions import one_time, second_factor
from core.errors import Refused
from core.forms import FactorResetForm, add_refusal
from core.models import User

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password for one account: asked first, then the slip, this once."""
    require(request.user, "core.manage_accounts", message=one_time.WHO_MAY)
    assert request.user.is_authenticated
    if asked := reentry.ask_password(request):
        return asked
    owner = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "core/account_code.html", {"owner": owner})
    slip = one_time.issue_one_time(user_id=owner.pk, by=request.user)
    return render(request, "core/account_slip.html", {"slips": [slip], "owner": owner})


@require_http_methods(["GET", "HEAD", "POST"])
def account_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost authenticator off an account, with how the person was recognised."""
    require(request.user, "core.manage_accounts", message="动态验证码由管理员重置。")
    assert request.user.is_authenticated
    if asked := reentry.ask_password(request):
        return asked
    owner = get_object_or_404(User, pk=pk)
    form = FactorResetForm(request.POST) if request.method == "POST" else FactorResetForm()
    if form.is_valid():
        try:
            second_factor.reset(user_id=owner.pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"账号「{owner.username}」的动态验证码已重置，密码没有变。下次登录重新登记。")
            return redirect("admin:core_user_change", owner.pk)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "core/account_factor.html", {"owner": owner, "form": form}, status=status)
