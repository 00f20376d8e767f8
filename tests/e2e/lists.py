"""A messy list of 分界镇, and what a hand does with it in the browser."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.roster.workbooks import person, roster

COURT = "罗定市人民法院"
RIGHT_ID = person(11)["身份证号码"]
WRONG_ID = RIGHT_ID[:-1] + ("1" if RIGHT_ID[-1] != "1" else "2")
MEDIATOR = "分界镇人民调解委员会 专职人民调解员"


def messy_list() -> bytes:
    """分界镇 is complete once rows 4, 6 and 8 are mended, row 9 is settled and the double in row 15 is left out."""
    mediators = [person(number, 姓名=f"甲{number}", 所在单位及职务=MEDIATOR) for number in range(1, 6)]
    mediators[0] |= {"联系电话": "13800"}
    mediators[2] |= {"姓名": ""}
    return roster(
        mediators[0],
        person(6, 姓名="乙六", 所在单位及职务=f"{COURT} 审判员"),
        mediators[2],
        mediators[1],
        person(11, 姓名="乙十一", 所在单位及职务=f"{COURT} 法官助理", 身份证号码=WRONG_ID),
        person(7, 姓名="丙七", 所在单位及职务="分界镇 退休教师"),
        mediators[3],
        mediators[4],
        person(8, 姓名="丙八", 所在单位及职务=MEDIATOR),
        person(9, 姓名="丙九", 所在单位及职务="分界司法所", 备注="联络员"),
        person(10, 姓名="丁十", 所在单位及职务="分界镇人大主席"),
        person(8, 姓名="丙八", 所在单位及职务=MEDIATOR),
        title="“法官联络点”人员名单（分界镇）",
    )


def upload(page: Page, file: Path) -> None:
    page.goto("/roster/import/")
    page.get_by_label("名单文件").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()


def retype(page: Page, label: str, text: str) -> None:
    """Type into a wrong cell and go on by keyboard, as people do; the row comes back checked."""
    with page.expect_response(re.compile(r"/rows/\d+/")):
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
    page.wait_for_timeout(100)


def mend_all(page: Page) -> None:
    """What `messy_list` needs, row by row: three cells retyped, one seat chosen, the double left out."""
    retype(page, "第 4 行电话", "13800000041")
    retype(page, "第 6 行姓名", "甲三")
    retype(page, "第 8 行身份证", RIGHT_ID)
    with page.expect_response(re.compile(r"/rows/6/")):
        page.get_by_label("第 9 行岗位").select_option(label="驻村律师")
    with page.expect_response(re.compile(r"/rows/12/")):
        page.locator("#row-12").get_by_label("留下不写").check()
