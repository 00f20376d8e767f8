"""Collects what is said about one row of the annex, cell by cell."""

from dataclasses import dataclass, field

from roster.annex import columns
from roster.annex.facts import Issue
from roster.choices import ErrorCode, WarningCode

FIELDS = {column.title: column.field for column in columns.COLUMNS}
TITLES = {column.field: column.title for column in columns.COLUMNS}


@dataclass(slots=True)
class Findings:
    """Collects what is said about one row; the first error of a cell stands, later ones are dropped."""

    sheet: str
    row: int
    issues: list[Issue] = field(default_factory=list)

    def has_error(self, field_name: str) -> bool:
        column = TITLES[field_name]
        return any(issue.is_error and issue.column == column for issue in self.issues)

    def has(self, code: ErrorCode | WarningCode) -> bool:
        return any(issue.code == code for issue in self.issues)

    def say(
        self, code: ErrorCode | WarningCode, field_name: str, message: str, *, candidates: tuple[str, ...] = ()
    ) -> None:
        column = TITLES[field_name]
        if isinstance(code, ErrorCode) and self.has_error(field_name):
            return
        self.issues.append(Issue(code, message, self.sheet or None, self.row, column, candidates))

    def again(self, issue: Issue) -> None:
        """Say of this row what was found out about another with the same words."""
        self.say(issue.code, FIELDS[issue.column or ""], issue.message, candidates=issue.candidates)

    def in_order(self) -> tuple[Issue, ...]:
        if not self.issues:
            return ()
        return tuple(sorted(self.issues, key=lambda issue: columns.PLACES[issue.column or ""]))
