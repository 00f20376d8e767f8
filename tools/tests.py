"""`make test`: the unit tests on every core, then the browser story, or a loud word that it did not run."""

import os
import shutil

from tools.places import BIN, StepError, run, say

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CORES_MAX = 8
NOTHING_COLLECTED = 5
FRAME = "!" * 78
NO_BROWSER = f"""
{FRAME}
没有找到 Chromium：浏览器里的故事【没有】跑。
装上 chromium，或用 CHROMIUM=路径 指给它。
{FRAME}"""


def chromium() -> str | None:
    """The browser of this machine: CHROMIUM, or the first of the usual names."""
    names = filter(None, (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES))
    return next((found for name in names if (found := shutil.which(name))), None)


def test(words: list[str]) -> None:
    """Run everything, or pytest with `words` when some are given. Raises StepError when something did not pass."""
    pytest = str(BIN / "pytest")
    if words:
        if run([pytest, *words]):
            raise StepError("有测试没有通过。")
        return
    say("单元、规则、流程测试")
    # What was migrated for these tests serves the browser's too: it takes as long as a hundred tests.
    failed = run([pytest, "-n", cores(), "--create-db", "--reuse-db", "tests", "--ignore=tests/e2e"])
    failed = browser_story(pytest) or failed
    if failed:
        raise StepError("有测试没有通过。")


def cores() -> str:
    """How many tests run side by side."""
    return str(min(os.cpu_count() or 1, CORES_MAX))


def browser_story(pytest: str) -> int:
    """Exit code of the story tests; without a browser 0 and a loud word, 1 where REQUIRE_BROWSER is set."""
    browser = chromium()
    if browser is None:
        say(NO_BROWSER)
        return 1 if os.environ.get("REQUIRE_BROWSER") else 0
    say(f"浏览器故事（{browser}）")
    code = run(
        [pytest, "-n", cores(), "--maxschedchunk=1", "--reuse-db", "-m", "e2e", "-p", "no:randomly", "tests/e2e"],
        extra={"CHROMIUM": browser},
    )
    return 0 if code == NOTHING_COLLECTED and not os.environ.get("REQUIRE_BROWSER") else code
