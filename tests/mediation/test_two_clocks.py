"""Both clocks of a ruling on one ruler: accepted 2023-09-12, aimed at 09-27, limit 10-12, read on 09-20."""

from datetime import date, timedelta

from core.models import Deadline
from mediation.two_clocks import two_clocks

BASE, TODAY = date(2023, 9, 12), date(2023, 9, 20)
REST = {date(2023, 9, 16), date(2023, 9, 17), date(2023, 9, 23), date(2023, 9, 24), date(2023, 10, 1)}


def clocks(target: str = "2023-09-27", limit: str = "2023-10-12", today: date = TODAY):
    made = [Deadline(base_event_on=BASE, due_on=date.fromisoformat(day)) for day in (target, limit)]
    return two_clocks(base=BASE, target=made[0], limit=made[1], today=today, rest=REST)


def at(cells, day: str):
    return cells[(date.fromisoformat(day) - BASE).days]


def test_one_cell_a_day_from_acceptance_to_the_limit():
    assert len(clocks()) == 31


def test_each_kind_of_day_has_its_own_look():
    cells = clocks()

    looks = {day: at(cells, day).css for day in ("2023-09-12", "2023-09-13", "2023-09-16", "2023-09-20", "2023-09-21")}
    assert looks == {
        "2023-09-12": "zero",
        "2023-09-13": "past",
        "2023-09-16": "past rest",
        "2023-09-20": "now",
        "2023-09-21": "",
    }
    assert (at(cells, "2023-09-27").css, at(cells, "2023-09-28").css) == ("mark-a", "grace")
    assert (at(cells, "2023-10-01").css, at(cells, "2023-10-12").css) == ("rest grace", "mark-z grace")


def test_the_four_days_that_matter_are_named():
    named = [(cell.label, cell.label_css) for cell in clocks() if cell.label]

    assert named == [
        ("9/12 受理", "dn at-l"),
        ("今天", "up"),
        ("9/27 目标", "dn"),
        ("10/12 法定上限", "dn at-r"),
    ]


def test_labels_that_would_collide_leave_the_limit_standing():
    named = [cell.label for cell in clocks(target="2023-10-10") if cell.label]

    assert named == ["9/12 受理", "今天", "10/12 法定上限"]


def test_a_target_extended_past_the_limit_draws_to_its_own_day():
    cells = clocks(target="2023-10-16")

    assert (len(cells), at(cells, "2023-10-16").css) == (35, "mark-a")


def test_a_day_outside_the_ruler_is_not_named_today():
    assert "今天" not in [cell.label for cell in clocks(today=BASE + timedelta(days=60))]
