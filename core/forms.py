"""The base of every form: our look, Chinese sentences, the browser's own date picker; and the forms of an account."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from unicodedata import normalize

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.forms.formsets import TOTAL_FORM_COUNT
from django.utils import timezone
from django.utils.functional import lazy

from core import field_words
from core.addresses import number_in
from core.errors import Refused
from core.models import User
from core.passwords import in_words
from core.privacy import AmbiguousMaskError, unmask_text

PASSWORD_LENGTH_MAX = 128
ONCE_MORE = "password_once_more"  # stands in the post that it lets through: no form may use the name
_TIMED = (forms.DateTimeInput, forms.DateInput, forms.TimeInput)
_BROWSER_INPUTS: dict[type[forms.Field], tuple[str, str]] = {
    forms.DateTimeField: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.DateField: ("date", "%Y-%m-%d"),
    forms.TimeField: ("time", "%H:%M"),
}


class PlainForm(forms.BaseForm):
    """Mixin for a form that Django draws (the admin's): its refusals are our sentences.

    The words are given when the form is read, so that fields and labels set meanwhile have them too.

    `shares_fields`: a form of many fields, which take longer to be copied than to be read. Posted, it reads with those
    of its class; it has fields of its own, with the words, when something is wrong or as soon as it is drawn. What it
    changes about a field before that, it changes about `own(name)`.
    """

    shares_fields = False
    _shared = _is_reading = _is_cleaning = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        sent = (*args[:2], kwargs.get("data"), kwargs.get("files"))
        if self.shares_fields and any(one is not None for one in sent):
            self._shared = True
            vars(self)["base_fields"] = _NotCopied(self._of_class)  # what Django would copy
        super().__init__(*args, **kwargs)

    @property
    def _of_class(self) -> dict[str, forms.Field]:
        """The fields as they were declared; what an instance adds is not among them."""
        return cast("Any", type(self)).base_fields

    def own(self, name: str) -> Any:
        """A field that is this form's alone, and may be changed."""
        if self.fields[name] is self._of_class.get(name):
            self.fields[name] = copy.deepcopy(self.fields[name])
        return self.fields[name]

    def _take_own(self) -> None:
        self._shared = False
        for name in self.fields:
            self.own(name)
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]  # Django's own

    def __getitem__(self, name: str) -> forms.BoundField:
        if self._shared and not self._is_reading:
            self._take_own()
        return super().__getitem__(name)

    def full_clean(self) -> None:
        if self._shared:
            self._is_reading = True
            try:
                super().full_clean()
            finally:
                self._is_reading = False
            if not self.errors:
                return
            self._take_own()
        for field in self.fields.values():
            field_words.say(field)
        super().full_clean()

    def _clean_fields(self) -> None:
        self._is_cleaning = self._shared
        try:
            super()._clean_fields()  # type: ignore[misc]  # Django's own
        finally:
            self._is_cleaning = False

    def _bound_items(self) -> Iterator[tuple[str, Any]]:
        if not self._is_cleaning:
            yield from super()._bound_items()  # type: ignore[misc]  # Django's own
            return
        for name, field in self.fields.items():
            looks_back = field.disabled or isinstance(field, forms.FileField)  # at what stood before
            yield name, self[name] if looks_back else _Posted(field, self._sent(field, name))

    def _sent(self, field: forms.Field, name: str) -> Any:
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))


@dataclass(slots=True)
class _Posted:
    """What was posted for a field: all that cleaning reads of the BoundField that Django makes to draw it."""

    field: forms.Field
    data: Any


class _NotCopied(dict[str, forms.Field]):
    """The fields of a class, of which Django makes a deep copy for each form: here of the dictionary alone."""

    def __deepcopy__(self, memo: object) -> dict[str, forms.Field]:
        return dict(self)


class PlainFormSet(forms.BaseFormSet):
    """Base of every formset: what is wrong with the whole of it is told in our sentences."""

    default_error_messages = field_words.FORMSET


class GrowingFormSet(PlainFormSet):
    """Rows that can be added one by one without losing what was typed; rows left empty do not count.

    `typed`: what was typed so far, shown again without complaints; `grow`: with one more empty row.
    """

    least = 1

    def __init__(self, *args: Any, typed: Mapping[str, str] | None = None, grow: bool = False, **kwargs: Any) -> None:
        self.typed, self.grow = typed, grow
        super().__init__(*args, **kwargs)

    def total_form_count(self) -> int:
        if self.typed is None:
            return int(super().total_form_count())
        count = self.typed.get(f"{self.prefix}-{TOTAL_FORM_COUNT}", "")
        told = number_in(count)
        return min((self.least if told is None else told) + self.grow, self.absolute_max)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        if self.typed is not None:
            row = {name: f"{self.prefix}-{index}-{name}" for name in self.form.base_fields}
            kwargs["initial"] = {name: self.typed[key] for name, key in row.items() if key in self.typed}
        return kwargs

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if self.grow and index == self.total_form_count() - 1:
            form.fields["text"].widget.attrs["autofocus"] = True


