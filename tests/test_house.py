"""Rules over the whole project, read from its own files and registries; each names the place that breaks it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from config.celery import app as celery
from core import documents

ROOT = Path(__file__).parent.parent
APPS = ("core", "roster", "liaison", "disputes", "mediation", "reports")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def python_files() -> tuple[Path, ...]:
    folders = [ROOT / name for name in (*APPS, "config")]
    return tuple(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def template_files() -> tuple[Path, ...]:
    return tuple(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in (".html", ".jinja"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    """Calls of a function or method with that name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


# ── every URL has a door ─────────────────────────────────────────────────────
DOORS = ("/login/", "/manage/login/")  # the second only leads to the first
PUBLIC = {
    "login", "sign-in-code", "sign-in-enrol",  # the two owe a right password first
    "healthz", "readyz",
    "public:point",
    "liaison:duty-calendar",  # opened by its secret alone
}  # fmt: skip
SAMPLES = ("1", "x", "12345678-1234-5678-1234-567812345678", "TP2023-0001")


def sample_path(pattern: Any) -> str:
    """The route with each converter filled by a sample that it takes."""
    route = str(pattern)
    for name, converter in getattr(pattern, "converters", {}).items():
        fitting = next(sample for sample in SAMPLES if re.fullmatch(converter.regex, sample))
        route = re.sub(rf"<(?:\w+:)?{name}>", fitting, route)
    return route


