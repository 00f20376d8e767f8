"""Which rows of mediation belong to which dispute, so that the ledger finds disputes by the days of their mediation."""

from disputes.queries.due import belongs_to_dispute
from mediation.models import (
    Agreement,
    ConfirmationRequest,
    Entrustment,
    Mediation,
    PerformanceItem,
    RulingService,
)

belongs_to_dispute(Entrustment, "dispute")
belongs_to_dispute(Mediation, "dispute")
belongs_to_dispute(Agreement, "mediation__dispute")
belongs_to_dispute(PerformanceItem, "agreement__mediation__dispute")
belongs_to_dispute(ConfirmationRequest, "agreement__mediation__dispute")
belongs_to_dispute(RulingService, "request__agreement__mediation__dispute")
