"""The stories of the demo county: what a clause says and what is to be performed name the same payer."""

import json
import re
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import time_machine

from reports.demo.people_on_stage import post_words
from reports.demo.times import at, hours
from tests.mediation.conftest import at as moment

DEMO = Path(__file__).parent.parent.parent / "reports/demo"
STORIES = json.loads((DEMO / "stories.json").read_text(encoding="utf-8"))
TEXTS = json.loads((DEMO / "texts.json").read_text(encoding="utf-8"))
AGREED = [
    pytest.param(story, id=f"{kind}-{number}")
    for kind, stories in STORIES.items()
    for number, story in enumerate(stories)
    if "clauses" in story
]
PAYS = re.compile(r"\{([ab])\}(?:在[^，。]*?)?(?:再|一次性)?(?:补交|补付|补偿|支付|赔偿|退还|欠付|尚欠|欠)")


@pytest.mark.parametrize("story", AGREED)
def test_the_clause_with_the_sum_names_who_performs_it(story: dict[str, Any]) -> None:
    payers = {who for clause in story["clauses"] if "{amount}" in clause for who in PAYS.findall(clause)}

    assert payers <= {story.get("payer", "b")}


@pytest.mark.parametrize("story", AGREED)
def test_what_is_to_be_performed_is_a_sum_or_said_in_words(story: dict[str, Any]) -> None:
    assert ("act" in story) != ("{amount}" in "".join(story["clauses"]))


@time_machine.travel("2023-09-20 09:00+08:00", tick=False)
def test_nothing_of_the_demo_is_written_down_before_it_is_that_late():
    assert at(date(2023, 9, 19), 15) == moment("2023-09-19 15:00")
    assert at(date(2023, 9, 20), 15) == moment("2023-09-20 09:00")


@pytest.mark.parametrize(("now", "told"), [("00:05", False), ("10:59", False), ("11:00", True), ("23:59", True)])
def test_a_meeting_of_today_has_hours_once_they_are_over(now: str, told: bool) -> None:
    held = time(9, 30), time(11)
    with time_machine.travel(f"2023-09-20 {now}+08:00", tick=False):
        assert hours(date(2023, 9, 19), *held) == held
        assert hours(date(2023, 9, 20), *held) == (held if told else (None, None))


@pytest.mark.parametrize(
    ("home", "grid", "head"),
    [
        ("大南村民委员会", "罗城街道大南村网格员", "罗城街道大南村民委员会 党支部书记、主任"),
        ("细坑社区居民委员会", "罗城街道细坑社区网格员", "罗城街道细坑社区居民委员会 党支部书记、主任"),
    ],
    ids=["a village", "a community"],
)
def test_a_post_names_a_village_or_a_community_as_people_say_it(home: str, grid: str, head: str):
    texts = [post["text"] for post in TEXTS["posts"] if "{village}" in post["text"] or "{committee}" in post["text"]]

    assert sorted(post_words(text, town="罗城街道", home=home) for text in texts) == sorted([grid, head])
