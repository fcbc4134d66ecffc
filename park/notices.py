"""Tell people: a message in the site at once, an e-mail through a background task after commit."""

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django_tasks import task

from park.models import Notification


def notify(users, text, *, url, subject=None):
    """One notification per person, in the caller's transaction; mail goes out only if it commits."""
    rows = Notification.objects.bulk_create(
        Notification(user=user, text=text[:300], url=url) for user in {u.pk: u for u in users}.values()
    )
    for row in rows:
        transaction.on_commit(partial(mail_notification.enqueue, row.pk))


@task()
def mail_notification(notification_id: int):
    """The mail says what happened and where to look; it holds no personal data."""
    row = Notification.objects.select_related("user").filter(pk=notification_id).first()
    if row is None or not row.user.email or not row.user.is_active:
        return
    send_mail(
        "镇江市技能大师产业创新园：有新的办理进展",
        f"{row.user.real_name}：\n\n您在产业创新园系统中有一条新消息，请登录查看：\n{settings.SITE_URL}{row.url}\n\n"
        "本邮件由系统自动发送，请勿回复。",
        None,
        [row.user.email],
    )


def unread_of(user):
    return Notification.objects.filter(user=user, read_at=None)
