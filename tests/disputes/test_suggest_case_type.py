"""The command's contract: one JSON object for every exit, exit 0 with a suggestion, 2 without a story."""

import json
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from core.management.contract import UnusableInput


def said(*words: str) -> dict:
    out = StringIO()
    call_command("suggest_case_type", *words, stdout=out)
    return json.loads(out.getvalue())


def test_a_loan_is_suggested_with_the_words_that_made_it_think_so():
    shown = said("朋友向我借钱三万元做生意，到期不还本息。")
    assert (shown["suggestions"][0]["case_type"], bool(shown["suggestions"][0]["because"])) == ("private_loan", True)
    assert (shown["suitable"], shown["unsuitable_because"], shown["risk"]) == (True, None, "low")


def test_the_object_has_exactly_the_promised_keys():
    shown = said("对门在公共走廊堆放杂物，影响出入。")
    assert set(shown) == {"suggestions", "suitable", "unsuitable_because", "risk", "risk_because"}
    assert {frozenset(one) for one in shown["suggestions"]} == {frozenset({"case_type", "score", "because"})}
    assert len(shown["suggestions"]) >= 3


def test_a_threat_with_a_knife_is_high():
    assert said("他放话说明天带人拿刀来我家，谁拦砍谁。")["risk"] == "high"


def test_the_story_may_come_from_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", StringIO("老板拖欠我两个月工资。"))
    assert said()["suggestions"][0]["case_type"] == "labour"


@pytest.mark.parametrize("story", ["", "  \n"])
def test_without_a_story_it_leaves_with_two_and_one_object(story):
    out = StringIO()
    with pytest.raises(UnusableInput) as refused:
        call_command("suggest_case_type", story, stdout=out)
    shown = json.loads(out.getvalue())
    assert (refused.value.returncode, shown["suggestions"], "error" in shown) == (2, [], True)
