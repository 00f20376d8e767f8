"""The migrations of core, forwards and back again, keep what there is room for."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from core.models import FormDraft
from core.queries import typed_in

INTAKE, OTHER = "disputes.intake", "another.form"


def content_of(key: str) -> str:
    """A form as typed, which carries its own key as every form does."""
    return json.dumps([["n", key], ["idempotency_key", key]])


@pytest.mark.django_db(transaction=True)
def test_backwards_the_newest_draft_of_each_person_and_form_is_kept(mediator_of_taiping, mediator_of_shuangdong):
    rows = [
        (mediator_of_taiping, INTAKE, "older", 2),
        (mediator_of_taiping, INTAKE, "newest", 0),
        (mediator_of_taiping, INTAKE, "old", 1),
        (mediator_of_taiping, OTHER, "another form", 3),
        (mediator_of_shuangdong, INTAKE, "another person", 4),
    ]
    for user, form, key, days in rows:
        saved_at = timezone.now() - timedelta(days=days)
        FormDraft.objects.create(user=user, form=form, key=key, content=content_of(key), saved_at=saved_at)

    try:
        MigrationExecutor(connection).migrate([("core", "0007_form_drafts")])
    finally:  # whatever comes of it, the tests behind find every table as it is now
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())

    kept = {(draft.key, typed_in(draft)["n"]) for draft in FormDraft.objects.all()}
    assert kept == {(key, key) for key in ("newest", "another form", "another person")}
