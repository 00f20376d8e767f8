"""入驻调解平台 as a pure rule: who is to enter the court's platform, and the share of those who have."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roster.choices import TeamRole

# 罗政发〔2023〕3号 四（一）3: 调解员、网格员、镇（街）干部、村（社区）干部以及其他基层解纷人员入驻调解平台.
# In a team these are the mediators and the liaison officer; judges and assistants work on the court's side of it.
ENTERING = (TeamRole.MEDIATOR, TeamRole.LIAISON_OFFICER)
EARLIEST = date(2018, 1, 1)  # the platform went on line in 2018


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a town who is to enter; the day they did and the day that was written down, if they did."""

    person: object
    on: date | None
    recorded_on: date | None

    def there(self, on: date, known_on: date | None = None) -> bool:
        """Whether they were on the platform on `on`, as the books stood on `known_on` (default: now)."""
        if self.on is None or self.recorded_on is None:
            return False
        return self.on <= on and (known_on is None or self.recorded_on <= known_on)


@dataclass(frozen=True, slots=True)
class Share:
    """入驻率: how many of how many."""

    entered: int
    wanted: int

    @property
    def missing(self) -> int:
        return self.wanted - self.entered

    @property
    def complete(self) -> bool:
        return self.wanted > 0 and self.entered == self.wanted


def share(entries: Iterable[Entry], on: date, known_on: date | None = None) -> Share:
    """The share on a day; a person counts once, however many seats they hold."""
    people = {entry.person: entry.there(on, known_on) for entry in entries}
    return Share(sum(people.values()), len(people))
