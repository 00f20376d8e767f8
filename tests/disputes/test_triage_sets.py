"""How often triage is right on the project's narratives; docs/triage.md says which set was looked at."""

import json

import pytest

from bench.triage import score
from disputes.triage import suggest
from disputes.triage.words import FOLDER, default_lexicon
from tools.learn_triage import written_lexicon
from tools.narratives import FOLDER as NARRATIVES
from tools.narratives import HELD, TUNE, files, fingerprint, half, rows

HARDER = "twentyseventh"  # veiled threats and calm texts full of dangerous words: its held half has bars of its own
OTHERS = ("independent", "independent_second", "independent_third")  # held out, and written by others than the triage
PLAIN = "independent_fourth"  # the same, in a clerk's short summaries: what the triage will mostly be asked
SEEN_ONCE = (
    "independent_fifth",
    "independent_sixth",
    "independent_seventh",
)  # the same in short sentences, mixed voices


def texts(name: str, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [row for path in files(name) if path.stem not in without for row in rows(path)]


def part(counted, wanted: bool = True) -> float:
    return counted[wanted] / (counted[True] + counted[False])


# The aim is every threat and no calm text. Many hands wrote the tune set, pairs of a threat and a calm text in the same
# words among it: to demand all of it would only force phrases into the rules.
THREATS_FOUND = {TUNE: 0.995, HELD: 0.97}
CALM_FLAGGED = {TUNE: 0.005, HELD: 0.015}


@pytest.fixture(scope="module", params=[TUNE, HELD])
def name(request):
    return request.param


@pytest.fixture(scope="module")
def counted(name):
    return score(texts(name))


def test_nine_in_ten_have_the_right_type_first_and_nearly_all_within_three(counted):
    assert (part(counted.first) >= 0.90, part(counted.in_three) >= 0.98) == (True, True)


def test_what_is_not_for_mediation_is_named_and_little_else_refused(counted):
    assert (part(counted.code) >= 0.87, part(counted.refused) <= 0.03) == (True, True)


def threats_found(counted) -> float:
    threats = {found: number for (was, found), number in counted.risk.items() if was == "high"}
    return threats["high"] / sum(threats.values())


@pytest.fixture(scope="module")
def usual(name, counted):
    return score(texts(name, without=(HARDER, PLAIN, *SEEN_ONCE, *OTHERS))) if name == HELD else counted


def test_threats_are_found(usual, name):
    assert threats_found(usual) >= THREATS_FOUND[name]


def test_calm_texts_are_hardly_ever_flagged_high(usual, name):
    assert part(usual.alarmed) <= CALM_FLAGGED[name]


def test_of_the_harder_held_half_no_less_is_found_and_no_more_flagged_than_was_reached():
    harder = score(rows(NARRATIVES / HELD / f"{HARDER}.tsv"))
    assert (threats_found(harder) >= 0.96, part(harder.alarmed) <= 0.052) == (True, True)


@pytest.fixture(scope="module")
def of_others():
    return score(row for name in OTHERS for row in rows(NARRATIVES / HELD / f"{name}.tsv"))


def test_of_what_others_wrote_and_nobody_looked_at_types_and_codes_are_as_right_as_was_reached(of_others):
    assert (part(of_others.first) >= 0.95, part(of_others.in_three) >= 0.985) == (True, True)
    assert (part(of_others.code) >= 0.93, part(of_others.refused) <= 0.015) == (True, True)


def test_of_what_others_wrote_and_nobody_looked_at_no_less_is_found_and_no_more_flagged_than_was_reached(of_others):
    assert (threats_found(of_others) >= 0.96, part(of_others.alarmed) <= 0.015) == (True, True)


@pytest.fixture(scope="module")
def plain():
    return score(rows(NARRATIVES / HELD / f"{PLAIN}.tsv"))


def test_of_plain_summaries_that_another_hand_wrote_types_and_codes_are_as_right_as_was_reached(plain):
    assert (part(plain.first) >= 0.91, part(plain.in_three) >= 0.985) == (True, True)
    assert (part(plain.code) >= 0.95, part(plain.refused) <= 0.025) == (True, True)


def test_of_plain_summaries_that_another_hand_wrote_no_threat_is_missed(plain):
    assert (threats_found(plain), plain.alarmed[True] <= 1) == (1, True)


def test_of_short_sentences_that_three_more_hands_wrote_hardly_any_is_wrong():
    found = score(row for name in SEEN_ONCE for row in rows(NARRATIVES / HELD / f"{name}.tsv"))
    assert (part(found.first) >= 0.98, part(found.in_three), part(found.code) >= 0.97) == (True, 1, True)
    assert (part(found.refused) <= 0.01, threats_found(found), found.alarmed[True]) == (True, 1, 0)


def test_the_learned_weights_were_made_from_the_tune_set_as_it_is():
    learned = json.loads((FOLDER / "learned.json").read_text(encoding="utf-8"))
    assert learned["made_from"] == fingerprint(TUNE), "run: python -m tools.learn_triage"


def test_no_text_stands_in_both_sets():
    assert {text for _, text in texts(TUNE)} & {text for _, text in texts(HELD)} == set()


@pytest.mark.parametrize("name", [TUNE, HELD])
@pytest.mark.parametrize("batch", ["clerks", "sixth", "thirteenth", HARDER])
def test_the_texts_of_both_sets_were_parted_by_hash_and_not_by_choice(name, batch):
    assert {half(text) for _, text in rows(NARRATIVES / name / f"{batch}.tsv")} == {name}


def test_every_label_is_of_the_closed_lists():
    lexicon = default_lexicon()
    known = {*lexicon.case_types, *(f"unsuitable:{code}" for code in lexicon.code_order)}
    known |= {f"risk:{level}" for level in ("low", "medium", "high")}
    assert {label for name in (TUNE, HELD) for label, _ in texts(name)} == known


@pytest.mark.parametrize("story", ["", "。。。", "abc 123", "😀", "𠮷𠮷", "离婚。" * 20_000])
def test_three_types_come_back_whatever_is_written(story):
    assert len(suggest(story).suggestions) >= 3


def test_without_a_chinese_word_it_is_other_and_nothing_is_said_against_it():
    found = suggest("abc")
    assert (found.suggestions[0].case_type, found.suitable, found.risk) == ("other", True, "low")


@pytest.mark.parametrize(
    ("story", "code", "article", "said"),
    [
        ("我老公又打我，打到我不敢回家，我怕。", "domestic_violence", "人民调解法第二十五条", "人身安全保护令"),
        ("家里的耕牛被人偷走，想私了。", "criminal", "人民调解法第二十五条", "110"),
        ("不服交警的罚款，要求退还。", "administrative", "民诉法解释第三百五十五条第一项", "行政复议"),
        ("两村争山，请确定山林权属归谁。", "authority_only", "民诉法解释第三百五十五条第五项", "人民政府"),
        ("要求认定我是工伤，请调解员评定。", "authority_only", "", "人力资源和社会保障"),
        ("请写协议，解除收养关系。", "identity", "民诉法解释第三百五十五条第三项", "民政部门"),
    ],
)
def test_each_obstacle_names_the_other_door_and_the_article_there_is(story, code, article, said):
    found = suggest(story)
    assert (found.unsuitable_because, found.article, said in found.other_door) == (code, article, True)


def test_high_says_why_in_chinese_and_in_the_words_of_the_story():
    found = suggest("他磨了一把柴刀，说今晚就砍死我。")
    assert (found.risk, "扬言伤害" in found.risk_kinds, "砍死我" in found.risk_because) == ("high", True, True)


@pytest.mark.parametrize("name", [TUNE, HELD])
def test_every_verdict_shows_the_words_it_rests_on(name):
    found = [suggest(text) for _, text in texts(name)]
    silent = [one for one in found if (one.risk == "high" and not one.risk_because) or not one.suggestions[0].because]
    assert silent == []
    assert [one for one in found if one.unsuitable_because and not one.unsuitable_words] == []


def test_what_was_learned_counts_only_where_it_is_given():
    story = "广场舞音响太大，住在旁边的老人受不了。"
    assert suggest(story, written_lexicon()).suggestions[0].because
    assert suggest(story).suggestions[0].case_type == "neighbour"
