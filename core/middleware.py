"""What happens around every request: its id and address, the session's limits, refusals as pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core import request_context

Handler = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = request_context.RequestContext(request_context.new_request_id(), request.META.get("REMOTE_ADDR", ""))
        with request_context.entered(context):
            response = self.get_response(request)
        response["X-Request-ID"] = context.request_id
        return response


class SessionLimitMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class RefusalMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
