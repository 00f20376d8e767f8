"""An upload sent and its rows mended, as a browser does it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conftest import TAIPING


def send(client, data, *, town=TAIPING, name="名单.xlsx"):
    answer = client.post(reverse("roster:import"), {"file": SimpleUploadedFile(name, data), "town": town})
    return client.get(answer.url)


def say(client, kept, place, *, htmx=False, query="", **fields):
    """Send a row's form; names with `cell_` become `cell-`."""
    fields = {name.replace("cell_", "cell-"): value for name, value in fields.items()}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("roster:import-row", args=[kept.pk, place]) + query, fields, headers=headers)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def look(client, kept, **query):
    return client.get(reverse("roster:import-preview", args=[kept.pk]), query)
