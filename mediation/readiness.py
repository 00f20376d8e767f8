"""What must be on file before an agreement may be drafted (DESIGN §3). Pure."""

from dataclasses import dataclass

from mediation.law import LEAST_PARTIES


@dataclass(frozen=True)
class PartyFacts:
    """What the path asks of one party."""

    key: str
    name: str
    consents: bool
    has_id: bool
    lacks_guardian: bool = False
    helper_lacks: str = ""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: words, where to mend it (URL name, a party's id), whether it blocks the step."""

    text: str
    url_name: str = ""
    label: str = ""
    blocks: bool = True
    party: str = ""


def before_an_agreement(
    parties: tuple[PartyFacts, ...], *, both_sides: bool, sessions: int, unanswered: tuple[str, ...] = ()
) -> tuple[Missing, ...]:
    """What must be on file before an agreement may be drafted.

    Both sides, their numbers, their consent, who acts for a person without full capacity (民法典 19–23), the questions
    of the type that the county wants answered, a record. What is not noted of a helper is said and blocks nothing.
    """
    found = []
    if not both_sides or len(parties) < LEAST_PARTIES:
        found.append(Missing("缺对方当事人", "disputes:add-party", "补登"))
    for party in parties:
        if not party.has_id:
            found.append(Missing(f"缺{party.name}的证件号码", "disputes:edit-party", "补登", party=party.key))
        if not party.consents:
            found.append(Missing(f"还没有记下{party.name}同意调解", "disputes:edit-party", "记下", party=party.key))
        if party.lacks_guardian:
            text = f"{party.name}没有完全民事行为能力，缺监护人（民法典第二十三条）"
            found.append(Missing(text, "disputes:edit-party", "补登", party=party.key))
        if party.helper_lacks:
            text = f"{party.name}有人协助，还没有记下{party.helper_lacks}"
            found.append(Missing(text, "disputes:edit-party", "记下", blocks=False, party=party.key))
    found += [Missing(f"还没有问：{label}", "disputes:edit", "补填") for label in unanswered]
    if not sessions:
        found.append(Missing("还没有调解记录（人民调解法第二十七条）", "mediation:session-new", "记一次"))
    return tuple(found)
