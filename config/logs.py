"""What may not stand in a log line: the secret part of an address that opens without signing in."""

import logging
import re

SECRET_LINK = re.compile(r"(/points/calendar/)[^/\s?\"']+")


class HideSecretLinks(logging.Filter):
    """Writes … in place of the secret of a calendar's address, in the message and in what is filled into it."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if SECRET_LINK.search(text):
            record.msg, record.args = SECRET_LINK.sub(r"\1…", text), ()
        return True
