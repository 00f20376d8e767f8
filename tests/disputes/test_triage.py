"""What triage must say of stories that were once read wrongly. How often it is right in all: `make bench`."""

from dataclasses import replace
from string import ascii_letters

import pytest

from disputes.triage import suggest
from disputes.triage.learned import passages, traits
from disputes.triage.matching import holds, possible
from disputes.triage.reading import read
from disputes.triage.weights import UNKNOWN, learned_from
from disputes.triage.words import WRITTEN, build_lexicon, default_lexicon, learned_rows, read_words
from tools.learn_triage import written_lexicon


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
        "她老公打她，昨晚打到头破血流，她不敢回家。",
        "他不准我出门，手机收了，顶嘴就挨一巴掌。",
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


@pytest.mark.parametrize(
    ("story", "high"),
    [
        ("他话虽冲，其实只想我家狗晚上别叫，答应明天拴好。", False),  # no word of danger
        ("村里舞狮三十人排练到晚上九点，住户希望早点结束。", False),  # a crowd that celebrates
        ("包工头说要是敢去告，就让我家办丧事。", True),  # a threat without a weapon
        ("这个月以来她已经三次吞药，家人轮流守着。", True),
        ("他用打火机对着摩托车油箱，讲不赔钱就同归于尽。", True),
    ],
)
def test_danger_is_told_from_lively_speech(story, high):
    assert (suggest(story).risk == "high") is high


def test_a_rules_high_gives_way_only_where_the_whole_text_reads_like_the_calmest():
    lexicon = default_lexicon()
    story = "他磨了一把柴刀，说今晚就砍死我。"
    calm = replace(lexicon, settings={**lexicon.settings, "learned_calm_below": 1.1})

    assert (suggest(story, lexicon).risk, suggest(story, calm).risk) == ("high", "medium")


def test_a_firm_rule_is_not_weighed_against_the_rest_of_a_long_story():
    lexicon = default_lexicon()
    calm = replace(lexicon, settings={**lexicon.settings, "learned_calm_below": 1.1})

    assert suggest("他叫我开个价，命多少钱，他赔得起。", calm).risk == "high"


@pytest.mark.parametrize(
    ("story", "high"),
    [
        ("被辞退的保安说要回去把经理杀了。", True),
        ("债主说再拖一天就切我一根手指。", True),
        ("两家因为水沟打架，一人断了两根肋骨，另一家说还要报复。", True),
        ("对方讲，不搬就烧了我的店。", True),
        ("他用石头没打中我，说下次对准头打。", True),
        ("他说要把鸡杀了请客，叫我赔鸡笼的钱。", False),
        ("医生说要切掉我一根手指，老板不肯出手术费。", False),
        ("他头上的伤好了，说还要再谈医药费。", False),
        ("球没打中我，打破了窗，赔玻璃就行。", False),
    ],
)
def test_who_will_do_what_to_whom_is_read_apart_from_the_words_chosen(story, high):
    assert (suggest(story, written_lexicon()).risk == "high") is high


@pytest.mark.parametrize(
    "story",
    [
        "交警处理完了，对方无证驾驶，我只要他赔我的车。",
        "城管已经叫他拆了棚，现在只剩下弄坏我家瓦的钱没赔。",
        "出租屋被消防要求整改，整改费谁出谈不拢。",
    ],
)
def test_what_an_authority_has_dealt_with_leaves_the_money_to_be_mediated(story):
    assert suggest(story, written_lexicon()).suitable is True


@pytest.mark.parametrize(
    ("story", "high"),
    [
        ("他说要放火，是说烧田埂上的草，村里不让。", False),
        ("他说要放火，把我家烧光，我怕得睡不着。", True),
        ("他拿铁锤过来帮我钉招牌，钉歪了。", False),
        ("几十个村民扛着铁锹去修机耕路，伙食费由谁出没说好。", False),
        ("几十个村民扛着铁锹去堵矿场的门，说谁来打谁。", True),
    ],
)
def test_what_the_story_itself_explains_is_no_alarm(story, high):
    assert (suggest(story).risk == "high") is high


@pytest.mark.parametrize(
    ("story", "case_type"),
    [
        ("两家争宅基地，他打电话说叫齐人来，要打断我的腿。", "neighbour"),
        ("老板欠我三个月工资，我去要他拿刀赶我，说再来就打断我的腿。", "labour"),
        ("承包的鱼塘被收回，他说要喝农药死在村委会。", "land_contract"),
    ],
)
def test_a_threat_does_not_say_what_the_matter_is_about(story, case_type):
    found = suggest(story)
    assert (found.suggestions[0].case_type, found.suggestions[0].score > 0.7, found.risk) == (case_type, True, "high")


def test_who_threatens_to_set_fire_has_not_yet_done_it():
    assert suggest("因为宅基地的滴水，邻居扬言放火烧我家房子。").unsuitable_because is None


def test_the_reasons_of_what_was_learned_can_be_read():
    assert suggest("他说，要是我拿不到一分钱，在座的也别想活着领工资。").risk_because == ("在座的也别想活着领工资",)


