"""Handing out stored files: only to whom they are visible, always as a download."""

import uuid

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from core import queries
from core.access import require_if_named
from core.actions import audit
from core.models import StoredFile


@require_safe
def file_download(request: HttpRequest, file_id: uuid.UUID) -> FileResponse:
    """The file as an attachment; 404 outside the scope, 403 where the file's own kind asks for more."""
    assert request.user.is_authenticated
    stored = queries.file_for(request.user, file_id)
    require_if_named(request.user, f"{stored.subject_label}.download", stored)
    return attachment(stored, opened_by=request)


@require_safe
def file_thumbnail(request: HttpRequest, file_id: uuid.UUID) -> FileResponse:
    """The small picture of a file, for pages that show it; the file itself is a download and stands in the trail.

    404 outside the scope and where the file's page shows no thumbnails, 403 where the file's kind asks for more.
    """
    assert request.user.is_authenticated
    stored = queries.file_for(request.user, file_id)
    require_if_named(request.user, f"{stored.subject_label}.download", stored)
    if not stored.thumbnail_path:
        raise Http404("no thumbnail")
    return _guarded(FileResponse(_content(stored.thumbnail_path), content_type="image/jpeg"))


def attachment(stored: StoredFile, *, opened_by: HttpRequest) -> FileResponse:
    """A file that the signed-in user was found to be entitled to, as a download; audited."""
    content = _content(stored.path)
    assert opened_by.user.is_authenticated
    audit.record(
        "file.download", by=opened_by.user, subject=stored, division_code=stored.town_code, detail={"kind": stored.kind}
    )
    return _guarded(FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.content_type))


def _content(path: str) -> File:
    try:
        return default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404("file gone") from error


def _guarded(response: FileResponse) -> FileResponse:
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
