"""A real Chromium in front of the live server; every page is watched for errors and policy violations."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, sync_playwright

from tests.e2e.kept import Kept, county_of

# The sync API runs an event loop in the test's thread, in which Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SHOTS = Path(os.environ.get("SHOTS_DIR", "test-results/shots"))
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation',
  e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));
"""

SPILLS = """
() => [...document.querySelectorAll('main .sheet')].flatMap(sheet => {
  const edge = sheet.getBoundingClientRect().right + 1;
  const scrolls = e => e !== sheet && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX)
    || scrolls(e.parentElement));
  return [...sheet.querySelectorAll('*')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1 && !e.closest('svg, .due-card, .menu-list')
      && e.getBoundingClientRect().right > edge && !scrolls(e.parentElement))
    .slice(0, 1).map(e => `${e.tagName}.${e.className} ${e.innerText}`.slice(0, 80));
})
"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
TALLEST = 6000


def chromium_path() -> str | None:
    """Where Debian's Chromium stands, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and no Chromium was found")
        pytest.skip("no Chromium on this machine: the browser story was NOT tested")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        )
        yield started
        started.close()


class Desk:
    """One person's browser: signs in through the form, and remembers what went wrong on the way."""

    def __init__(self, browser: Browser, base_url: str, viewport: dict[str, int]) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=base_url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=viewport, accept_downloads=True
        )
        self.context.add_init_script(WATCH)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._heard)
        self.page.on("response", self._answered)

    def _heard(self, message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "Failed to load resource" not in text:
            self.problems.append(f"console: {text}")

    def _answered(self, response: object) -> None:
        if getattr(response, "status", 0) >= 500:
            self.problems.append(f"{getattr(response, 'status', 0)} {getattr(response, 'url', '')}")

    def sit(self, username: str) -> "Desk":
        """Sign in with an account of the demo county."""
        self.sign_in(username, project.DEMO_PASSWORD)
        return self

    def go(self, path: str) -> int:
        """Open a page; returns its status."""
        answer = self.page.goto(path)
        return answer.status if answer else 0

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto("/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.locator("main form button[type=submit], form button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def shot(self, name: str) -> None:
        """A picture of the whole page for the eye; kept under test-results/shots."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        # the caret is left alone: hiding it would be an inline style, which the policy reports
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True, caret="initial")

    def look(self, name: str) -> None:
        """The page at both widths: a picture of each, nothing wider than the window, nothing out of its sheet."""
        own = self.page.viewport_size
        self.page.wait_for_load_state()  # before its style sheets are there a page has another width
        for window in (DESKTOP, PHONE):
            self.resize(window)
            assert (name, window["width"], self.width_overflow(), self.spills()) == (name, window["width"], 0, [])
            self.page.set_viewport_size({**window, "height": max(window["height"], self.height())})
            self.shot(f"{name}-{window['width']}")
        self.page.set_viewport_size(own or DESKTOP)

    def resize(self, window: dict[str, int]) -> None:
        """Another width; charts redraw themselves in the frames that follow."""
        self.page.set_viewport_size(window)
        self.page.wait_for_function(f"() => window.innerWidth === {window['width']}")
        self.page.evaluate(TWO_FRAMES)

    def height(self) -> int:
        return min(self.page.evaluate("() => document.documentElement.scrollHeight"), TALLEST)

    def spills(self) -> list[str]:
        """What sticks out of its sheet at the right, in words."""
        found: list[str] = self.page.evaluate(SPILLS)
        return found

    def download(self, button: Locator, folder: Path) -> Path:
        """Press a button that hands over a file, and keep it."""
        with self.page.expect_download() as waiting:
            button.click()
        handed: Download = waiting.value
        kept = folder / handed.suggested_filename
        handed.save_as(kept)
        return kept

    def width_overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def leave(self) -> list[str]:
        self.problems += [f"csp: {text}" for text in self.page.evaluate("() => window.violations || []")]
        self.context.close()
        return self.problems


class Office:
    """Opens browser windows and keeps them, so that a failing test can show what each one saw."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser, self.base_url = browser, base_url
        self.desks: list[Desk] = []

    def __call__(self, viewport: dict[str, int] = DESKTOP) -> Desk:
        self.desks.append(Desk(self.browser, self.base_url, viewport))
        return self.desks[-1]


@pytest.fixture
def open_desk(browser: Browser, live_server) -> Iterator[Office]:
    """`open_desk(viewport)` gives a fresh browser window; at the end of the test no window may have had a problem."""
    office = Office(browser, live_server.url)
    yield office
    problems = [problem for desk in office.desks for problem in desk.leave()]
    assert problems == []


KEPT = pytest.StashKey[Kept]()


@pytest.fixture
def county(settings, transactional_db, pytestconfig, tmp_path_factory) -> None:
    """The demo county, small: every account, team and point, and a dozen disputes."""
    settings.DEMO = True
    kept = pytestconfig.stash.get(KEPT, None)
    pytestconfig.stash[KEPT] = county_of(kept, kept.folders if kept else tmp_path_factory.mktemp("county"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """On failure, keep a picture of every open window."""
    report = yield
    office = getattr(item, "funcargs", {}).get("open_desk")
    if report.when == "call" and report.failed and office:
        for number, desk in enumerate(office.desks):
            desk.shot(f"failed-{item.name}-{number}")
    return report
