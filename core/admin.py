"""Configuration of core's own things under /manage/: accounts, divisions, rest days, rules of periods.

Every change stands in the audit trail; what the admin edits is never overwritten by `load_reference`.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from core import reentry
from core.actions import audit
from core.actions.deadlines import recount_open
from core.actions.sessions import end_all_sessions
from core.choices import Role
from core.forms import PlainForm
from core.models import CalendarYear, DeadlineRule, Division, RestDay, User, UserScope

SHOWN = 10  # moved deadlines named in the message; the trail holds all


class AuditedAdmin(admin.ModelAdmin):
    """Writes who changed which columns; values that are personal never enter the trail. Refuses in our sentences."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: type[Any] = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (PlainForm, form), {})

    def save_model(self, request: HttpRequest, obj: models.Model, form: "ModelForm[Any]", change: bool) -> None:
        if "edited" in {field.name for field in obj._meta.fields}:
            obj.edited = True  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        assert request.user.is_authenticated
        verb = "change" if change else "add"
        audit.record(f"manage.{verb}", by=request.user, subject=obj, detail={"fields": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        assert request.user.is_authenticated
        audit.record("manage.delete", by=request.user, subject=obj, detail={"was": str(obj)})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> None:
        for each in queryset:
            self.delete_model(request, each)


class CalendarAdmin(AuditedAdmin):
    """A change of the calendar counts every open deadline anew and says which moved."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: "ModelForm[Any]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._recount(request)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)
        self._recount(request)

    def _recount(self, request: HttpRequest) -> None:
        assert request.user.is_authenticated
        moved = recount_open(by=request.user)
        days = "；".join(f"{each.deadline}：{each.old:%m-%d} 改为 {each.new:%m-%d}" for each in moved[:SHOWN])
        self.message_user(request, f"日历变了，{len(moved)} 个没有了结的期限跟着动。{days}")


class ScopeInline(admin.TabularInline):
    model = UserScope
    extra = 1
    autocomplete_fields = ["division"]


@admin.register(User)
class AccountAdmin(AuditedAdmin, UserAdmin):
    """Accounts: role, unit, what they see. They are switched off, never deleted: the trail names them."""

    list_display = ("username", "name", "role", "unit", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "name", "unit")
    ordering = ("username",)
    inlines = [ScopeInline]
    filter_horizontal = ()
    change_form_template = "core/account_change.html"
    add_form_template = None  # Django's has an English sentence and leaves the rest for later
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "role", "unit")}),
        ("登录", {"fields": ("is_active", "must_change_password", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2", "name", "role", "unit", "must_change_password")}),
    )
    readonly_fields = ("last_login",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"must_change_password": True, **super().get_changeform_initial_data(request)}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Roles are changed here: the password is asked for once more."""
        if self.has_view_permission(request) and (asked := reentry.ask_password(request)):
            return asked
        return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: models.Model, form: "ModelForm[Any]", change: bool) -> None:
        """Switching an account off, or changing what it may do, ends its sessions at once."""
        assert isinstance(obj, User)
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMIN
        if "is_active" in form.changed_data:
            obj.closed_with_term = False
        super().save_model(request, obj, form, change)
        if change and {"is_active", "role"} & set(form.changed_data):
            end_all_sessions(obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A password set here is a temporary one: its owner must change it at the next sign-in."""
        if self.has_change_permission(request) and (asked := reentry.ask_password(request)):
            return asked
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            assert request.user.is_authenticated
            owner = User.objects.get(pk=id)
            owner.must_change_password = True
            owner.save(update_fields=["must_change_password"])
            end_all_sessions(owner)
            audit.record("password.reset", by=request.user, subject=owner)
        return answer

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        return False


@admin.register(Division)
class DivisionAdmin(AuditedAdmin):
    list_display = ("code", "name", "level", "parent", "short_code", "population")
    list_filter = ("level", "is_statistical_only")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 (Django's signature)
        return False


@admin.register(RestDay)
class RestDayAdmin(CalendarAdmin):
    list_display = ("date", "kind", "name", "source", "edited")
    list_filter = ("kind",)
    date_hierarchy = "date"
    readonly_fields = ("edited",)


@admin.register(CalendarYear)
class CalendarYearAdmin(CalendarAdmin):
    list_display = ("year", "source")


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(AuditedAdmin):
    list_display = ("title", "key", "length", "unit", "basis", "valid_from", "valid_to", "enabled", "certainty")
    list_filter = ("enabled", "certainty", "actor")
    search_fields = ("key", "title", "basis")
    readonly_fields = ("edited",)
