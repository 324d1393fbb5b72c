"""Taking one's data along, and leaving for good, over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import idempotent
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import StrictSerializer, read_body, read_nothing, read_query
from users import selectors
from users.authentication import access_claims, signed_in_user
from users.models import DataExport, ExportStatus
from users.services.exporting_data import DataExports, Downloads
from users.services.leaving import AccountLeaving

PASSWORD_LENGTH = 128
NONE = "none"


class Confirmation(StrictSerializer):
    password = serializers.CharField(
        max_length=PASSWORD_LENGTH,
        trim_whitespace=False,
        required=False,
        help_text="Of an account that has one; without one, sign in again within ten minutes before",
    )


class Export(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id", allow_null=True)
    status = serializers.ChoiceField(
        choices=[NONE, *ExportStatus.values], help_text="`none` where there is no copy, or no more"
    )
    requested_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="When the file and the link end"
    )
    size_bytes = serializers.IntegerField()
    download_url = serializers.SerializerMethodField(
        help_text="Of a copy that is ready: whoever has this link may download it until it expires"
    )

    def get_download_url(self, export: DataExport | dict[str, object]) -> str | None:
        if not isinstance(export, DataExport) or export.status != ExportStatus.READY:
            return None
        return reverse("export-download", kwargs={"token": Downloads().sign(export)})


NO_EXPORT: dict[str, object] = {
    "public_id": None,
    "status": NONE,
    "requested_at": None,
    "finished_at": None,
    "expires_at": None,
    "size_bytes": 0,
}


class LeavingView(LimitedView):
    """`DELETE` of the account that asks; a view of the same address inherits it."""

    limits: ClassVar[dict[str, ViewLimit]] = {
        "delete": ViewLimit(scope="leaving", user=Rate(5, window_s=3600), address=Rate(5))
    }
    # The schema lists a body of DELETE only where a view says so.
    takes_body_on_delete = True
    leaving = AccountLeaving()

    @extend_schema(
        operation_id="users_me_delete",
        request=Confirmation,
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="The account is erased.")},
    )
    def delete(self, request: Request) -> Response:
        """
        Erase the account for good, and end every session.

        What identifies its owner is gone with this answer, the rest within minutes; docs/privacy.md
        says what the law has us keep, without a name.
        """
        body = read_body(request, Confirmation)
        self.leaving.leave(
            user=signed_in_user(request),
            session_id=access_claims(request).session_id,
            password=body.get("password"),
            now=timezone.now(),
        )
        return Response(status=HTTPStatus.NO_CONTENT)


class ExportEndpoint(LimitedView):
    limits = {
        "get": ViewLimit(scope="export-state", user=Rate(60), address=Rate(60)),
        "post": ViewLimit(scope="export", user=Rate(10), address=Rate(10)),
    }
    exports = DataExports()

    @extend_schema(
        operation_id="users_me_export",
        responses=Export,
    )
    def get(self, request: Request) -> Response:
        """Return the state of the newest copy of one's data, and its link once it is ready."""
        read_query(request, StrictSerializer)
        user = signed_in_user(request)
        export = selectors.find_newest_export(user=user, now=timezone.now())
        return Response(Export(export or NO_EXPORT).data)

    @extend_schema(
        operation_id="users_me_export_request",
        request=None,
        responses={
            HTTPStatus.ACCEPTED: OpenApiResponse(
                Export,
                description="It is built in the background, and a mail says when it is there.",
            )
        },
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask for a copy of everything that is kept about oneself, three times a day at most."""
        read_nothing(request)
        export = self.exports.request(user=signed_in_user(request), now=timezone.now())
        return Response(Export(export).data, status=HTTPStatus.ACCEPTED)


class DownloadEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {"get": ViewLimit(scope="export-download", user=Rate(30), address=Rate(30))}
    downloads = Downloads()

    @extend_schema(
        operation_id="users_export_download",
        responses={(HTTPStatus.OK, "application/zip"): OpenApiTypes.BINARY},
        auth=[],
    )
    def get(self, request: Request, token: str) -> FileResponse:
        """Download a copy by its link. The link says whose it is: keep it as one keeps the file."""
        read_query(request, StrictSerializer)
        export, file = self.downloads.open(token=token, now=timezone.now())
        name = f"dongne-{export.requested_at:%Y-%m-%d}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
