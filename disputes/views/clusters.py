"""Clusters: the list, one with its disputes, signing for it, closing it; and the slot on a dispute's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.access import allowed, require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from disputes.actions.clusters import WHO_CLOSES, acknowledge_cluster, close_cluster
from disputes.forms.steps import CloseForm
from disputes.models import ClusterWarning
from disputes.queries import clusters as reads
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter, open_file

VIEW = "disputes.view_clusters"


@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """The warnings of the user's divisions, open or (`?closed=1`) closed."""
    user = enter(request, VIEW)
    closed = request.GET.get("closed") == "1"
    page = reads.cluster_page(user, closed=closed, cursor=request.GET.get("cursor", ""))
    return render(request, "disputes/clusters.html", {"page": page, "closed": closed, "limits": reads.limits_now()})


@require_safe
def cluster(request: HttpRequest, pk: int) -> HttpResponse:
    """One warning with those of its disputes that the user may see."""
    user = enter(request, VIEW)
    return _page(request, user, reads.get_cluster(user, pk), CloseForm())


def _page(
    request: HttpRequest, user: User, found: ClusterWarning, form: CloseForm, status: int = 200, refused: Any = None
) -> HttpResponse:
    members = reads.members_page(user, found, cursor=request.GET.get("cursor", ""))
    context = {
        "cluster": found,
        "members": members,
        "towns": reads.towns_of(user, found),
        "form": form,
        "refused": refused,
        "may_acknowledge": not found.acknowledged_at and allowed(user, "disputes.acknowledge_cluster", found),
        "may_close": allowed(user, "disputes.close_cluster", found),
    }
    return render(request, "disputes/cluster.html", context, status=status)


@require_POST
def cluster_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for a warning."""
    user = enter(request, "disputes.acknowledge_cluster")
    found = reads.get_cluster(user, pk)
    try:
        acknowledge_cluster(cluster_id=found.pk, by=user)
    except Refused as refused:
        return _page(request, user, reads.get_cluster(user, pk), CloseForm(), _status(refused), refused)
    messages.success(request, "已签收。")
    return redirect(found)


@require_POST
def cluster_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a warning with a reason."""
    user = enter(request, "disputes.close_cluster")
    found = reads.get_cluster(user, pk)
    require(user, "disputes.close_cluster", found, message=WHO_CLOSES)
    form, status = CloseForm(request.POST), UNPROCESSABLE
    if form.is_valid():
        try:
            close_cluster(cluster_id=found.pk, reason=form.cleaned_data["reason"], by=user)
            messages.success(request, "已了结。")
            return redirect("disputes:clusters")
        except Refused as refused:
            add_refusal(form, refused)
            status = _status(refused)
    return _page(request, user, reads.get_cluster(user, pk), form, status)


def _status(refused: Refused) -> int:
    return CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE


@require_safe
def warnings_of(request: HttpRequest, code: str) -> HttpResponse:
    """The open warnings a dispute stands in: a slot of its page."""
    user, dispute = open_file(request, code, "disputes.view")
    clusters = reads.clusters_of(user, dispute)
    return render(request, "disputes/_clusters.html", {"dispute": dispute, "clusters": clusters})
