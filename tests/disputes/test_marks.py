"""Time and town among the tokens of a dispute."""

import importlib
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from disputes import bigrams, marks
from disputes.models import Dispute

DAY = date(2022, 3, 5)


def test_no_typed_word_asks_for_a_mark():
    for mark in marks.marks("445381101", DAY):
        assert all(mark not in phrase.tokens for phrase in bigrams.phrases(mark))
        assert mark not in bigrams.tokens(mark)


def found(phrases) -> int:
    return Dispute.objects.filter(search__holds=phrases).count()


@pytest.mark.parametrize("asked", [marks.of_year(2023), marks.of_month(date(2023, 9, 2)), marks.of_town("445381101")])
def test_a_registered_dispute_carries_its_marks(asked, register, mediator_of_taiping):
    register(mediator_of_taiping)
    assert found(asked) == 1
    assert found(marks.of_year(2022)) == found(marks.of_month(date(2023, 10, 1))) == found(marks.of_town("445381")) == 0


def test_what_was_registered_before_there_were_marks_gets_them(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    Dispute.objects.update(search=bigrams.tokens(dispute.title))
    assert found(marks.of_year(2023)) == 0
    migration = importlib.import_module("disputes.migrations.0005_search_marks")
    migration.write(None, SimpleNamespace(connection=connection))  # all it takes of a schema editor
    told = (marks.of_year(2023), marks.of_month(DAY.replace(2023, 9)), marks.of_town("445381101"))
    assert [found(one) for one in told] == [1, 1, 1]
    assert found(bigrams.phrases("沈水旺")) == 1
