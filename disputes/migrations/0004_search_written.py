"""Every dispute registered before gets its tokens, then they get their index.

A batch is a transaction: a run that was cut short goes on where it stopped.
"""

from django.db import migrations

import core.tokens
from disputes.actions.search import write_tokens


def write(apps, schema_editor):
    for _ in write_tokens(apps.get_model("disputes", "Dispute").objects.all()):
        pass


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("disputes", "0003_search")]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.AddIndex("dispute", core.tokens.TokensIndex(fields=["search"], name="dispute_search")),
    ]
