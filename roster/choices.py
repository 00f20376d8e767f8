"""Closed lists of roster: posts in a team, kinds of mediator, states of an import."""

from django.db.models import TextChoices


class TeamRole(TextChoices):
    JUDGE = "judge", "法官"
    JUDGE_ASSISTANT = "judge_assistant", "法官助理"
    MEDIATOR = "mediator", "调解人员"
    LIAISON_OFFICER = "liaison_officer", "联络人员"


class MediatorKind(TextChoices):
    TOWN_CADRE = "town_cadre", "镇（街）干部"
    VILLAGE_CADRE = "village_cadre", "村（社区）干部"
    JUDICIAL_OFFICE = "judicial_office", "司法所干部"
    PEOPLES_MEDIATOR = "peoples_mediator", "人民调解员"
    GRID_WORKER = "grid_worker", "网格员"
    VILLAGE_LAWYER = "village_lawyer", "驻村律师"


class ImportState(TextChoices):
    CHECKING = "checking", "核对中"
    FAILED = "failed", "没有核对成"
    PREVIEWED = "previewed", "待确认"
    APPLYING = "applying", "写入中"
    APPLIED = "applied", "已写入"
    DISCARDED = "discarded", "已放弃"
    EXPIRED = "expired", "已过期"


OPEN_IMPORTS = (ImportState.CHECKING, ImportState.FAILED, ImportState.PREVIEWED, ImportState.APPLYING)


class UnitKind(TextChoices):
    TOWN = "town", "镇（街）"
    COURT = "court", "市法院"
    BUREAU = "bureau", "市司法局"


class HandInState(TextChoices):
    """How a unit stands with its list on a day."""

    IN_TIME = "in_time", "按时"
    LATE = "late", "晚报"
    MISSING = "missing", "未报"
    WAITING = "waiting", "期限未到"


class ExportList(TextChoices):
    """Which people a list holds, and in which order."""

    COUNTY = "county", "全部镇（街），每个一张表"
    TOWN = "town", "一个镇（街）"
    COURT = "court", "法院名单，按人"
    BUREAU = "bureau", "司法局名单，按人"


class RowResult(TextChoices):
    """What an import does with a row."""

    CREATED = "created", "新增"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "不变"
    REJECTED = "rejected", "不能写入"
    LEFT_OUT = "left_out", "留下不写"


class Severity(TextChoices):
    ERROR = "error", "不能写入"
    WARNING = "warning", "请留意"


class ErrorCode(TextChoices):
    """The closed list of what makes a row, or a file, impossible to write."""

    FILE_UNREADABLE = "file_unreadable", "文件打不开"
    HEADER_MISSING = "header_missing", "没有表头"
    NAME_MISSING = "name_missing", "没有姓名"
    ID_INVALID = "id_invalid", "身份证号码不对"
    ID_CHECKSUM = "id_checksum", "身份证号码最后一位不对"
    ID_PRECISION_LOST = "id_precision_lost", "身份证号码丢了尾数"
    ID_BIRTH_MISMATCH = "id_birth_mismatch", "出生年月与身份证号码不一致"
    ID_SEX_MISMATCH = "id_sex_mismatch", "性别与身份证号码不一致"
    BIRTH_INVALID = "birth_invalid", "出生年月认不出"
    SEX_INVALID = "sex_invalid", "性别认不出"
    PHONE_INVALID = "phone_invalid", "联系电话不对"
    DUPLICATE_IN_FILE = "duplicate_in_file", "同一个人写了两次"
    TOWN_UNCLEAR = "town_unclear", "看不出是哪个镇（街）"


class WarningCode(TextChoices):
    """What is written all the same, but should be looked at."""

    SHEET_WITHOUT_HEADER = "sheet_without_header", "有一张表没有表头"
    SHEET_HIDDEN = "sheet_hidden", "有一张隐藏的表没有读"
    COLUMN_MISSING = "column_missing", "少一列"
    COLUMN_NOT_READ = "column_not_read", "有的列没有读"
    ROW_HIDDEN = "row_hidden", "这一行在表里是隐藏的"
    ADDRESS_NOT_WRITTEN = "address_not_written", "地址没有写出来"
    DITTO_NOT_TAKEN = "ditto_not_taken", "「同上」没有采用"
    SHEET_TOWN_DIFFERS = "sheet_town_differs", "表里写的是另一个镇（街）"
    TOWN_DIFFERS = "town_differs", "职务里写的是另一个镇（街）"
    FORMULA_IGNORED = "formula_ignored", "公式没有采用"
    BIRTH_FILLED = "birth_filled", "出生年月由身份证号码补上"
    SEX_FILLED = "sex_filled", "性别由身份证号码补上"
    PHONE_MISSING = "phone_missing", "没有联系电话"
    SHORT_NUMBER = "short_number", "短号没有登记"
    PHONE_SHARED = "phone_shared", "手机号码与另一行相同"
    ROLE_UNCLEAR = "role_unclear", "看不出岗位"
    CATEGORY_DIFFERS = "category_differs", "人员类别与职务不一致"
    KIND_UNCLEAR = "kind_unclear", "看不出是哪一类调解人员"
    MASK_IGNORED = "mask_ignored", "带星号的内容没有采用"
    NAMESAKE = "namesake", "名册里已有同名的人"
    NAME_DIFFERS = "name_differs", "名册里这个号码是另一个名字"
    FACTS_NOT_TAKEN = "facts_not_taken", "不归上传人登记的资料没有采用"
    NOT_ONES_OWN = "not_ones_own", "有的镇（街）不归上传人登记"
    TOWN_UNKNOWN = "town_unknown", "写的镇（街）认不出"
    EXAMPLE_SKIPPED = "example_skipped", "示例表没有读"
    IN_TWO_TOWNS = "in_two_towns", "同一个人在两个镇（街）"
    TOWNS_NOT_TAKEN = "towns_not_taken", "备注里的镇（街）没有登记任职"
    LEFT_BEFORE = "left_before", "已离任或任职已作废，名单里还有"
    STILL_SERVES = "still_serves", "备注里没有再写的镇（街），任职照旧"
