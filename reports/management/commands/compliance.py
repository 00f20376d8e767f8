"""The dated targets and every town's standing, as of a day, as known on a day."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from core.clock_face import cn_full_date
from core.documents import render_docx
from core.management.contract import ContractCommand, DataRefused, UnusableInput, as_json, iso_date
from core.models import Division
from core.queries import today
from core.spreadsheets import write_workbook
from liaison.queries import towns
from reports import documents
from reports.models import Target
from reports.queries.targets import Standing, standing

JSON, XLSX, DOCX = "json", "xlsx", "docx"
STANDARD_OUTPUT = "-"


class Command(ContractCommand):
    """JSON goes to standard output; a workbook or a Word file to `--output`, whose path is then the answer.

    Without `--output` the file is named by its day and stands in the current folder. A file that is there already
    is left alone unless `--overwrite` says otherwise.
    """

    help = "截至某一天，方案各项目标和各镇（街）的完成情况。"
    json_only = True
    empty = {"as_of": None, "known_on": None, "targets": [], "towns": []}

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--as-of", type=iso_date, default=None, metavar="DATE", help="截至哪一天，默认今天")
        parser.add_argument("--known-on", type=iso_date, default=None, metavar="DATE", help="按哪一天已经录入的情况")
        parser.add_argument("--town", metavar="CODE", help="只看一个镇（街），九位代码")
        parser.add_argument("--format", choices=(JSON, XLSX, DOCX), default=JSON, help="json、xlsx 或 docx")
        parser.add_argument(
            "--output",
            metavar="FILE",
            help="xlsx、docx 写到哪里；- 是标准输出；不写则放在当前文件夹，名为 compliance-截至日",
        )
        parser.add_argument("--overwrite", action="store_true", help="文件已经有了也覆盖")

    def handle(self, **options: Any) -> None:
        on, known_on = options["as_of"] or today(), options["known_on"]
        if on > today():
            raise UnusableInput(f"截至日不能晚于今天（{cn_full_date(today())}）。")
        if options["format"] == JSON and options["output"]:
            raise UnusableInput("--output 用在 xlsx、docx；json 直接打印，不写文件。")
        codes = [self._town(options["town"]).code] if options["town"] else [settings.COUNTY_CODE]
        found = standing(codes, on, known_on=known_on)
        self._check(found)
        if options["format"] == JSON:
            self.stdout.write(as_json(documents.as_json(found, known_on)))
        else:
            data = _file(found, known_on, options["format"])
            self._write(data, found, options)

    def _town(self, code: str) -> Division:
        town = towns().filter(code=code).first()
        if town is None:
            raise UnusableInput(f"没有代码为「{code}」的镇（街）。")
        return town

    def _check(self, found: Standing) -> None:
        if not found.towns:
            raise DataRefused("还没有镇（街）。先运行 manage.py load_reference。")
        if not Target.objects.exists():
            raise DataRefused("还没有目标。先运行 manage.py load_reference。")

    def _write(self, data: bytes, found: Standing, options: dict[str, Any]) -> None:
        """To standard output, or to a file whose whole path is told."""
        if options["output"] == STANDARD_OUTPUT:
            sys.stdout.buffer.write(data)
            return
        path = Path(options["output"] or f"compliance-{found.on}.{options['format']}").resolve()
        try:
            with path.open("wb" if options["overwrite"] else "xb") as file:
                file.write(data)
        except FileExistsError as error:
            message = f"「{path}」已经有了，没有覆盖。换一个名字写在 --output 后面，或者加 --overwrite。"
            raise UnusableInput(message) from error
        except OSError as error:
            raise UnusableInput(f"写不进「{path}」：{error.strerror}。") from error
        self.stderr.write(f"已写到 {path}")
        self.stdout.write(as_json({"as_of": found.on.isoformat(), "file": str(path), "bytes": len(data)}))


def _file(found: Standing, known_on: date | None, kind: str) -> bytes:
    if kind == XLSX:
        return write_workbook(documents.as_sheets(found, known_on))
    return render_docx("compliance.docx", documents.as_context(found, known_on))
