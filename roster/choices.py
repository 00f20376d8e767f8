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
    PREVIEWED = "previewed", "待确认"
    APPLIED = "applied", "已写入"
    DISCARDED = "discarded", "已放弃"
    REFUSED = "refused", "未能读取"


class UnitKind(TextChoices):
    TOWN = "town", "镇（街）"
    COURT = "court", "市法院"
    BUREAU = "bureau", "市司法局"
