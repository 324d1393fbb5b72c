"""Probes for whoever runs the service. Plain Django: they must work when little else does."""

from dataclasses import asdict
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .health import NOT_READY, report_health
from .problems import not_found


@csrf_exempt
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Answer while the process lives; it asks nobody else."""
    return JsonResponse({"status": "alive"})


@csrf_exempt
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Answer 200 when requests can be served, 503 when a required check fails."""
    report = report_health()
    status = HTTPStatus.SERVICE_UNAVAILABLE if report.status == NOT_READY else HTTPStatus.OK
    return JsonResponse(asdict(report), status=status)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer every unknown address of the API as a problem, where DEBUG would show a page."""
    return not_found(request, Http404())
