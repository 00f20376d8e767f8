"""The form of a dispute's code, TP2308-0146: the town's letters, year and month, the serial of that month."""


class DisputeCodeConverter:
    """`<dispute:code>` in a URL pattern; anything else is not a dispute's address."""

    regex = "[A-Z]{1,4}[0-9]{4}-[0-9]{4,6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
