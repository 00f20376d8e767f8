"""Fields that understand what people type: money, days, long text; and a refusal turned into a field's error."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from core.errors import Refused
from disputes.amounts import read_about, read_amount, why_unread

UNSHOWABLE = RegexValidator(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]",
    inverse_match=True,
    message="里面有不能显示的字符，请删掉后重新填。",
)
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


@contextmanager
def refusals() -> Iterator[None]:
    """A Refused raised inside becomes the error of the field being cleaned."""
    try:
        yield
    except Refused as refused:
        raise forms.ValidationError(str(refused)) from refused


class TextField(forms.CharField):
    """Text of one line, or of many with `rows`; line ends are one character each, as the browser counts them."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.validators.insert(0, UNSHOWABLE)

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text


class DayField(forms.DateField):
    """A day, from the browser's picker or typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault("error_messages", {"invalid": "日期写法不对，请写成 2023-09-20，农历请换成公历。"})
        super().__init__(**kwargs)


class MoneyField(forms.Field):
    """48000, 48,000, 4.8万, 48000元, 三万元 → Decimal; what cannot be told for certain is refused with examples.

    `about`: a sum that is about so much (五万左右) is taken as the number it names.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, about: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.about = about

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        if text.startswith(("-", "－")):
            raise forms.ValidationError(f"{self._called()}不能是负数。")
        amount = read_about(text) if self.about else read_amount(text)
        if amount is None:
            raise forms.ValidationError(why_unread(text, about=self.about))
        return amount

    def _called(self) -> str:
        """The label without its unit: 金额 for 金额（元）."""
        return str(self.label or "金额").partition("（元")[0]
