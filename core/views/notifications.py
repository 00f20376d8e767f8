"""Messages to the user: the list, opening one, marking all as read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from core.actions import inbox
from core.models import Notification
from core.paging import keyset_page


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    mine = Notification.objects.filter(recipient=request.user)
    page = keyset_page(mine, order=("-created_at", "-id"), cursor=request.GET.get("cursor"))
    return render(request, "core/notifications.html", {"page": page})


@require_POST
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read and go where it points."""
    assert request.user.is_authenticated
    notification = get_object_or_404(Notification, pk=pk, recipient=request.user)
    inbox.mark_read(notification=notification)
    inside = url_has_allowed_host_and_scheme(notification.url, allowed_hosts=None)
    return redirect(notification.url if inside else "notifications")


@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    count = inbox.mark_all_read(by=request.user)
    messages.success(request, f"{count} 条消息已标为已读。" if count else "没有未读的消息。")
    return redirect("notifications")
