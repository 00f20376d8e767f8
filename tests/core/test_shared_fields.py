"""A form that reads with the fields of its class leaves them as they are, and is drawn with fields of its own."""

import copy

import pytest
from django import forms

from core.forms import StyledForm


class CountForm(StyledForm, forms.Form):
    shares_fields = True

    count = forms.IntegerField(label="几个")
    day = forms.DateField(label="哪天", required=False)
    kind = forms.ChoiceField(label="哪种", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect, required=False)


def looks(fields) -> dict[str, tuple[object, ...]]:
    """What may be changed about fields."""
    return {
        name: (id(field), dict(field.error_messages), dict(field.widget.attrs), field.required, field.help_text)
        for name, field in fields.items()
    }


@pytest.fixture(autouse=True)
def _the_class_stays_as_it_is():
    before = copy.deepcopy(looks(CountForm.base_fields))
    yield
    assert looks(CountForm.base_fields) == before


def shared(form) -> bool:
    return all(form.fields[name] is field for name, field in CountForm.base_fields.items())


def test_what_is_right_is_read_with_the_fields_of_the_class():
    form = CountForm({"count": "3", "day": "2023-09-20", "kind": "a"})
    assert form.is_valid()
    assert form.cleaned_data["count"] == 3
    assert shared(form)


@pytest.mark.parametrize("draw", [str, lambda form: str(form["count"])])
def test_it_is_drawn_with_its_own(draw):
    form = CountForm({"count": "3"})
    assert form.is_valid()
    draw(form)
    assert not shared(form)
    assert form["kind"].field.widget.attrs["class"] == "form-check-input"
    assert (form["day"].field.widget.input_type, form["count"].value()) == ("date", "3")


def test_what_is_wrong_is_told_in_our_sentences():
    form = CountForm({"count": "drei"})
    assert form.errors == {"count": ["几个要写整数，例如 3。"]}
    assert not shared(form)
    form.fields["count"].widget.attrs["class"] = "is-invalid"
    assert CountForm({"count": "3"}).is_valid()


def test_a_field_changed_before_it_is_read():
    form = CountForm({"count": "", "day": ""})
    form.own("count").required = False
    form.own("day").required = True
    assert form.errors == {"day": ["请填写哪天。"]}
    assert not form.fields["count"].required


def test_one_that_nobody_sent_has_fields_of_its_own():
    assert not shared(CountForm())
    assert not shared(CountForm(initial={"count": 1}))