def test_a_learned_chance_must_be_higher_where_no_word_of_danger_stands():
    lexicon = default_lexicon()
    story = "她讲她已经想好了，挑个好日子就走，孩子请村里照看。"
    bare = replace(lexicon, danger=frozenset())
    strict = {**lexicon.settings, "learned_high_bare": 1.1, "learned_high_from": 0.0}

    assert suggest(story, replace(bare, settings=strict, risk_rules=())).risk == "low"
    assert suggest(story, replace(lexicon, settings={**strict, "learned_high_bare": 0.0}, risk_rules=())).risk == "high"


LONG_STORY = (
    "他租了我的地种姜，三亩，租金讲好一年两千四，头两年都按时给，第三年说姜价跌了只肯给一半。"
    "村长来讲过两次，两边都没意见，就是数目没定。{}"
    "租约还有一年，地里的姜可以让他收完，水管是我装的，我要留下，请你们帮我们算一算再写个字据。"
)


def test_one_dangerous_sentence_of_a_long_calm_story_is_not_lost_in_it():
    threat = LONG_STORY.format("昨晚他又来，把一桶汽油放在我床边，说不签就一家人一起走。")
    lexicon = default_lexicon()
    unruled = replace(lexicon, risk_rules=())
    whole = replace(unruled, settings={**lexicon.settings, "learned_high_part": 1.1})

    assert (suggest(LONG_STORY.format("")).risk, suggest(threat).risk) == ("low", "high")
    assert (suggest(threat, unruled).risk, suggest(threat, whole).risk) == ("high", "low")


def test_what_a_calm_part_explains_says_nothing_of_another_part():
    story = LONG_STORY.format("昨晚他拿着菜刀来，说不签就砍死我。").replace("就是数目没定", "意思是租金各让一步")
    assert suggest(story).risk == "high"


@pytest.mark.parametrize("story", ["他笑得很阴，说今晚就砍死我。", "他嘟囔着说要把我家烧了。"])
def test_a_laugh_or_a_mumble_takes_nothing_from_a_threat(story):
    assert suggest(story).risk == "high"


def test_the_parts_of_a_long_story_are_whole_clauses_and_a_short_one_has_none():
    lexicon = default_lexicon()
    story = read(LONG_STORY.format(""), lexicon)
    parts = list(passages(story))

    assert list(passages(read("他租了我的地。", lexicon))) == []
    assert len(parts) > 3
    assert set().union(*parts) <= traits(story)
    assert ("租了" in parts[0], "字据" in parts[0], "字据" in parts[-1]) == (True, False, True)


def test_characters_of_one_sense_are_counted_as_one():
    lexicon = default_lexicon()
    one, other = (traits(read(text, lexicon)) for text in ("她唔肯俾", "他不肯给"))
    assert {trait for trait in one ^ other if not trait.startswith("@")} == set()


def test_a_learned_high_stands_though_the_text_calls_it_a_joke_where_all_else_reads_like_danger():
    lexicon = default_lexicon()
    story = "他笑着说放心，过了今晚我们夫妻就再也吵不起来了，票都买好了，单程。"
    tempered = replace(lexicon, settings={**lexicon.settings, "talk_below": 1.1})

    assert (suggest(story).risk, suggest(story, tempered).risk) == ("high", "medium")


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("她老公打她，昨晚打到头破血流，她不敢回家。", "domestic_violence"),
        ("市场监管的处罚早就下了，超市也认罚，我只要退货款。", None),
        ("电动车撞倒我，手机摔了，额头缝了五针，他不肯赔。", None),
        ("网上买手机，卖家钱收了不发货，我去店里理论挨了一拳。", None),
        ("昨天我老公骑车回家被货车撞倒，额头缝了五针。", None),
        ("我儿子在小学操场跌倒，额头缝了三针，学校还不出面。", None),
        ("小孩踢球打破我家玻璃，监护人答应换一块，拖了一个月没换。", None),
        ("二手房过户后，前房主的户口一直不迁，我要他把户口迁走。", None),
        ("外嫁女户口没迁，村小组想改分红章程，不给她分。", None),
        ("厂关了，老板当没事，三个月工资没发。", None),
        ("他借走电钻，拿走了就当没事，一年没还。", None),
    ],
)
def test_what_is_asked_of_whom_decides_and_what_is_over_does_not(story, code):
    assert suggest(story, written_lexicon()).unsuitable_because == code


def test_every_learned_trait_is_found_in_its_own_row():
    known = dict(enumerate(trait for trait, _ in learned_rows()))
    assert default_lexicon().learned.places(known.values()) == known
    assert len(known) > 10_000


def test_letters_with_the_bytes_of_a_character_are_not_taken_for_it():
    pairs = {one + other for one in ascii_letters for other in ascii_letters}
    assert hash("bc") == hash("换")
    assert default_lexicon().learned.places(pairs) == {}


