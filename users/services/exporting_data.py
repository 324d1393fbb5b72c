"""Copies of everything that is kept of one person: asked for, built, handed out, and gone a day later."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog
from django.core import signing
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from common import outbox
from common.acting import acting_as, acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from common.mailing import send_mail
from common.personal_data import Person
from users.models import DataExport, ExportStatus, User
from users.services.archiving import write_archive

logger = structlog.get_logger(__name__)

EXPORT_KIND: Final = "users.export"
A_DAY: Final = timedelta(days=1)
EXPORTS_A_DAY: Final = 3
FILE_KEPT_FOR: Final = timedelta(hours=24)
ROW_KEPT_FOR: Final = timedelta(days=30)
# A worker builds one in seconds; what is not there by now was lost with it.
BUILT_WITHIN: Final = timedelta(hours=1)
SALT: Final = "users.export"

READY_SUBJECT: Final = Bilingual(
    ko="요청하신 데이터 사본이 준비됐어요", en="The copy of your data is ready"
)
READY_TEXT: Final = Bilingual(
    ko="앱에서 24시간 안에 내려받아 주세요. 요청하지 않으셨다면 비밀번호를 바꿔 주세요.",
    en="Download it in the app within 24 hours. If you did not ask for it, change your password.",
)


class ExportNotFound(DomainError):
    """The link to a copy is forged or over, or its owner has left."""

    kind = Kind.NOT_FOUND
    code = "users/export-not-found"
    detail = Bilingual(
        ko="링크가 올바르지 않거나 기한이 지났어요. 새로 요청해 주세요.",
        en="This link is not right or its time is over: ask for a new copy.",
    )


class TooManyExports(DomainError):
    """As many copies in a day as one may have."""

    kind = Kind.LIMITED
    code = "users/too-many-exports"
    detail = Bilingual(
        ko="데이터 사본은 하루에 3번까지 요청할 수 있어요. {retry_after_s}초 뒤에 다시 시도해 주세요.",
        en="A copy can be asked for three times a day: try again in {retry_after_s} seconds.",
    )


def private_storage() -> Storage:
    return storages["private"]


@dataclass(frozen=True)
class DataExports:
    """Takes requests for copies, builds them, and drops them when their time is over."""

    open_storage: Callable[[], Storage] = private_storage

    @transaction.atomic(durable=True)
    def request(self, *, user: User, now: datetime) -> DataExport:
        """
        Have a copy built in the background; while one is being built, that one is the answer.

        Raises:
            TooManyExports: this would be the fourth within a day.
        """
        # Whoever asks twice at once is told apart here, not by the constraint.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        mine = DataExport.objects.filter(user=user)
        under_way = mine.filter(status=ExportStatus.REQUESTED).first()
        if under_way is not None:
            return under_way
        recent = list(
            mine.filter(requested_at__gt=now - A_DAY)
            .order_by("-requested_at")
            .values_list("requested_at", flat=True)[:EXPORTS_A_DAY]
        )
        if len(recent) == EXPORTS_A_DAY:
            wait = recent[-1] + A_DAY - now
            raise TooManyExports(retry_after_s=max(1, round(wait.total_seconds())))
        export = DataExport.objects.create(user=user, requested_at=now)
        outbox.record(kind=EXPORT_KIND, payload={"export_id": export.pk}, about_user_id=user.pk)
        return export

    def build(self, *, export_id: int, clock: Callable[[], datetime]) -> None:
        """
        Build a copy as its owner, who sees nothing of anybody else.

        Safe to do twice: it does nothing where the copy is there, or given up, or its owner has left.
        """
        with acting_as_system():  # the task was queued by whoever relays the outbox
            waiting = DataExport.objects.filter(pk=export_id, status=ExportStatus.REQUESTED)
            export = waiting.first()
        if export is None:
            return
        with acting_as(export.user_id):
            try:
                key, size_bytes = self._store_archive(export, now=clock())
            except Exception:
                self._fail(export, now=clock())
                raise
            if not self._finish(export, key=key, size_bytes=size_bytes, now=clock()):
                self.open_storage().delete(key)

    def _store_archive(self, export: DataExport, *, now: datetime) -> tuple[str, int]:
        """Return the key and the size of the file."""
        person = Person(user_id=export.user_id, public_id=export.user.public_id)
        with tempfile.TemporaryFile() as file:
            write_archive(file, person=person, now=now)
            size_bytes = file.tell()
            file.seek(0)
            return self.open_storage().save(f"exports/{uuid4()}.zip", File(file)), size_bytes

    @transaction.atomic(durable=True)
    def _finish(self, export: DataExport, *, key: str, size_bytes: int, now: datetime) -> bool:
        """Hand the copy over, and tell whether there still is somebody to hand it to."""
        # Locked as leaving locks it: either it sees this copy, or there is nobody left here.
        user = User.objects.select_for_update(no_key=True).get(pk=export.user_id)
        waiting = DataExport.objects.filter(pk=export.pk, status=ExportStatus.REQUESTED)
        if not user.is_active or not waiting.update(
            status=ExportStatus.READY,
            finished_at=now,
            expires_at=now + FILE_KEPT_FOR,
            file_key=key,
            size_bytes=size_bytes,
        ):
            return False
        send_mail(
            to=user.email,
            subject=READY_SUBJECT.in_language(user.locale),
            text=READY_TEXT.in_language(user.locale),
            about_user_id=user.pk,
        )
        return True

    def _fail(self, export: DataExport, *, now: datetime) -> None:
        DataExport.objects.filter(pk=export.pk, status=ExportStatus.REQUESTED).update(
            status=ExportStatus.FAILED, finished_at=now
        )

    @acting_as_system()
    def sweep(self, *, now: datetime) -> int:
        """Drop the files whose day is over, give up what was never built; return how many files."""
        DataExport.objects.filter(
            status=ExportStatus.REQUESTED, requested_at__lt=now - BUILT_WITHIN
        ).update(status=ExportStatus.FAILED, finished_at=now)
        storage = self.open_storage()
        over = DataExport.objects.filter(expires_at__lte=now).exclude(file_key="")
        dropped = 0
        for export in over.order_by("pk").iterator():
            storage.delete(export.file_key)
            DataExport.objects.filter(pk=export.pk).update(file_key="")
            dropped += 1
        DataExport.objects.filter(requested_at__lt=now - ROW_KEPT_FOR, file_key="").delete()
        return dropped


@dataclass(frozen=True)
class Downloads:
    """Links to copies, and the files behind them."""

    open_storage: Callable[[], Storage] = private_storage

    def sign(self, export: DataExport) -> str:
        """Return the token of a link: whoever has it may download this copy while it is there."""
        return signing.dumps(str(export.public_id), salt=SALT)

    def open(self, *, token: str, now: datetime) -> tuple[DataExport, File[bytes]]:
        """
        Return the copy behind a token, and its file.

        Raises:
            ExportNotFound: the token is forged or over, the copy expired, or its owner left.
        """
        try:
            public_id = signing.loads(token, salt=SALT, max_age=FILE_KEPT_FOR)
        except signing.BadSignature:
            raise ExportNotFound from None
        ready = DataExport.objects.filter(
            public_id=public_id, status=ExportStatus.READY, expires_at__gt=now
        )
        with acting_as_system():  # who has the link may open it, signed in or not
            export = ready.first()
        if export is None or not export.file_key:
            raise ExportNotFound
        with acting_as(export.user_id):
            if not export.user.is_active:
                raise ExportNotFound
        try:
            return export, self.open_storage().open(export.file_key)
        except FileNotFoundError:
            raise ExportNotFound from None
