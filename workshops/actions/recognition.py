"""What the recognising authority decided is recorded and never changed [5.4.1][T19]; the level follows the last event."""

from django.db import transaction

from park import attachments, audit, notices
from park.models import Role, User
from park.workflow import Refused
from workshops.models import RecognitionEvent, Studio


@transaction.atomic
def record_recognition(studio, *, kind, level, document_no, authority, decided_on, note, scan, by):
    """Record one decision with its paper. `scan` is a CheckedUpload or None. Raises Refused for one recorded already.

    An ending one on a studio in the park only tells the office that [5.4.1] may follow: it ends nothing itself.
    """
    studio = Studio.objects.select_for_update(no_key=True).get(pk=studio.pk)
    if studio.recognitions.filter(kind=kind, document_no=document_no).exists():
        raise Refused("这份文件的同一事项已登记过。")
    event = RecognitionEvent.objects.create(
        studio=studio,
        kind=kind,
        level=level,
        document_no=document_no,
        authority=authority,
        decided_on=decided_on,
        note=note,
        stored=attachments.store(scan, by=by) if scan else None,
        recorded_by=by,
    )
    follow_last_event(studio)
    audit.record(
        "record_recognition",
        studio,
        by=by,
        after=f"{event.get_kind_display()} {level}",
        note=document_no,
        clause="5.4.1" if event.is_ending else "1",
    )
    if event.is_ending and studio.standing_residency() is not None:
        text = f"{studio}的认定已{event.get_kind_display()}（{document_no}），工作室仍在入驻，请研究是否取消入驻资格。"
        office = User.objects.with_role(Role.OFFICE, Role.LEAD_DIVISION)
        notices.notify(
            office.exclude(pk__in=studio.people.values("pk")),
            text,
            url=studio.get_absolute_url(),
            subject=studio,
        )
    return event


def follow_last_event(studio):
    """`level` as the last event by its date leaves it; an ending one empties it."""
    last = studio.recognitions.select_related("level").order_by("-decided_on", "-pk").first()
    level = None if last is None or last.kind in RecognitionEvent.ENDING else last.level
    if studio.level != level:
        studio.level = level
        studio.save(update_fields=["level"])
