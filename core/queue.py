"""The Celery app, by Django's settings. What it runs and when: `config/celery.py`, which workers and beat load.

Ten MiB: a web process loads it with its first bell, and most never ring one.
"""

from celery import Celery

app = Celery("liaison")
app.config_from_object("django.conf:settings", namespace="CELERY")
