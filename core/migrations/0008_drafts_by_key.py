"""A draft for each form that somebody fills, not one for all of a kind; those that wait keep what they hold."""

import json
from typing import Any

from django.conf import settings
from django.db import migrations, models

from core.privacy import DecryptionError


def tell_apart(apps: Any, _schema: Any) -> None:
    """The key of a form stands in what was typed. Of a draft that cannot be opened it stays empty: it is nobody's."""
    for draft in apps.get_model("core.FormDraft").objects.all():
        try:
            typed = dict(json.loads(draft.content))
        except (DecryptionError, ValueError):
            continue
        draft.key = str(typed.get("idempotency_key", ""))[:36]
        draft.save(update_fields=["key"])


def keep_the_newest(apps: Any, _schema: Any) -> None:
    """Backwards there is room for one draft of a kind and person: the one last written; the older ones are lost."""
    met = set()
    for draft in apps.get_model("core.FormDraft").objects.order_by("-saved_at", "-pk").only("user_id", "form"):
        if (draft.user_id, draft.form) in met:
            draft.delete()
        met.add((draft.user_id, draft.form))


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_form_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("formdraft", "key", models.CharField("哪一份", max_length=36, blank=True, default=""), False),
        migrations.AddField(
            "formdraft", "page", models.CharField("哪个窗口存的", max_length=36, blank=True, default=""), False
        ),
        migrations.AddField("formdraft", "version", models.PositiveIntegerField("存过几次", default=0)),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RemoveConstraint("formdraft", "core_one_draft_a_form"),
        migrations.RunPython(migrations.RunPython.noop, keep_the_newest),
        migrations.AddConstraint(
            "formdraft",
            models.UniqueConstraint(
                fields=["user", "form", "key"],
                name="core_one_draft_a_form_filled",
                violation_error_message="这一份表已经有草稿。",
            ),
        ),
    ]
