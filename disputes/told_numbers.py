"""Identity and telephone numbers typed into a story: which they are, and the story with one of them masked. Pure."""

from dataclasses import dataclass

from core.number_patterns import ID_IN_TEXT
from core.privacy import mask_id_number, mask_phone, number_of, numbers_in_text

ID_NUMBER, PHONE = "id_number", "phone"
SAID = {ID_NUMBER: "证件号码", PHONE: "电话"}


@dataclass(frozen=True)
class ToldNumber:
    """A number in a story; `field` is the party's field it belongs in, `masked` its name on screen and in a form.

    Gaps and full-width digits, as it may stand there, are no part of the number.
    """

    field: str
    number: str
    at: int

    @property
    def masked(self) -> str:
        return mask_id_number(self.number) if self.field == ID_NUMBER else mask_phone(self.number)

    @property
    def label(self) -> str:
        return SAID[self.field]


def numbers_in(story: str) -> tuple[ToldNumber, ...]:
    """The numbers of a story in their order, each once."""
    found = [
        ToldNumber(ID_NUMBER if one.re is ID_IN_TEXT else PHONE, number_of(one), one.start())
        for one in numbers_in_text(story)
    ]
    once = {one.number: one for one in sorted(found, key=lambda one: -one.at)}
    return tuple(sorted(once.values(), key=lambda one: one.at))


def called(story: str, masked: str) -> ToldNumber | None:
    """The first number of the story that looks like this when masked."""
    return next((one for one in numbers_in(story) if one.masked == masked), None)


def without(story: str, told: ToldNumber) -> str:
    """The story with this number masked wherever it stands: the sentence stays readable, the number is gone."""
    parts, end = [], 0
    for one in sorted(numbers_in_text(story), key=lambda one: one.start()):
        if number_of(one) == told.number:
            parts += [story[end : one.start()], told.masked]
            end = one.end()
    return "".join([*parts, story[end:]])
