"""Signing in, out, changing the password, and one's own account."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import held_forms, queries, reentry, signing_in
from core.actions import sessions, sign_ins
from core.choices import Role
from core.forms import NewPasswordForm, PasswordAgainForm, SignInForm


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo county, as the sign-in page offers it."""

    username: str
    role: Role
    place: str


DEMO_ACCOUNTS = (
    DemoAccount("mediator", Role.MEDIATOR, "太平镇"),
    DemoAccount("officer", Role.OFFICER, "太平镇"),
    DemoAccount("mediator2", Role.MEDIATOR, "双东街道"),
    DemoAccount("judge", Role.JUDGE, "太平镇、双东街道"),
    DemoAccount("assistant", Role.ASSISTANT, "太平镇、双东街道"),
    DemoAccount("clerk", Role.CLERK, "市法院"),
    DemoAccount("justice", Role.JUSTICE, "全市"),
    DemoAccount("committee", Role.COMMITTEE, "全市"),
    DemoAccount("admin", Role.ADMIN, "不看案件"),
    DemoAccount("auditor", Role.AUDITOR, "只看审计"),
)


class SignIn(LoginView):
    """The door. A wrong pair is answered 422 at the form; the fifth in a row closes the account for a while."""

    template_name = "core/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        return redirect(signing_in.go_on(self.request, form.get_user(), self.get_success_url()))

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.non_field_errors():
            sign_ins.note_failed_sign_in(username=form.cleaned_data.get("username", ""))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"idle_minutes": settings.SESSION_IDLE_MINUTES, "max_hours": settings.SESSION_MAX_HOURS}
        if settings.DEMO:
            kwargs |= {"demo_accounts": DEMO_ACCOUNTS, "demo_password": settings.DEMO_PASSWORD}
        return super().get_context_data(**kwargs)


class SignOut(LogoutView):
    """Leaves by POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sign_ins.note_sign_out(user=request.user)
        user_pk = request.user.pk
        answer = super().post(request, *args, **kwargs)
        request.session[held_forms.LAST_USER] = user_pk
        return answer


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, every page of mine, and the way out: what the phone has no room for in its header."""
    assert request.user.is_authenticated
    signed_in = queries.sessions_of(request.user)
    here = request.session.session_key
    context = {"signed_in": signed_in, "here": here, "has_factor": signing_in.has_second_factor(request.user)}
    return render(request, "core/account.html", context)


@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one other session of one's own, or all of them."""
    assert request.user.is_authenticated
    here = request.session.session_key or ""
    if which := request.POST.get("which", ""):
        ended = sessions.end_session(user=request.user, named=which, but=here)
        messages.success(request, "那一处已退出。") if ended else messages.info(request, "那一处已经退出了。")
    else:
        count = sessions.end_other_sessions(user=request.user, session_key=here)
        messages.success(request, f"其他 {count} 处都已退出。" if count else "没有别处的登录。")
    return redirect("account")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    if request.method != "POST":
        return render(request, "core/password_change.html", {"form": NewPasswordForm(user=request.user)})
    form = NewPasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "core/password_change.html", {"form": form}, status=422)
    sign_ins.change_password(user=request.user, password=form.cleaned_data["new_password"])
    signing_in.keep_signed_in(request, request.user)
    messages.success(request, "密码已改，其他地方的登录都已退出。")
    return redirect("today")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_again(request: HttpRequest) -> HttpResponse:
    """The password once more, then back to the page that asked for it."""
    if request.method != "POST":
        return reentry.ask_page(request, PasswordAgainForm())
    form = PasswordAgainForm(request.POST)
    return redirect(reentry.way_back(request)) if reentry.check(request, form) else reentry.ask_page(request, form)
