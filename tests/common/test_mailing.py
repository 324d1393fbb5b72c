import pytest
from django.core import mail
from django.db import transaction

from common.mailing import send_mail
from common.models import OutboxEntry


@pytest.mark.django_db(transaction=True)
def test_a_mail_leaves_once_its_change_is_committed() -> None:
    with transaction.atomic():
        send_mail(to="a@example.com", subject="안녕하세요", text="반가워요.", about_user_id=7)
        before = len(mail.outbox)

    entry = OutboxEntry.objects.get()
    (sent,) = mail.outbox
    assert before == 0
    assert (sent.to, sent.subject, sent.body) == (["a@example.com"], "안녕하세요", "반가워요.")
    assert sent.message()["Message-ID"] == f"<{entry.effect_id}@localhost>"
    assert (entry.payload, entry.about_user_id) == ({}, 7)
