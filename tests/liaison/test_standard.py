"""The four-ones as a pure rule: each edge from both sides, and the two times."""

from dataclasses import replace
from datetime import date

import pytest

from liaison.choices import CheckLevel, StandardKey, SystemKind
from liaison.standard import Check, Evidence, Facts, Span, Term, Text, point_status, unbroken_since

MAY_18, JUNE_30, JULY_5 = date(2023, 5, 18), date(2023, 6, 30), date(2023, 7, 5)


def span(since: date, until: date | None = None, *, recorded: date | None = None, ended: date | None = None) -> Span:
    return Span(since, until, recorded or since, ended or until)


def texts(*days: date, recorded: date | None = None) -> list[Text]:
    """The texts of the six systems, adopted on the days given; the last day serves for the rest."""
    padded = [*days, *[days[-1]] * (6 - len(days))]
    return [
        Text(kind, span(day, recorded=recorded), n)
        for n, (kind, day) in enumerate(zip(SystemKind, padded, strict=True), 1)
    ]


def county(key: str, on: date = MAY_18, *, recorded: date | None = None, level: str = CheckLevel.COUNTY) -> Check:
    return Check(key, level, on, recorded or on, "司法局 植少华")


COMPLETE = Facts(
    items=[Evidence("office", span(MAY_18), 1, "一楼 102 室"), Evidence("plaque", span(MAY_18), 2)],
    checks=[county("office"), county("plaque"), county("rules")],
    systems=texts(MAY_18),
    officers=[Term("黎志恒", span(date(2023, 4, 3)))],
)


def test_a_point_is_built_from_the_day_the_last_of_the_four_counts():
    status = point_status(COMPLETE, on=JUNE_30)

    assert (status.built, status.built_since, status.missing) == (True, MAY_18, ())


@pytest.mark.parametrize(("on", "built"), [(date(2023, 5, 17), False), (MAY_18, True)], ids=["day before", "the day"])
def test_nothing_counts_before_its_day(on, built):
    assert point_status(COMPLETE, on=on).built is built


def test_an_empty_point_misses_all_four():
    assert point_status(Facts(), on=JUNE_30).missing == (
        StandardKey.OFFICE,
        StandardKey.PLAQUE,
        StandardKey.OFFICER,
        StandardKey.RULES,
    )


# ── checks ───────────────────────────────────────────────────────────────────
def test_self_reported_items_are_met_but_do_not_count():
    status = point_status(replace(COMPLETE, checks=[]), on=JUNE_30)
    office = status.item("office")

    assert (office.met, office.counts, office.level, office.self_reported) == (
        True,
        False,
        CheckLevel.SELF_REPORTED,
        True,
    )
    assert (status.built, status.self_built) == (False, True)


@pytest.mark.parametrize(
    ("checked_on", "built"), [(JUNE_30, True), (date(2023, 7, 1), False)], ids=["on the day", "the day after"]
)
def test_a_check_counts_from_the_day_it_was_made(checked_on, built):
    facts = replace(COMPLETE, checks=[county("office", checked_on), county("plaque"), county("rules")])

    assert point_status(facts, on=JUNE_30).built is built


def test_a_later_spot_check_never_unbuilds_the_past():
    spot = county("office", date(2023, 9, 5), level=CheckLevel.SPOT_CHECK)
    facts = replace(COMPLETE, checks=[*COMPLETE.checks, spot])

    assert point_status(facts, on=JUNE_30).item("office").level == CheckLevel.COUNTY
    assert point_status(facts, on=date(2023, 9, 5)).item("office").level == CheckLevel.SPOT_CHECK


def test_a_check_of_the_old_office_says_nothing_about_the_new_one():
    moved = [Evidence("office", span(MAY_18, date(2023, 6, 1)), 1), Evidence("office", span(date(2023, 6, 1)), 3)]
    status = point_status(replace(COMPLETE, items=[*moved, COMPLETE.items[1]]), on=JUNE_30)

    assert status.item("office").level == CheckLevel.SELF_REPORTED
    assert status.missing == (StandardKey.OFFICE,)


@pytest.mark.parametrize(
    ("on", "expired"), [(date(2024, 5, 17), False), (date(2024, 5, 18), True)], ids=["365 days", "366 days"]
)
def test_a_check_older_than_a_year_warns_and_still_counts(on, expired):
    office = point_status(COMPLETE, on=on).item("office")

    assert (office.check_expired, office.counts) == (expired, True)


# ── rules: the six texts ─────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("sixth", "met"), [(JUNE_30, True), (date(2023, 7, 1), False)], ids=["adopted on the day", "adopted on 07-01"]
)
def test_the_rules_are_met_on_the_day_of_the_sixth_text(sixth, met):
    rules = point_status(replace(COMPLETE, systems=texts(*[MAY_18] * 5, sixth)), on=JUNE_30).item("rules")

    assert (rules.met, rules.since) == (met, sixth if met else None)


