"""Word documents: text stays text, a missing variable is an error, a template names its variables."""

import io
import zipfile

import pytest
from docx import Document
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from core import documents


@pytest.fixture
def template(settings, tmp_path):
    """template("正文 {{ name }}") writes `letter.docx` with these paragraphs."""
    settings.WORD_TEMPLATE_DIR = tmp_path

    def write(*paragraphs: str) -> None:
        letter = Document()
        for text in paragraphs:
            letter.add_paragraph(text)
        letter.save(str(tmp_path / "letter.docx"))

    return write


def paragraphs(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_values_stand_where_the_template_names_them(template):
    template("申请人：{{ name }}", "{%p for line in clauses %}", "{{ line }}", "{%p endfor %}")

    made = documents.render_docx("letter.docx", {"name": "榃滨镇 𣸣某", "clauses": ["一、还款", "二、息诉"]})

    assert paragraphs(made) == ["申请人：榃滨镇 𣸣某", "一、还款", "二、息诉"]


def test_markup_in_a_value_stays_text(template):
    template("{{ story }}")
    story = '<w:p>甲 & 乙</w:p> {{ secret }} "引号"'

    assert paragraphs(documents.render_docx("letter.docx", {"story": story})) == [story]


def test_a_line_break_in_a_value_is_one_on_paper(template):
    template("{{ story }}")

    made = documents.render_docx("letter.docx", {"story": "第一行\n第二行"})

    assert paragraphs(made) == ["第一行\n第二行"]
    assert b"<w:br/>" in zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")


def test_a_missing_variable_is_an_error(template):
    template("{{ name }} {{ town }}")

    with pytest.raises(UndefinedError, match="town"):
        documents.render_docx("letter.docx", {"name": "甲"})


def test_a_template_cannot_reach_into_python(template):
    template("{{ name.__class__.__mro__ }}")

    with pytest.raises((SecurityError, UndefinedError)):
        documents.render_docx("letter.docx", {"name": "甲"})


def test_a_template_names_its_variables(template):
    template("{{ name }}", "{%p for line in clauses %}", "{{ line }}", "{%p endfor %}")

    assert documents.template_variables("letter.docx") == {"name", "clauses"}
    assert documents.template_names() == ["letter.docx"]


@pytest.mark.parametrize("name", ["other.docx", "../letter.docx/../secret.docx"])
def test_a_template_that_is_not_there_is_an_error(template, name):
    template("x")

    with pytest.raises(FileNotFoundError):
        documents.render_docx(name, {})
