"""Front-end packages: pinned, without addresses, and only what is served is copied."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tools.vendor import FILES, copy_vendor

ROOT = Path(settings.BASE_DIR)
PINNED = {"bootstrap": "5.3.9", "echarts": "6.1.0", "htmx.org": "2.0.11"}
SPRITE = (ROOT / "static/sprite.svg").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS_LINES_MAX = 400


def test_packages_are_pinned_exactly_and_locked_to_the_same():
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    locked = {name: lock["packages"][f"node_modules/{name}"]["version"] for name in PINNED}
    assert (package["dependencies"], locked) == (PINNED, PINNED)


def test_lock_file_names_no_host():
    text = (ROOT / "package-lock.json").read_text()
    assert [word for word in ("resolved", "http", "funding") if word in text] == []


def test_every_package_is_locked_by_its_hash():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    without = [name for name, facts in lock["packages"].items() if name and not facts.get("integrity")]
    assert without == []


@pytest.fixture
def modules(tmp_path) -> Path:
    """A node_modules of small files that name source maps, as the real ones do."""
    for name in FILES:
        file = tmp_path / "node_modules" / name
        file.parent.mkdir(parents=True)
        ending = "/*# sourceMappingURL=x.css.map */" if name.endswith(".css") else "//# sourceMappingURL=x.js.map\n"
        file.write_text(f"/* kept */\n{ending}")
    return tmp_path / "node_modules"


def test_copying_takes_only_the_listed_files_and_cuts_source_maps(modules, tmp_path):
    target = tmp_path / "vendor"
    target.mkdir()
    (target / "stray.js").write_text("old")
    copy_vendor(modules=modules, target=target)
    copied = {file.name: file.read_text() for file in target.iterdir()}
    assert copied == {Path(name).name: "/* kept */\n" for name in FILES}


def test_every_icon_used_in_a_template_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="i-([a-z-]+)"', SPRITE))
    used = {
        name for file in TEMPLATES for name in re.findall(r'{%-? icon "([a-z-]+)"', file.read_text(encoding="utf-8"))
    }
    used |= {
        name
        for file in TEMPLATES
        for name in re.findall(r'{% state_chip "[a-z]+" \S+ "([a-z-]+)"', file.read_text(encoding="utf-8"))
    }
    assert used - drawn == set()


def test_every_static_file_named_in_a_template_exists():
    named = {
        name for file in TEMPLATES for name in re.findall(r'{% static "([^"]+)"', file.read_text(encoding="utf-8"))
    }
    own = {name for name in named if not name.startswith("vendor/")}
    assert {name for name in own if finders.find(name) is None} == set()
    assert named - own <= {f"vendor/{Path(name).name}" for name in FILES}


@pytest.mark.parametrize("word", ["style=", "<style", "onclick=", "hx-on", "javascript:", "http://", "https://"])
def test_templates_keep_to_the_strict_policy(word):
    offending = [
        str(file.relative_to(ROOT))
        for file in TEMPLATES
        if re.search(rf"[\s\"']{re.escape(word)}|^{re.escape(word)}", file.read_text(encoding="utf-8"))
    ]
    assert offending == []


def test_scripts_in_templates_are_files():
    inline = [
        str(file.relative_to(ROOT))
        for file in TEMPLATES
        if re.search(r"<script(?![^>]*\bsrc=)", file.read_text(encoding="utf-8"))
    ]
    assert inline == []


def test_style_sheets_stay_short_enough_to_be_read():
    lengths = {file.name: len(file.read_text().splitlines()) for file in (ROOT / "static/css").glob("*.css")}
    assert {name: length for name, length in lengths.items() if length > CSS_LINES_MAX} == {}


def test_style_sheets_need_no_browser_newer_than_the_floor():
    too_new = re.compile(r"@layer|:has\(|color-mix\(|@container|^\s*&", re.MULTILINE)
    found = {
        file.name: too_new.findall(re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL))
        for file in (ROOT / "static/css").glob("*.css")
    }
    assert {name: words for name, words in found.items() if words} == {}