def test_a_new_version_leaves_no_day_without_a_text():
    old, *rest = texts(MAY_18)
    amended = [replace(old, span=span(MAY_18, JULY_5)), Text(old.kind, span(JULY_5), 7), *rest]
    status = point_status(replace(COMPLETE, systems=amended), on=JULY_5)

    assert (status.item("rules").counts, status.item("rules").since) == (True, MAY_18)
    assert [system.text_id for system in status.systems] == [7, 2, 3, 4, 5, 6]


def test_a_text_without_successor_breaks_the_rules_and_their_check():
    old, *rest = texts(MAY_18)
    broken = [replace(old, span=span(MAY_18, JUNE_30)), *rest]
    again = [*broken, Text(old.kind, span(JULY_5), 7)]

    assert point_status(replace(COMPLETE, systems=broken), on=JUNE_30).item("rules").met is False
    assert point_status(replace(COMPLETE, systems=again), on=JULY_5).item("rules").self_reported is True


# ── the officer ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("on", "built"),
    [(JUNE_30, True), (JULY_5, True), (date(2023, 7, 6), False)],
    ids=["06-30", "last day 07-05", "07-06"],
)
def test_a_resignation_on_07_05_leaves_06_30_green(on, built):
    term = Term("黎志恒", span(date(2023, 4, 3), date(2023, 7, 6), ended=JULY_5))
    status = point_status(replace(COMPLETE, officers=[term]), on=on)

    assert (status.built, status.missing) == (built, () if built else (StandardKey.OFFICER,))


def test_a_successor_the_next_day_keeps_the_stretch_unbroken():
    terms = [Term("黎志恒", span(date(2023, 4, 3), date(2023, 7, 6))), Term("温国华", span(date(2023, 7, 6)))]
    officer = point_status(replace(COMPLETE, officers=terms), on=date(2023, 9, 20)).officer

    assert (officer.since, officer.names) == (date(2023, 4, 3), ("温国华",))


def test_a_day_without_an_officer_starts_the_stretch_anew():
    terms = [Term("黎志恒", span(date(2023, 4, 3), date(2023, 7, 6))), Term("温国华", span(date(2023, 7, 8)))]
    status = point_status(replace(COMPLETE, officers=terms), on=date(2023, 9, 20))

    assert status.built_since == date(2023, 7, 8)


# ── two times ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("known_on", "built"), [(JULY_5, False), (date(2023, 7, 6), True)], ids=["before it was written", "after"]
)
def test_what_was_written_later_is_not_known_before(known_on, built):
    late = Evidence("plaque", span(MAY_18, recorded=date(2023, 7, 6)), 2)
    facts = replace(COMPLETE, items=[COMPLETE.items[0], late])

    assert point_status(facts, on=JUNE_30, known_on=known_on).built is built


@pytest.mark.parametrize(
    ("known_on", "built"), [(JULY_5, False), (date(2023, 7, 6), True)], ids=["before it was written", "after"]
)
def test_a_check_written_later_is_not_known_before(known_on, built):
    late = county("office", JUNE_30, recorded=date(2023, 7, 6))
    facts = replace(COMPLETE, checks=[late, county("plaque"), county("rules")])

    assert point_status(facts, on=JUNE_30, known_on=known_on).built is built


def test_an_end_written_later_is_not_known_before():
    gone = Evidence("office", span(MAY_18, date(2023, 6, 1), ended=JULY_5), 1)
    facts = replace(COMPLETE, items=[gone, COMPLETE.items[1]])

    assert point_status(facts, on=JUNE_30, known_on=JUNE_30).built is True
    assert point_status(facts, on=JUNE_30, known_on=JULY_5).built is False


@pytest.mark.parametrize(
    ("written", "late"),
    [(date(2023, 5, 25), False), (date(2023, 5, 26), True)],
    ids=["seven days", "eight days"],
)
def test_an_entry_more_than_seven_days_late_is_marked(written, late):
    facts = replace(COMPLETE, items=[Evidence("office", span(MAY_18, recorded=written), 1), COMPLETE.items[1]])
    status = point_status(facts, on=JUNE_30)

    assert (status.late, status.built) == ((StandardKey.OFFICE,) if late else (), True)


# ── stretches ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("spans", "day", "expected"),
    [
        ([], JUNE_30, None),
        ([span(JULY_5)], JUNE_30, None),
        ([span(MAY_18, JUNE_30)], JUNE_30, None),
        ([span(MAY_18, JUNE_30)], date(2023, 6, 29), MAY_18),
        ([span(date(2023, 1, 1)), span(MAY_18, date(2023, 6, 1))], JUNE_30, date(2023, 1, 1)),
        ([span(JUNE_30), span(MAY_18, JUNE_30), span(date(2023, 3, 1), date(2023, 5, 17))], JULY_5, MAY_18),
    ],
    ids=["nothing", "not yet", "ended that day", "its last day", "inside a longer one", "a gap stops it"],
)
def test_the_stretch_goes_back_as_far_as_no_day_is_missing(spans, day, expected):
    assert unbroken_since(spans, day) == expected
