"""The floor's settings, views and WSGI application in one.

/login/, /list/ (session, account, CSRF, 50 rows, a template under a template), /new/ (a model form, one row inserted).
`python -m bench.floor.site` makes the tables, the account bench / bench, and the rows. Environment: FLOOR_URL.
"""

import os
from datetime import date
from typing import Any

import django
import environ
from django.conf import settings

NAME = PASSWORD = "bench"  # noqa: S105 (of made-up rows on this machine)
ROWS, LISTED = 100_000, 50
BASE = """<!doctype html><html lang="zh"><head><meta charset="utf-8">
<title>{% block title %}{% endblock %}</title></head>
<body><nav>{{ user.username }}</nav><main>{% block main %}{% endblock %}</main></body></html>"""
LIST = """{% extends "base.html" %}{% block title %}列表{% endblock %}{% block main %}
<table><thead><tr><th>编号</th><th>镇</th><th>标题</th><th>类型</th><th>金额</th><th>日期</th></tr></thead><tbody>
{% for row in rows %}<tr><td><a href="/row/{{ row.id }}/">{{ row.id }}</a></td><td>{{ row.town }}</td>
<td>{{ row.title }}</td><td>{{ row.kind }}</td><td>{{ row.amount }}</td><td>{{ row.happened|date:"Y-m-d" }}</td></tr>
{% endfor %}</tbody></table>{% endblock %}"""
FORM = """{% extends "base.html" %}{% block title %}表单{% endblock %}{% block main %}
<form method="post">{% csrf_token %}{{ form }}<button>提交</button></form>{% endblock %}"""

settings.configure(
    DEBUG=False,
    SECRET_KEY="of made-up rows on this machine",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__ if __name__ != "__main__" else "bench.floor.site",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    LANGUAGE_CODE="zh-hans",
    TIME_ZONE="Asia/Shanghai",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "bench.floor"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    LOGIN_URL="/login/",
    LOGIN_REDIRECT_URL="/list/",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            (
                                "django.template.loaders.locmem.Loader",
                                {"base.html": BASE, "list.html": LIST, "form.html": FORM},
                            )
                        ],
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ],
            },
        }
    ],
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["FLOOR_URL"]), "CONN_MAX_AGE": 600}},
)
django.setup()

from django import forms
from django.contrib.auth import views as accounts
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from bench.floor.models import Row


class RowForm(forms.ModelForm):
    class Meta:
        model = Row
        fields = ("town", "title", "body", "kind", "amount", "happened")


@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Fifty rows, newest first."""
    return render(request, "list.html", {"rows": Row.objects.order_by("-id")[:LISTED]})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A form, and the row that it makes."""
    form = RowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return HttpResponseRedirect("/list/")
    return render(request, "form.html", {"form": form})


urlpatterns = [
    path("login/", accounts.LoginView.as_view(template_name="form.html")),
    path("list/", listing),
    path("new/", new),
]
application = WSGIHandler()


def set_up() -> None:
    """Tables, account, rows; what is there stays."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    if not User.objects.filter(username=NAME).exists():
        User.objects.create_user(NAME, password=PASSWORD)
    missing = range(Row.objects.count(), ROWS)
    rows: Any = (
        Row(
            town=f"4453811{number % 21:02}",
            title=f"第{number}号纠纷",
            body="双方因相邻排水发生争执，村里的调解员到场。" * 4,
            kind=number % 12,
            amount=number,
            happened=date(2023, 9, 20),
        )
        for number in missing
    )
    Row.objects.bulk_create(rows, batch_size=5000)


if __name__ == "__main__":
    set_up()
