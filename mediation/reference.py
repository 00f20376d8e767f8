"""Reference data of mediation: one 人民调解委员会 per town, with seal and numbers. Loading twice changes nothing."""

from collections.abc import Callable

from django.conf import settings

from core.choices import Level
from core.models import Division
from core.scope import within
from mediation.choices import OrganisationKind
from mediation.models import MediationOrganisation

TOWN_SUFFIXES = ("街道", "镇", "乡")


def load(say: Callable[[str], object]) -> None:
    """Write the committee of every town that has none yet; those that stand are left as the admin keeps them."""
    county = Division.objects.get(code=settings.COUNTY_CODE)
    towns = Division.objects.filter(within("code", county.code), level=Level.TOWN, is_statistical_only=False)
    have = set(
        MediationOrganisation.objects.filter(kind=OrganisationKind.PEOPLES_COMMITTEE).values_list(
            "division_id", flat=True
        )
    )
    made = [committee(county, town) for town in towns if town.code not in have]
    MediationOrganisation.objects.bulk_create(made)
    say(f"人民调解委员会 {len(have) + len(made)} 个")


def committee(county: Division, town: Division) -> MediationOrganisation:
    """罗定市太平镇人民调解委员会, numbers 太平人调〔2023〕1号."""
    name = f"{county.name}{town.name}人民调解委员会"
    return MediationOrganisation(
        name=name,
        seal_name=name,
        kind=OrganisationKind.PEOPLES_COMMITTEE,
        division=town,
        number_pattern=f"{short_name(town.name)}人调〔{{year}}〕{{serial}}号",
    )


def short_name(town: str) -> str:
    """太平 for 太平镇, 双东 for 双东街道."""
    for suffix in TOWN_SUFFIXES:
        town = town.removesuffix(suffix)
    return town
