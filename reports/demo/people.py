"""Made-up people: names put together at random, identity numbers with a right check digit, telephone numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

SURNAMES = "陈李黄张梁林刘吴何杨谭莫邓罗欧曾沈苏彭范潘赖温区植冼"
GIVEN_FIRST = "志文国建伟永家少子嘉俊晓丽秀美桂玉春水伯月雪思彩金"
GIVEN_LAST = "恒强明华旺坚辉宁桐芬兰珍英莲生荣添源锋敏霞娟婷欣朗贤"
FIRST_BIRTH, BIRTH_DAYS = date(1955, 1, 1), 16_000
WOMEN_ENDINGS = frozenset("芬兰珍英莲敏霞娟婷欣岚")


@dataclass(frozen=True)
class Person:
    """`sex` is male or female; `id_number` has 18 characters and a right check digit; `phone` has 11 digits."""

    name: str
    sex: str
    born_on: date
    id_number: str
    phone: str


class Crowd:
    """Hands out people, each name and number once, the same for the same seed."""

    def __init__(self, random: Random, *, region: str) -> None:
        self._random, self._region = random, region
        self._taken: set[str] = set()
        self._serial = 0

    def _name(self) -> str:
        pick = self._random.choice
        while True:
            name = pick(SURNAMES) + pick(GIVEN_FIRST) + pick(GIVEN_LAST)
            if name not in self._taken:
                self._taken.add(name)
                return name

    def person(self, name: str | None = None) -> Person:
        """The next person, named at random or as given; sex follows the ending, the birthday lies in 1955 to 1998."""
        name = name or self._name()
        sex = "female" if name[-1] in WOMEN_ENDINGS else "male"
        born_on = FIRST_BIRTH + timedelta(days=self._random.randrange(BIRTH_DAYS))
        self._serial += 1
        order = (self._serial * 2) % 998 + (1 if sex == "male" else 0)
        body = f"{self._region}{born_on:%Y%m%d}{order:03d}"
        phone = f"13{self._random.choice('56789')}0000{self._serial % 10_000:04d}"
        return Person(name, sex, born_on, body + ric.calc_check_digit(body + "0"), phone)
