"""Reads of disputes, split by what the user is doing; `from disputes import queries` gives them all."""

from disputes.queries.choosing import (
    TOWN_LENGTH,
    LedgerChoices,
    case_types,
    find_home,
    home_label,
    homes,
    ledger_choices,
    villages_of,
)
from disputes.queries.exports import export_for, recent_exports
from disputes.queries.files import (
    NOT_THERE,
    get_dispute,
    get_flag,
    get_party,
    officers_of,
    usual_day_of_a_step,
    usual_day_to_route,
)
from disputes.queries.imports import (
    alike,
    codes_of_rows,
    frame_for,
    import_for,
    mediators_by_name,
    outlook_of,
    recent_imports,
    remembered_columns,
    towns_to_import,
)
from disputes.queries.ledger import NEWEST, OLDEST, filtered, ledger_page, narrowed, sealed_search, search_text
from disputes.queries.stories import Assessment, assess, telling

__all__ = [
    "NEWEST",
    "NOT_THERE",
    "OLDEST",
    "TOWN_LENGTH",
    "Assessment",
    "LedgerChoices",
    "alike",
    "assess",
    "case_types",
    "codes_of_rows",
    "export_for",
    "filtered",
    "find_home",
    "frame_for",
    "get_dispute",
    "get_flag",
    "get_party",
    "home_label",
    "homes",
    "import_for",
    "ledger_choices",
    "ledger_page",
    "mediators_by_name",
    "narrowed",
    "officers_of",
    "outlook_of",
    "recent_exports",
    "recent_imports",
    "remembered_columns",
    "sealed_search",
    "search_text",
    "telling",
    "towns_to_import",
    "usual_day_of_a_step",
    "usual_day_to_route",
    "villages_of",
]
