"""What an action raises when it will not do what was asked; every message is a Chinese sentence for the screen."""

from django.core.exceptions import PermissionDenied


class Refused(Exception):  # noqa: N818 - read where it is raised: "raise Refused(…)"
    """The data or the state forbids it. `message`: what is so and why; `hint`: what to do next; `field`: where."""

    def __init__(self, message: str, *, hint: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint, self.field = message, hint, field

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


class Conflict(Refused):
    """Somebody else changed the thing first; nothing was overwritten."""


class NotAllowed(PermissionDenied):
    """Inside the scope but without the right: answered 403. The text names who may do it."""
