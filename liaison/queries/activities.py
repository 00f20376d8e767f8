"""Meetings of a point."""

from datetime import date

from liaison.models import LiaisonPoint, Meeting


def recent_meetings(point: LiaisonPoint, on: date, count: int = 3) -> list[Meeting]:
    return list(Meeting.objects.filter(point=point, held_on__lte=on)[:count])
