"""Word documents from templates that a clerk can edit in Word or WPS; a missing variable is an error.

What fills them in (docxtpl, seven megabytes) is loaded by the first that is drawn up, not by every process.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def template_names() -> list[str]:
    """Every Word template of the project, without folder."""
    return sorted(path.name for path in Path(settings.WORD_TEMPLATE_DIR).glob("*.docx"))


def render_docx(template_name: str, context: Mapping[str, str | list[Any]]) -> bytes:
    """The document as bytes. A line break in a value is one on paper; what looks like markup stays text.

    Raises jinja2.UndefinedError for a variable that the context lacks.
    """
    document = _open(template_name)
    document.render(dict(context), jinja_env=_environment())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def template_variables(template_name: str) -> set[str]:
    """Names of the variables a template asks for."""
    return set(_open(template_name).get_undeclared_template_variables(jinja_env=_environment()))


def _open(template_name: str) -> Any:
    path = Path(settings.WORD_TEMPLATE_DIR) / Path(template_name).name
    if not path.is_file():
        raise FileNotFoundError(f"no Word template {template_name}")
    from docxtpl import DocxTemplate  # noqa: PLC0415 (see above)

    return DocxTemplate(path)


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
