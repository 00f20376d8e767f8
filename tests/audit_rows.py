"""Whether the rows that a run left in the audit trail are all said in words."""

import re

from core.audit_reading import acts, facts_of, read
from core.models import AuditEntry

CODE_LIKE = re.compile(r"[a-z]+(_[a-z]+)*|True|False|None|.*[{\[]'.*", re.S)
NAMES_AN_ACCOUNT = {"原为"}


def unsaid() -> set[str]:
    """Each act, fact or value of the trail that would be shown as the code that is stored."""
    found = set()
    for entry, line in zip(rows := list(AuditEntry.objects.all()), read(rows), strict=True):
        act = acts().get(entry.action)
        if act is None:
            found.add(entry.action)
            continue
        found |= {f"{entry.action}: {name}" for name in facts_of(entry) if name not in act.facts}
        found |= {
            f"{entry.action}: {said.name} {said.text}"
            for said in line.facts
            if CODE_LIKE.fullmatch(said.text) and not said.is_code and said.name not in NAMES_AN_ACCOUNT
        }
    return found
