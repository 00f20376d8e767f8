"""One table, as wide as a plain list is."""

from typing import Any

from django.db import models


class Row(models.Model):
    town = models.CharField(max_length=9, db_index=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    kind = models.PositiveSmallIntegerField()
    amount = models.IntegerField()
    happened = models.DateField()
    created = models.DateTimeField(auto_now_add=True)

    objects: models.Manager[Any] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.title
