"""LibreOffice as the other office suite of the tests: what it opens and what it saves."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# A CSV filter: comma, quotes, UTF-8, from line 1, cells as shown.
FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "xls": "xls:MS Excel 97",
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1",
}
PATIENCE = 300  # seconds: the first start writes a whole profile


def need_office() -> str:
    """Where the program stands. Without it the test is skipped loudly, and fails where the services are required."""
    program = shutil.which("soffice")
    if program:
        return program
    missing = "LibreOffice (soffice) is not installed: what it opens and saves is NOT tested"
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(missing)
    pytest.skip(missing)


def saved_as(ending: str, *files: Path) -> list[Path]:
    """The files as LibreOffice saves them in another format, in a folder beside the first."""
    folder = files[0].parent / f"as-{ending}"
    profile = f"-env:UserInstallation={(files[0].parent / 'office-profile').as_uri()}"
    wanted = FILTERS.get(ending, ending)
    command = [need_office(), profile, "--headless", "--convert-to", wanted, "--outdir", str(folder)]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=PATIENCE)
    return [folder / f"{file.stem}.{ending}" for file in files]
