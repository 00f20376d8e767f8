"""What triage must say of stories that were once read wrongly. How often it is right in all: `make bench`."""

import pytest

from disputes.triage import suggest


@pytest.mark.parametrize(
    "story",
    [
        "在太平圩，我借给他五万元做生意，写了欠条，到期只还两千。前日我去追，他儿子讲再来就打断我的腿。",
        "我儿子和他儿子打架，他儿子打伤我儿子的头，住院三天，要赔医药费。",
        "欠我工资的老板讲，再来讨就叫他儿子打断我的手。",
        "隔离屋（邻居）老公打我，打到我头流血，要他赔医药费。",
    ],
)
def test_the_other_sides_kin_are_not_the_tellers_household(story):
    found = suggest(story)

    assert (found.suitable, found.unsuitable_because) == (True, None)


@pytest.mark.parametrize(
    "story",
    [
        "我老公又打我，打到我不敢回家，我怕。",
        "儿子经常打我们两个老人，昨天又打伤我老婆。",
        "他老公隔三差五打她，昨晚又打到头破血流，她不敢回家。",
        "她儿子经常打她，老人怕得不敢回屋。",
        "老公打我，他儿子也打我，昨晚打到流血，我不敢回家。",
    ],
)
def test_violence_in_the_household_is_named_whoever_tells_of_it(story):
    assert suggest(story).unsuitable_because == "domestic_violence"


def test_a_threat_to_take_poison_is_high_and_no_matter_of_goods():
    found = suggest("我不想活了，喝农药算了")

    assert (found.risk, "农药" in found.suggestions[0].because) == ("high", False)


def test_a_threat_between_strangers_is_high_and_still_for_mediation():
    found = suggest("他说今晚带刀来砍我")

    assert (found.risk, found.suitable) == ("high", True)
