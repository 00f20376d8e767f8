"""Addresses put together from stand-ins: the same as Django's, for every page there is."""

from uuid import UUID, uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import address

CODE = "TP2308-0146"
SAMPLES = {"int": 7, "uuid": UUID("0f8fad5b-d9cb-469f-a165-70867728950e"), "slug": "some-verb"}


def pages(entry, namespaces=(), before=()):
    """Each named page with the kinds of its keys in their order."""
    if isinstance(entry, URLPattern):
        if entry.name:
            yield ":".join((*namespaces, entry.name)), [*before, *entry.pattern.converters.items()]
        return
    inside = (*namespaces, entry.namespace) if entry.namespace else namespaces
    for one in entry.url_patterns:
        yield from pages(one, inside, [*before, *entry.pattern.converters.items()])


def sample(converter):
    kind = type(converter).__name__.removesuffix("Converter").lower()
    return SAMPLES.get(kind, CODE)


PAGES = {name: [sample(converter) for _, converter in keys] for name, keys in pages(get_resolver())}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_has_the_address_that_django_gives_it(name):
    keys = PAGES[name]
    try:
        expected = reverse(name, args=keys)
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            address(name, *keys)
        return
    assert address(name, *keys) == expected
    assert address(name, *keys) == expected  # the second time from what was kept


def test_the_pages_are_those_of_the_product():
    assert isinstance(get_resolver(), URLResolver)
    assert {"dispute-page", "disputes:edit-party", "disputes:danger"} <= PAGES.keys()


@given(st.integers(1, 10**9), st.integers(0, 9999), st.uuids())
def test_keys_stand_where_they_belong_whatever_they_are(number, serial, party):
    code = f"TP2308-{serial:04d}"

    assert address("disputes:lower-risk", code, number) == reverse("disputes:lower-risk", args=[code, number])
    assert address("disputes:edit-party", code, party) == reverse("disputes:edit-party", args=[code, party])


@pytest.mark.parametrize("key", ["", "../x", "a b", "太平", "x" * 10, True, None, 1.5])
def test_a_key_that_no_page_takes_is_refused_as_by_django(key):
    with pytest.raises(NoReverseMatch):
        reverse("disputes:danger", args=[key])
    with pytest.raises(NoReverseMatch):
        address("disputes:danger", key)


def test_the_tag_of_the_templates_gives_the_same():
    party = uuid4()
    told = Context({"code": CODE, "party": party})

    assert Template('{% url "disputes:reveal" code party %}').render(told) == reverse(
        "disputes:reveal", args=[CODE, party]
    )
    assert Template('{% url "no-such-page" as where %}{{ where }}').render(told) == ""
