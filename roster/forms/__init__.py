"""Forms of the roster: parse and check what was typed, one file a task."""

from roster.forms.imports import SettleForm, UploadForm

__all__ = ["SettleForm", "UploadForm"]
