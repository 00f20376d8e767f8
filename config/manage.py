"""The configuration pages under /manage/: Django's admin behind our own door, for the role admin only."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.generic import RedirectView

from core.choices import Role
from core.errors import NotAllowed
from core.views.sign_in import SignOut

OWN_APPS = frozenset({"core", "roster", "liaison", "disputes", "mediation", "reports"})


@login_not_required
def to_the_door(request: HttpRequest) -> HttpResponse:
    """There is one door: the sign-in page, with its lock and its trail."""
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


class ManageSite(AdminSite):
    site_header = "法官联络点工作平台　配置"
    site_title = "配置"
    index_title = "要改哪一项"

    def has_permission(self, request: HttpRequest) -> bool:
        """Admins only. Whoever else is signed in is answered 403 before anything is looked up."""
        if request.user.is_authenticated and request.user.role != Role.ADMIN:
            raise NotAllowed("配置由管理员办。要改什么，请告诉管理员。")
        return request.user.is_authenticated and request.user.is_active

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Our own tables only: groups, lock records and devices of other packages have no place here."""
        given = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        own = [model for model in given if model._meta.app_label in OWN_APPS]
        super().register(own, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's pages, with our own door, way out and password page in front of them."""
        own: list[URLPattern | URLResolver] = [
            path("login/", to_the_door, name="login"),
            path("logout/", SignOut.as_view(), name="logout"),
            path("password_change/", RedirectView.as_view(pattern_name="password-change"), name="password_change"),
        ]
        return own + super().get_urls()