class StyledForm(PlainForm):
    """Mixin for every form: `class IntakeForm(StyledForm, forms.ModelForm)`; render it with `{{ form|crispy }}`.

    `segmented` names radio fields drawn as one row of segments; `mark_optional` writes 可不填 beside
    the label of what may stay empty.
    """

    segmented: tuple[str, ...] = ()
    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._shared:
            self._dress()

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        return helper

    def _take_own(self) -> None:
        super()._take_own()
        self._dress()

    def _dress(self) -> None:
        for field in self.fields.values():
            _use_browser_input(field)
            _dress_choices(field)


class CodeField(forms.RegexField):
    """Digits as a code or a month writes them; full-width ones, as a Chinese keyboard gives them, are understood."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(normalize("NFKC", value) if isinstance(value, str) else value))


def _use_browser_input(field: forms.Field) -> None:
    for kind, (input_type, written_as) in _BROWSER_INPUTS.items():
        if isinstance(field, kind) and isinstance(field.widget, _TIMED):
            field.widget.input_type = input_type
            field.widget.format = written_as
            return


def _dress_choices(field: forms.Field) -> None:
    if isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        field.widget.attrs.setdefault("class", "form-check-input")


def with_numbers_back(field: forms.Field, text: str, original: str) -> str:
    """`text`, typed over the masked `original`, with its numbers back: longer then than when its field was checked.

    Raises ValidationError where nobody can tell which number a mask is, and where the field has no room for them.
    """
    try:
        whole = unmask_text(text, original)
    except AmbiguousMaskError as error:
        raise forms.ValidationError(f"原来有几个号码遮住后都是 {error}，分不清留下的是哪个。请写全。") from error
    longest = getattr(field, "max_length", None)
    if longest is not None and len(whole) > longest:
        raise forms.ValidationError(f"遮住的号码写全后有 {len(whole)} 个字，最多 {longest} 个。请缩短。")
    return whole


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Show a refusal of an action at its field, or above the form when it names none of the form's fields."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


class SignInForm(StyledForm, AuthenticationForm):
    username = UsernameField(
        label="账号", widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "spellcheck": "false"})
    )
    password = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    error_messages = {
        "invalid_login": "账号或密码不对，请再看一遍大小写。连续输错 5 次，账号暂停 15 分钟。",
        "inactive": "这个账号已停用。需要恢复请找管理员。",
        "expired": "这个一次性密码过了有效期。请找管理员重发一个。",
    }

    def confirm_login_allowed(self, user: User) -> None:
        """Said only to who typed the right one-time password: it tells nobody else anything."""
        super().confirm_login_allowed(user)
        if user.one_time_until and user.one_time_until < timezone.now():
            raise forms.ValidationError(self.error_messages["expired"], code="expired")


class NewPasswordForm(StyledForm, forms.Form):
    """The password in hand, and a new one twice."""

    old_password = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password = forms.CharField(
        label="新密码",
        strip=False,
        max_length=PASSWORD_LENGTH_MAX,
        help_text=lazy(in_words, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label="再填一次新密码",
        strip=False,
        max_length=PASSWORD_LENGTH_MAX,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        if not self.user.check_password(password):
            raise forms.ValidationError("现在的密码不对。")
        return password

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        if password == self.cleaned_data.get("old_password"):
            raise forms.ValidationError("新密码不能和现在的一样。")
        password_validation.validate_password(password, self.user)
        return password

    def clean_new_password_again(self) -> str:
        again = str(self.cleaned_data["new_password_again"])
        if again != self.cleaned_data.get("new_password", again):
            raise forms.ValidationError("两次填的新密码不一样。")
        return again


class PasswordAgainForm(StyledForm, forms.Form):
    """One's own password once more."""

    password_once_more = forms.CharField(
        label="您的登录密码",
        strip=False,
        max_length=PASSWORD_LENGTH_MAX,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class CodeForm(StyledForm, forms.Form):
    """Six digits of the authenticator, or a recovery code."""

    code = forms.CharField(
        label="动态验证码",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "one-time-code", "autocapitalize": "characters",
                   "spellcheck": "false"}
        ),
    )  # fmt: skip


class FactorResetForm(StyledForm, forms.Form):
    reason = forms.CharField(
        label="怎样核实了是本人",
        max_length=200,
        help_text="如：本人持工作证到场；会记入审计。",
        widget=forms.TextInput(),
    )
