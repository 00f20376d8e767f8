"""Opening a liaison point and correcting where it stands; what every other action on a point begins with."""

import re
from datetime import date

from django.db import transaction

from core.access import require
from core.actions import audit
from core.choices import Level
from core.errors import Refused
from core.models import Division, User
from core.queries import today
from liaison.choices import Host
from liaison.models import LiaisonPoint
from roster.phones import JOINER, tidy_phone

HOTLINE = re.compile(r"1\d{4}", re.ASCII)  # 12368, 12348


def not_in_future(day: date, field: str) -> None:
    if day > today():
        raise Refused("日期不能晚于今天。", hint="请按实际发生的日子填。", field=field)


def locked_point(point_id: int) -> LiaisonPoint:
    """The point, locked until commit, so that two writers of one point wait for each other."""
    return LiaisonPoint.objects.select_for_update(of=("self",)).select_related("town").get(pk=point_id)


def _number_to_call(phone: str, field: str = "phone") -> str:
    """What the plaque and the public page show and a telephone dials: one number, or none yet."""
    number = phone.strip()
    if HOTLINE.fullmatch(number):
        return number
    tidy = tidy_phone(number)
    if tidy is None:
        raise Refused("不像电话号码。", hint="手机 11 位，座机带区号，如 0766-3812345。", field=field)
    if JOINER in tidy:
        raise Refused("电话只写一个。", hint="照着这个号码直接拨。", field=field)
    return tidy


@transaction.atomic
def open_point(
    *,
    town_code: str,
    host: str,
    address: str,
    by: User,
    phone: str = "",
    police_contact: str = "",
    police_phone: str = "",
    opened_on: date | None = None,
) -> LiaisonPoint:
    """Write down where the point of a town stands; a second call for the same town corrects it.

    `police_contact`: whom a danger is reported to after 110, shown on every dispute that has one.

    Raises Refused when the code is no town, the host is unknown, the telephone no number. Audited with what changed.
    """
    town = Division.objects.filter(code=town_code, level=Level.TOWN, is_statistical_only=False).first()
    if town is None:
        raise Refused("这个代码不是镇（街）。", hint="联络点按镇（街）建。", field="town")
    require(by, "liaison.open_point", town)
    if host not in Host.values:
        raise Refused("依托只能选综治中心或司法所。", field="host")
    if not address.strip():
        raise Refused("请填写地址。", field="address")
    facts = {
        "host": host,
        "address": address.strip(),
        "phone": _number_to_call(phone),
        "police_contact": police_contact.strip(),
        "police_phone": _number_to_call(police_phone, "police_phone"),
        "opened_on": opened_on,
    }
    point, created = LiaisonPoint.objects.select_for_update(of=("self",)).get_or_create(
        town=town, defaults=facts | {"town_code": town.code}
    )
    changed = {} if created else {name: value for name, value in facts.items() if getattr(point, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(point, name, value)
        point.save(update_fields=list(changed))
    if created or changed:
        audit.record(
            "point.open" if created else "point.correct",
            by=by,
            subject=point,
            division_code=town.code,
            detail={name: str(value or "") for name, value in (facts if created else changed).items()},
        )
    return point
