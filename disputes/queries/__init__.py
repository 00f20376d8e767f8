"""Reads of disputes, split by what the user is doing; `from disputes import queries` gives them all."""

from disputes.queries.choosing import (
    TOWN_LENGTH,
    case_types,
    case_types_asking,
    places_of,
    questions_of,
    required_of,
    villages_of,
)
from disputes.queries.files import (
    NOT_THERE,
    get_dispute,
    get_flag,
    get_party,
    officers_of,
    usual_day_of_a_step,
    usual_day_to_route,
)
from disputes.queries.known import earlier_failures, likely_shown, met_before
from disputes.queries.ledger import NEWEST, filtered, ledger_page, narrowed, sealed_search, search_text
from disputes.queries.stories import Assessment, assess, telling

__all__ = [
    "NEWEST",
    "NOT_THERE",
    "TOWN_LENGTH",
    "Assessment",
    "assess",
    "case_types",
    "case_types_asking",
    "earlier_failures",
    "filtered",
    "get_dispute",
    "get_flag",
    "get_party",
    "ledger_page",
    "likely_shown",
    "met_before",
    "narrowed",
    "officers_of",
    "places_of",
    "questions_of",
    "required_of",
    "sealed_search",
    "search_text",
    "telling",
    "usual_day_of_a_step",
    "usual_day_to_route",
    "villages_of",
]