def test_a_rule_is_possible_where_the_text_has_a_word_to_begin_with():
    lexicon = default_lexicon()
    for story in ("他磨了一把柴刀，说今晚就砍死我。", "两家因为水沟打架，一人断了两根肋骨，另一家说还要报复。"):
        reading = read(story, lexicon)
        some = possible(lexicon.risk_rules, reading)
        held = [rule for rule in lexicon.risk_rules if holds(rule, reading)]
        assert 0 < len(held) <= len(some) < len(lexicon.risk_rules) / 2
        assert [rule for rule in held if rule not in some] == []


def test_the_words_of_danger_must_be_classes_that_exist():
    words = [read_words(name) for name in WRITTEN]
    words[-1] = {**words[-1], "danger": "weapon no_such_class"}

    with pytest.raises(ValueError, match="no_such_class"):
        build_lexicon(*words)


def test_a_dish_with_the_name_of_an_offence_is_a_dish():
    assert suggest("炸鱼丸的摊位占了我半米地方，商量一下挪开就行。").suitable is True
    assert suggest("他们在水库炸鱼，被抓了想私了。").unsuitable_because == "criminal"


def test_what_rules_speak_against_is_not_named_by_what_was_learned_either():
    lexicon = default_lexicon()
    story = "对门的女婿推倒我，打我，住院费三千。"
    eager = replace(lexicon, settings={**lexicon.settings, "learned_from": 0.0})
    barred = [rule for rule in lexicon.suitability_rules if rule.points < 0]

    assert suggest(story, replace(eager, suitability_rules=())).unsuitable_because == "domestic_violence"
    assert suggest(story, replace(eager, suitability_rules=tuple(barred))).unsuitable_because != "domestic_violence"


@pytest.mark.parametrize(
    ("story", "risk"),
    [
        ("他平时说话粗，动不动说弄死你，村里人都知道是口头禅，没人当真，这次只是两担谷的事。", "medium"),
        ("他来借菜刀，笑着说借去杀个人，邻居看他眼神不对，后来真去敲了债主家的门。", "high"),
    ],
)
def test_a_joke_in_the_words_of_a_threat_is_no_alarm_unless_somebody_is_afraid(story, risk):
    lexicon = default_lexicon()
    eager = replace(lexicon, settings={**lexicon.settings, "learned_high_from": 0.0})  # so that the joke reaches it

    assert suggest(story, eager).risk == risk


@pytest.mark.parametrize(
    ("story", "risk"),
    [
        ("他扬言要去法院起诉我。", "medium"),
        ("他说这条路要是不给走，他就起诉。", "medium"),
        ("他扬言要去法院起诉我，吓得我不敢出门。", "high"),  # somebody is afraid
        ("他说要去法院起诉，车尾箱放着汽油。", "high"),  # a word of danger stands beside it
    ],
)
def test_who_announces_a_lawsuit_threatens_nobody(story, risk):
    lexicon = default_lexicon()
    eager = {**lexicon.settings, "learned_high_from": 0.0, "learned_high_bare": 0.0}

    assert suggest(story, replace(lexicon, settings=eager)).risk == risk


def test_a_forecast_of_a_doctor_is_no_threat():
    assert suggest("医生说老人活不过三个月，三兄弟想先把后事的钱凑好。", written_lexicon()).risk != "high"
    assert suggest("他扬言要打死医生。", written_lexicon()).risk == "high"


@pytest.mark.parametrize(
    "story",
    [
        "今晚说好在村委会见面，把欠条换一张新的。",
        "房东说明天就要住，让我今晚把东西全搬走。",
        "他把水泥倒在我家门口，说明天来铲，一直没来。",
        "保安半夜锁了侧门，说要走就绕大门，业主不满。",
    ],
)
def test_who_speaks_of_tonight_or_of_a_door_threatens_nobody(story):
    assert suggest(story).risk != "high"


def test_what_was_learned_is_found_again_by_its_trait():
    questions = {
        "risk": {"labels": ["calm", "high"], "bias": [5, -5]},
        "obstacle": {"labels": ["suitable"], "bias": [0]},
    }
    rows = {"刀": "-10 10|", "拿刀": "-20 20|3", "@weapon": "|-7", "@kin": "1 -1|", "拿_刀": "-5 5|"}

    learned = learned_from(questions, rows.items())
    places = learned.places(["拿刀", "刀", "拿_刀", "刀_拿", "@weapon", "@kin", "@unheard", "不", "😀刀", "@"])
    risk = learned.models["risk"]

    assert sorted(places.values()) == ["@kin", "@weapon", "刀", "拿_刀", "拿刀"]
    assert {trait: risk.values[2 * at : 2 * at + 2].tolist() for at, trait in places.items()} == {
        "拿刀": [-20, 20],
        "刀": [-10, 10],
        "拿_刀": [-5, 5],
        "@kin": [1, -1],
        "@weapon": [UNKNOWN, UNKNOWN],
    }
    assert {trait: risk.sums[at] for at, trait in places.items() if trait != "@weapon"} == {
        "拿刀": 0,
        "刀": 0,
        "拿_刀": 0,
        "@kin": 0,
    }
    assert learned.models["obstacle"].sums[next(at for at, trait in places.items() if trait == "拿刀")] == 3
