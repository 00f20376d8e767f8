"""Files handed over at the counter, one at a time while the form is filled."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core.errors import Refused
from disputes.actions.attachments import stage_file, take_away
from disputes.actions.drafts import ATTACHED
from disputes.views.doors import UNPROCESSABLE, enter


@require_POST
def attachments(request: HttpRequest) -> HttpResponse:
    """Keep one file with the form (`file`), or take one away (`drop_file`); answers with its line of the list."""
    user = enter(request, "disputes.register")
    key = uuid_in(request.POST.get("idempotency_key", ""))
    if unwanted := uuid_in(request.POST.get("drop_file", "")):
        if words := take_away(key=str(key), by=user, file_id=unwanted):
            return render(request, "disputes/_attachment.html", {"words": words}, status=UNPROCESSABLE)
        return HttpResponse("")
    upload = request.FILES.get("file")
    if upload is None or key is None:
        words = "没有收到文件，请重新选。"
        return render(request, "disputes/_attachment.html", {"words": words}, status=UNPROCESSABLE)
    try:
        stored = stage_file(key=str(key), upload=upload, by=user)
    except Refused as refused:
        return render(request, "disputes/_attachment.html", {"words": str(refused)}, status=UNPROCESSABLE)
    return render(request, "disputes/_attachment.html", {"file": stored, "key": key})


def listed(request: HttpRequest) -> list[UUID]:
    """The files that stand on the page."""
    return [pk for one in request.POST.getlist(ATTACHED) if (pk := uuid_in(one))]


def uuid_in(text: str) -> UUID | None:
    """A UUID, or nothing for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
