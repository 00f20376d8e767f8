"""A paper to its receipt, at a phone's width: asked, accepted, refused at the door, left, sent back, received."""

import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from playwright.sync_api import expect

from core.models import User
from core.queries import today
from liaison.models import AssistanceRequest
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = pytest.mark.e2e
UNUSABLE = "送达回证上没有写明见证人的职务。"
LOADED = "picture => picture.complete && picture.naturalWidth > 0"
NUMBER, NAME = "（2023）粤5381民初4321号", "卢水生"


@pytest.mark.usefixtures("county")
def test_a_paper_is_left_before_witnesses_and_the_court_has_the_proof(open_desk: Office, tmp_path: Path) -> None:
    clerk = open_desk(PHONE).sit("clerk")
    address = ask(clerk)
    officer = open_desk(PHONE).sit("officer")
    accept(officer, address)
    mediator = open_desk(PHONE).sit("mediator")
    paper = carry_the_blank_receipt(mediator, address, tmp_path)
    assert "受送达人" in paper
    leave(mediator, address)
    assert "拒收：看过传票，说不签" in print_the_receipt(mediator, address, tmp_path)
    send_back(clerk, address)
    do_it_again(mediator, address)
    receive(clerk, address)
    stay_outside(open_desk(PHONE).sit("mediator2"), address)
    look_without_names(open_desk(PHONE).sit("committee"), address)


def ask(desk: Desk) -> str:
    """The clerk asks; what is missing is said at its field, nothing typed is lost."""
    page = desk.page
    desk.go("/points/assistance/")
    desk.look("60-assistance-list")
    page.get_by_role("link", name="请联络点协助").first.click()
    page.get_by_label("请哪个镇（街）协助").select_option(label="太平镇")
    page.get_by_label("协助什么").select_option(label="直接送达")
    page.get_by_label("法院案号").fill(NUMBER)
    page.get_by_label("要办什么").fill("送到本人手上，邮寄退回两次。")
    page.get_by_label("最后一日").fill((today() + timedelta(days=5)).isoformat())
    page.get_by_label("姓名或单位名称").fill(NAME)
    page.get_by_label("电话").fill("13800007755")
    page.get_by_label("文书名称").fill("起诉状副本、传票")
    page.get_by_label("件数").fill("2")
    desk.look("61-assistance-new")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("请写送达地址。")).to_be_visible()
    expect(page.get_by_label("姓名或单位名称")).to_have_value(NAME)
    page.get_by_label("地址", exact=False).first.fill("罗定市太平镇潭白村9号")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("已发给太平镇法官联络点")).to_be_visible()
    desk.look("62-assistance-sent")
    return str(AssistanceRequest.objects.get(court_number=NUMBER).get_absolute_url())


def accept(desk: Desk, address: str) -> None:
    page = desk.page
    desk.go("/")
    expect(page.locator(".tasks").get_by_text(f"直接送达　{NUMBER}")).to_be_visible()
    desk.go(address)
    desk.look("63-assistance-officer")
    page.get_by_role("link", name="接收").click()
    mediator = User.objects.get(username="mediator")
    page.get_by_label("谁去办").select_option(label=f"{mediator}（调解员）")
    desk.look("64-assistance-accept")
    page.get_by_role("button", name="接收").click()
    expect(page.get_by_text("已接收，去办的人会收到消息。")).to_be_visible()


def carry_the_blank_receipt(desk: Desk, address: str, folder: Path) -> str:
    """The mediator sees where to go with one tap, and prints the receipt to be signed."""
    page = desk.page
    desk.go(address)
    expect(page.get_by_text("太平镇潭白村9号")).to_have_count(0)
    page.get_by_role("button", name="看地址").click()
    expect(page.get_by_text("太平镇潭白村9号")).to_be_visible()
    desk.look("65-assistance-mediator")
    return _words(desk.download(page.get_by_role("button", name="打印空白送达回证"), folder))