def endpoints(patterns: Any = None, prefix: str = "/", names: str = "") -> Iterator[tuple[str, str, Any]]:
    """(view name, a path that reaches it, the view) of every URL; the admin's own are `admin:…`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + sample_path(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from endpoints(pattern.url_patterns, path, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{names}{pattern.name or path}", path, pattern.callback


def test_only_the_pages_named_here_are_open_to_strangers():
    ours = {name for name, _, view in endpoints() if not getattr(view, "login_required", True)}

    assert {name for name in ours if not name.startswith("admin:")} == PUBLIC


@pytest.mark.django_db
def test_every_other_page_sends_a_stranger_to_the_door(client):
    closed = [(name, path) for name, path, _ in endpoints() if name not in PUBLIC and "(?" not in path]
    let_in = {}
    for name, path in closed:
        for method in ("get", "post"):
            answer = getattr(client, method)(path)
            if answer.status_code != 302 or not answer["Location"].startswith(DOORS):
                let_in[f"{method} {name}"] = answer.status_code

    assert let_in == {}
    assert len(closed) > len(APPS)


# ── models speak Chinese ─────────────────────────────────────────────────────
NO_WORDS_NEEDED = {"SHA-256"}


def own_models() -> list[type[models.Model]]:
    return [model for name in APPS for model in apps.get_app_config(name).get_models()]


def test_every_model_and_every_field_has_a_chinese_name():
    mute = []
    with override("zh-hans"):
        for model in own_models():
            named: list[tuple[str, Any]] = [(model._meta.label, model._meta.verbose_name)]
            for field in model._meta.get_fields():
                if isinstance(field, models.Field) and not field.primary_key:
                    named.append((f"{model._meta.label}.{field.name}", field.verbose_name))
            mute += [
                label for label, words in named if not CHINESE.search(str(words)) and str(words) not in NO_WORDS_NEEDED
            ]

    assert mute == []


def test_every_choice_is_a_chinese_word():
    mute = [
        f"{model._meta.label}.{field.name}: {value}"
        for model in own_models()
        for field in model._meta.fields
        for value, label in field.flatchoices
        if not CHINESE.search(str(label)) and not str(label).isdigit()
    ]

    assert mute == []


def test_every_constraint_is_named_like_its_app_and_says_in_chinese_what_is_wrong():
    wrong = [
        constraint.name
        for model in own_models()
        for constraint in model._meta.constraints
        if not CHINESE.search(str(constraint.violation_error_message))
        or not constraint.name.startswith(model._meta.app_label)
    ]

    assert wrong == []


# ── tasks ────────────────────────────────────────────────────────────────────
@pytest.fixture
def registered() -> set[str]:
    celery.loader.import_default_modules()
    return set(celery.tasks)


def test_every_beat_entry_names_a_registered_task(registered):
    assert {entry["task"] for entry in celery.conf.beat_schedule.values()} - registered == set()


def test_every_enqueued_name_is_a_registered_task(registered):
    unknown = []
    for path in python_files():
        for call in (*calls(path, "enqueue"), *calls(path, "send_task")):
            name = call.args[0] if call.args else None
            if isinstance(name, ast.Constant) and name.value not in registered:
                unknown.append(f"{short(path)}:{call.lineno} {name.value!r}")

    assert unknown == []


def test_every_task_has_an_explicit_name_in_its_app():
    wrong = []
    for path in python_files():
        for call in calls(path, "shared_task"):
            name = next((word.value for word in call.keywords if word.arg == "name"), None)
            app = path.relative_to(ROOT).parts[0]
            if not (
                isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.startswith(f"{app}.")
            ):
                wrong.append(f"{short(path)}:{call.lineno}")

    assert wrong == []


# ── templates ────────────────────────────────────────────────────────────────
CALLED_BY_DJANGO = {f"{status}.html" for status in ("403_csrf", 400, 403, 404, 409, 413, 422, 429, 500)}


@cache
def all_sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (*python_files(), *template_files()))


def overrides_a_package(name: str) -> bool:
    """Whether a package brings a template of this name, which ours replaces."""
    return any((Path(config.path) / "templates" / name).exists() for config in apps.get_app_configs())


def test_every_template_is_used():
    names = [path.relative_to(ROOT / "templates").as_posix() for path in template_files()]
    unused = [
        name
        for name in names
        if name not in CALLED_BY_DJANGO and name not in all_sources() and not overrides_a_package(name)
    ]

    assert unused == []


SUMMARY_BESIDE_A_FORM = re.compile(r'(?<!{% else %}){% include "bootstrap5/errors.html" %}')


def test_what_is_wrong_in_a_form_is_summed_up_once():
    """A whole form brings its summary along; only one laid out field by field, or not shown, needs it named."""
    twice = [
        short(path)
        for path in template_files()
        if "form|crispy }}" in (text := path.read_text(encoding="utf-8")) and SUMMARY_BESIDE_A_FORM.search(text)
    ]

    assert twice == []


INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"hx-on[:=]", re.I),
    "script address": re.compile(r"javascript:|hx-vals\s*=\s*['\"]?js:", re.I),
    "address elsewhere": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_keep_the_strict_policy(what):
    found = [
        f"{short(path)}: {match.group(0)[:60]}"
        for path in template_files()
        for match in INLINE[what].finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize("what", ["style attribute", "style element", "inline script", "event attribute"])
def test_markup_made_in_python_keeps_the_strict_policy(what):
    found = [
        f"{short(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and INLINE[what].search(node.value)
    ]

    assert found == []


# ── Word papers ──────────────────────────────────────────────────────────────
def document_words() -> set[str]:
    """Every string that stands in a module of documents: the keys of the contexts are among them."""
    modules = [path for path in python_files() if "documents" in {path.stem, *path.parts}]
    nodes = [node for path in modules for node in ast.walk(tree(path))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return words | {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}


@pytest.mark.parametrize("name", documents.template_names())
def test_every_variable_of_a_word_template_is_known_to_a_document(name):
    assert documents.template_variables(name) - document_words() == set()


@pytest.mark.parametrize("name", documents.template_names())
def test_every_word_template_is_used(name):
    assert name in all_sources()


# ── the import line, where import-linter cannot look ─────────────────────────
LOOKS_FOR_APPS = {"core/management/commands/load_reference.py"}  # finds what lies above it, by design


def test_nothing_crosses_the_import_line_by_name():
    tricks = []
    for path in python_files():
        own = path.relative_to(ROOT).parts[0]
        for name in ("get_model", "import_module", "import_string", "__import__"):
            for call in calls(path, name):
                target = call.args[0] if call.args else None
                inside = isinstance(target, ast.Constant) and str(target.value).split(".")[0] == own
                if not inside and short(path) not in LOOKS_FOR_APPS:
                    tricks.append(f"{short(path)}:{call.lineno} {name}")

    assert tricks == []


def test_a_foreign_key_points_downward():
    order = {name: place for place, name in enumerate(APPS)}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.fields
        if field.related_model is not None
        and order.get(field.related_model._meta.app_label, 0) > order[model._meta.app_label]
    ]

    assert upward == []


def test_no_app_listens_to_signals():
    listening = [
        f"{short(path)}:{call.lineno}"
        for path in python_files()
        for call in (*calls(path, "receiver"), *calls(path, "connect"))
    ]

    assert listening == []


def test_there_is_no_room_for_odds_and_ends():
    odd = {"utils", "helpers", "services", "signals", "misc", "common"}

    assert [short(path) for path in python_files() if path.stem in odd] == []


# ── what the repository holds ────────────────────────────────────────────────
def test_no_third_party_file_is_kept_among_ours():
    foreign = re.compile(r"\.min\.|bootstrap|htmx|echarts|popper", re.I)
    ours = [path for folder in ("static", "templates") for path in (ROOT / folder).rglob("*.*")]

    assert [short(path) for path in ours if foreign.search(path.name)] == []
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"node_modules/", "var/", ".venv/", ".env"} <= set(ignored)


def test_every_module_says_what_lives_there():
    silent = [
        short(path)
        for path in python_files()
        if path.read_text(encoding="utf-8").strip() and ast.get_docstring(tree(path)) is None
    ]

    assert silent == []


def test_no_file_outgrows_its_reader():
    limits = {".py": 350, ".html": 180, ".jinja": 180}
    long = {
        short(path): lines
        for path in (*python_files(), *template_files())
        if (lines := path.read_text(encoding="utf-8").count("\n")) > limits[path.suffix]
    }

    assert long == {}
