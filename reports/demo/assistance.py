"""What the demo's court asked the points for: one talk on law in each town, and papers under way in the first."""

from datetime import date, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from core.queries import today
from liaison.actions.assistance import Asked, accept_assistance, request_assistance
from liaison.actions.assistance_court import receive_result
from liaison.actions.assistance_visits import Whereabouts, complete_assistance
from liaison.choices import AssistanceKind, Commissioner, RefusedBy
from liaison.models import AssistanceRequest, LiaisonPoint
from liaison.proofs import Record, Witness
from reports.demo.people_on_stage import TAIPING, Stage, TownCast
from reports.demo.times import at, weekday

TALKS_FROM = date(2023, 8, 7)
POST_OFFICE = "罗定市邮政分公司"
K = AssistanceKind


def assist(point: LiaisonPoint, cast: TownCast, stage: Stage, number: int) -> None:
    """A talk that was given and received; in 太平镇 also one paper in each state."""
    on = weekday(TALKS_FROM + timedelta(days=number))
    talk = Asked(
        kind=K.OUTREACH,
        court_number=f"普法〔2023〕{number + 1}号",
        task="下圩日在综治中心讲民间借贷：借条怎样写、利息到多少受保护。",
        due_on=on + timedelta(days=30),
    )
    held = _accepted(point, cast, stage, talk, on)
    record = Record(
        K.OUTREACH, place=f"{cast.town.name}综治中心", head_count=30 + number, result="讲借条怎样写，答了提问。"
    )
    _received(held, record, cast, stage, on + timedelta(days=7))
    if cast.town.name == TAIPING:
        _papers(point, cast, stage)


def _papers(point: LiaisonPoint, cast: TownCast, stage: Stage) -> None:
    """One waits for the officer, one for the mediator, one for the court."""
    day = today() - timedelta(days=6)
    _ask(point, stage, _paper("刘木旺", 2, K.SERVE_DIRECT, by_post=True), today())
    _accepted(point, cast, stage, _paper("欧瑞英", 3, K.SERVE_DIRECT), day)
    left = _accepted(point, cast, stage, _paper("谢日初", 1, K.SERVE_LEAVE), day)
    complete_assistance(
        request_id=left.pk,
        record=Record(
            K.SERVE_LEAVE,
            refused_by=RefusedBy.ADDRESSEE,
            refusal_reason="看过传票后说不认这个账，不签",
            left_at_home=True,
            place=left.address,
            witnesses=(Witness("温桂全", "潭白村民委员会", "委员"),),
        ),
        by=cast.mediators[0],
        on=day + timedelta(days=2),
        where=Whereabouts(note="村口小卖部往里 50 米"),
        photos=[_picture()],
        recorded_at=at(day + timedelta(days=2), 16),
    )


def _paper(name: str, copies: int, kind: str, *, by_post: bool = False) -> Asked:
    return Asked(
        kind=kind,
        court_number=f"（{today().year}）粤5381民初{100 + copies}号",
        task="请送到本人手上。多次邮寄都退回，电话打不通。",
        due_on=today() + timedelta(days=4 + copies),
        commissioner=Commissioner.POST if by_post else Commissioner.COURT,
        postal_office=POST_OFFICE if by_post else "",
        person_name=name,
        phone=f"1380000{7000 + copies}",
        address="罗定市太平镇潭白村 8 号",
        instrument="起诉状副本、应诉通知书、传票",
        copies=copies,
    )


def _ask(point: LiaisonPoint, stage: Stage, asked: Asked, on: date) -> AssistanceRequest:
    return request_assistance(point_id=point.pk, asked=asked, by=stage.clerk, on=on, recorded_at=at(on))


def _accepted(point: LiaisonPoint, cast: TownCast, stage: Stage, asked: Asked, on: date) -> AssistanceRequest:
    sent = _ask(point, stage, asked, on)
    goer = cast.mediators[0]
    return accept_assistance(request_id=sent.pk, by=cast.officer, on=on, handler_id=goer.pk, recorded_at=at(on, 11))


def _received(request: AssistanceRequest, record: Record, cast: TownCast, stage: Stage, on: date) -> None:
    goer = cast.mediators[0]
    complete_assistance(request_id=request.pk, record=record, by=goer, on=on, recorded_at=at(on, 16))
    receive_result(request_id=request.pk, by=stage.clerk, on=on, recorded_at=at(on, 17))


def _picture() -> SimpleUploadedFile:
    """A drawn stand-in for the photograph of a door."""
    picture = Image.new("RGB", (960, 640), "#e8f0f8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((380, 120, 580, 640), fill="#8f6b3f", outline="#6e5230", width=12)
    buffer = BytesIO()
    picture.save(buffer, "JPEG")
    return SimpleUploadedFile("门口.jpg", buffer.getvalue(), "image/jpeg")
