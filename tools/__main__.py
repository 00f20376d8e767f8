"""The verbs of the Makefile: setup, run, seed, test, check, bench."""

import os
import sys

from tools import checks, environment, serve, tests
from tools.places import PYTHON, ROOT, StepError, say
from tools.places import run as run_command


def setup() -> None:
    """Environment, packages, database with its reference data."""
    _choose_demo()
    environment.ensure_packages()
    environment.ensure_front_end()
    environment.ensure_database(database_url=os.environ.get("DATABASE_URL", ""))


def run() -> int:
    """Set up what is missing, sow the demo county on the first start, serve."""
    port = serve.port_from_environment()
    serve.make_room(port)
    setup()
    if os.environ.get("DEMO") == "1":
        environment.ensure_demo()
    return serve.serve(port)


def _choose_demo() -> None:
    """Without a .env file this is a trial: the demo county, for the command line from now on too."""
    settings = ROOT / ".env"
    if settings.exists():
        if "DEMO=1" in settings.read_text(encoding="utf-8").split():
            os.environ.setdefault("DEMO", "1")
        return
    os.environ.setdefault("DEMO", "1")
    if os.environ["DEMO"] == "1":
        settings.touch(mode=0o600)
        settings.write_text("# 试用：演示县。正式部署请按 .env.example 改写。\nDEMO=1\n", encoding="utf-8")


def main(words: list[str]) -> int:
    """Returns the exit code: 0 done, 1 refused with a sentence."""
    verb, *rest = words or ["help"]
    try:
        return _do(verb, rest)
    except StepError as failed:
        sys.stderr.write(f"✗ {failed}\n")
        return 1
    except KeyboardInterrupt:
        say("已停下")
        return 0


def _do(verb: str, words: list[str]) -> int:
    if verb == "run":
        return run()
    if verb == "setup":
        setup()
    elif verb == "seed":
        setup()
        return environment.manage("seed_demo", *words)
    elif verb in ("check", "test", "bench"):
        environment.ensure_packages(dev=True)
        environment.ensure_front_end()
        return _verify(verb, words)
    else:
        say("用法：make setup | run | seed | test | check | bench")
    return 0


def _verify(verb: str, words: list[str]) -> int:
    if verb == "check":
        checks.check()
    elif verb == "test":
        tests.test(words)
    else:
        return run_command([PYTHON, "-m", "bench", *words], extra={"DEMO": "1"})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