def leave(desk: Desk, address: str) -> None:
    """At the door: a photo is kept at once; the paper is refused, and left before a witness."""
    page = desk.page
    page.get_by_role("link", name="拍照、存回证").click()
    page.get_by_label("拍一张").set_input_files({"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": _photo()})
    desk.look("66-assistance-photo")
    page.get_by_role("button", name="存下").click()
    picture = page.get_by_role("img", name="门口.jpg")
    picture.scroll_into_view_if_needed()
    page.wait_for_function(LOADED, arg=picture.element_handle())
    page.get_by_role("link", name="记结果").click()
    page.get_by_role("link", name="留置送达").click()
    expect(page.get_by_text("已存照片 1 张。")).to_be_visible()
    page.get_by_label("受送达人", exact=True).check()
    page.get_by_label("拒收事由").fill("看过传票，说不签")
    page.get_by_role("button", name="记下结果").click()
    expect(page.get_by_text("没有确认文书留在受送达人的住所。")).to_be_visible()
    desk.look("67-assistance-refused")
    page.get_by_label("文书留在受送达人的住所").check()
    page.get_by_label("见证人姓名", exact=False).first.fill("谭伯年")
    page.get_by_label("单位", exact=False).first.fill("潭白村民委员会")
    page.get_by_label("位置说明").fill("村委会东 200 米")
    desk.context.grant_permissions(["geolocation"])
    desk.context.set_geolocation({"latitude": 22.7654, "longitude": 111.5678})
    page.get_by_role("button", name="取手机现在的位置").click()
    expect(page.get_by_label("纬度")).to_have_value("22.765400")
    expect(page.get_by_label("经度")).to_have_value("111.567800")
    page.get_by_role("button", name="记下结果").click()
    expect(page.get_by_text("已记下，法院会收到消息。")).to_be_visible()
    desk.look("68-assistance-done")


def print_the_receipt(desk: Desk, address: str, folder: Path) -> str:
    desk.go(address)
    kept = desk.download(desk.page.get_by_role("button", name="打印送达回证"), folder)
    _read_by_libreoffice(kept, folder)
    return _words(kept)


def send_back(desk: Desk, address: str) -> None:
    """The clerk cannot use the proof: why, and until when it is done again."""
    page = desk.page
    desk.go("/")
    page.get_by_role("link", name="协助请求").first.click()
    page.get_by_role("link", name="待法院收讫").click()
    page.get_by_role("row").filter(has_text=NUMBER).get_by_role("link").click()
    page.get_by_role("link", name="退回重办").click()
    page.get_by_label("哪里不能用，要补什么").fill(UNUSABLE)
    page.get_by_label("重办的最后一日").fill(today().isoformat())
    page.get_by_role("button", name="退回重办").click()
    expect(page.get_by_text("重办的最后一日要晚于今天。")).to_be_visible()
    expect(page.get_by_label("哪里不能用，要补什么")).to_have_value(UNUSABLE)
    page.get_by_label("重办的最后一日").fill((today() + timedelta(days=4)).isoformat())
    desk.look("68b-assistance-send-back")
    page.get_by_role("button", name="退回重办").click()
    expect(page.get_by_text("已退回，镇里会看到理由。")).to_be_visible()
    desk.look("68c-assistance-sent-back")
    page.get_by_role("link", name="不用办了，撤回请求").click()
    desk.look("68d-assistance-withdraw")


def do_it_again(desk: Desk, address: str) -> None:
    """What was noted the first time stands in the form; only what was wrong is written anew."""
    page = desk.page
    desk.go(address)
    expect(page.get_by_text(UNUSABLE).first).to_be_visible()
    desk.look("68e-assistance-again")
    page.get_by_role("link", name="记结果").click()
    expect(page.get_by_text(UNUSABLE)).to_be_visible()
    expect(page.get_by_label("拒收事由")).to_have_value("看过传票，说不签")
    page.get_by_label("职务", exact=False).first.fill("主任")
    page.get_by_label("文书留在受送达人的住所").check()
    desk.look("68f-assistance-form-again")
    page.get_by_role("button", name="记下结果").click()
    expect(page.get_by_text("已记下，法院会收到消息。")).to_be_visible()


def receive(desk: Desk, address: str) -> None:
    page = desk.page
    desk.go("/")
    expect(page.get_by_text("收讫直接送达的结果").first).to_be_visible()
    desk.go(address)
    page.get_by_role("link", name="收讫").click()
    page.get_by_role("button", name="收讫").click()
    expect(page.get_by_text("已收讫，这一件了结。")).to_be_visible()
    desk.look("69-assistance-received")


def stay_outside(desk: Desk, address: str) -> None:
    assert desk.go(address) == 404


def look_without_names(desk: Desk, address: str) -> None:
    """The county sees that it is there and how it ended, and nobody's name."""
    desk.go(address)
    expect(desk.page.get_by_text("卢**")).to_be_visible()
    expect(desk.page.get_by_text(NAME)).to_have_count(0)
    desk.look("70-assistance-county")


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#8f6b3f").save(out, "JPEG")
    return out.getvalue()


def _words(kept: Path) -> str:
    return "\n".join(cell.text for table in Document(str(kept)).tables for row in table.rows for cell in row.cells)


def _read_by_libreoffice(kept: Path, folder: Path) -> None:
    """The receipt on one page, as a clerk's office prints it."""
    office = shutil.which("soffice")
    if office is None:
        return
    profile = f"-env:UserInstallation=file://{folder}/office"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(kept)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert re.findall(rb"/Type\s*/Page\b", kept.with_suffix(".pdf").read_bytes()) == [b"/Type/Page"]
