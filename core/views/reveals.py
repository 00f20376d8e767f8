"""The answer to who asks for a masked field in clear: the field, or the form again with what was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refused
from core.forms import add_refusal

UNPROCESSABLE = 422
FRAGMENT = "components/revealed.html"


def reveal_answer(
    request: HttpRequest,
    form: forms.Form,
    show: Callable[[str, str], str],
    *,
    labels: Mapping[str, str],
    page: str,
    told: dict[str, Any],
) -> HttpResponse:
    """A fragment for htmx, else the page `page`, with `told` and its `key`, the row asked about.

    `show` takes the form's field and reason and returns the clear text, or raises Refused. `labels` names the fields
    that can be asked for. A fragment that refuses takes the place of the form alone: the mask beside it stays.
    """
    field = request.POST.get("field", "")
    context = told | {"form": form, "field": field, "label": labels.get(field, ""), "url": request.path}
    context["is_phone"] = field.endswith("phone")
    if form.is_valid():
        try:
            context["value"] = show(form.cleaned_data["field"], form.cleaned_data["reason"])
        except Refused as refused:
            add_refusal(form, refused)
    fragment = bool(request.headers.get("HX-Request"))
    status = UNPROCESSABLE if form.errors else 200
    answer = render(request, FRAGMENT if fragment else page, context, status=status)
    if fragment and form.errors:
        answer["HX-Retarget"] = "this"
    return answer
