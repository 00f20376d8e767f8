"""One's own named filters: kept from the ledger's address, followed, renamed, dropped."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from core.models import User
from disputes import queries
from disputes.actions import saved_filters
from disputes.models import SavedFilter
from disputes.views.doors import UNPROCESSABLE, enter
from disputes.views.ledger import list_page


@require_POST
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the conditions that stand in the address, under the name that was posted."""
    user = enter(request, "disputes.view")
    try:
        kept = saved_filters.save_filter(name=request.POST.get("name", ""), params=request.GET.dict(), by=user)
    except Refused as refused:
        return list_page(request, user, refused=refused, status=UNPROCESSABLE)
    messages.success(request, f"已存为常用筛选「{kept}」。")
    return redirect("disputes:filter", kept.pk)


@require_safe
def filter_follow(request: HttpRequest, saved_filter: UUID) -> HttpResponse:
    """The ledger under a saved filter; what it searches for is sealed anew, as in every address."""
    user = enter(request, "disputes.view")
    kept = _own(user, saved_filter)
    params = dict(kept.params) | {"saved": str(kept.pk)}
    if kept.words:
        params["s"] = queries.sealed_search(user, kept.words)
    return redirect(f"{reverse('disputes:list')}?{urlencode(params)}")


@require_POST
def filter_rename(request: HttpRequest, saved_filter: UUID) -> HttpResponse:
    user = enter(request, "disputes.view")
    kept = _own(user, saved_filter)
    try:
        saved_filters.rename_filter(filter_id=kept.pk, name=request.POST.get("name", ""), by=user)
    except Refused as refused:
        return list_page(request, user, refused=refused, status=UNPROCESSABLE)
    messages.success(request, "已改名。")
    return redirect("disputes:list")


@require_POST
def filter_delete(request: HttpRequest, saved_filter: UUID) -> HttpResponse:
    user = enter(request, "disputes.view")
    kept = _own(user, saved_filter)
    saved_filters.delete_filter(filter_id=kept.pk, by=user)
    messages.success(request, f"已删除常用筛选「{kept}」。")
    return redirect("disputes:list")


def _own(user: User, key: UUID) -> SavedFilter:
    return get_object_or_404(SavedFilter.objects.visible_to(user), pk=key)
