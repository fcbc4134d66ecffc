"""How does a phone at the place talk with the server? Saving by script or by form, and pictures sent again safely."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect

from park import attachments, audit
from park.attachments import IMAGE
from park.formkeys import write_once
from park.forms.fields import tidy
from park.validators import is_uuid
from park.workflow import Refused


def wants_json(request) -> bool:
    """The script asks and keeps the page; without it the browser posts the form and gets a page."""
    return request.headers.get("Accept") == "application/json"


def take_photos(request, record, *, add, verb, back, photos=None):
    """Answer a POST of pictures from the camera or the album of a `record` with `photos` (or those given).

    `add(checked, client_key=, caption=)` keeps one picture. The key of the form makes sending them again harmless:
    the first picture has that very key, the others are derived from it.
    """
    first = request.POST.get("client_key", "")
    caption = tidy(" ".join(request.POST.get("caption", "").split())[:100])
    files = [*request.FILES.getlist("photo"), *request.FILES.getlist("album")]
    if not is_uuid(first) or not files:
        return _answer(request, back, 422, "没有上传：请拍照或选择照片。")
    photos = record.photos if photos is None else photos
    added, faults = [], []
    for place, file in enumerate(files):
        client_key = uuid.UUID(first) if place == 0 else uuid.uuid5(uuid.UUID(first), str(place))
        try:
            row = photos.filter(client_key=client_key).first()
            if row is None:
                checked = attachments.check(file, kinds=IMAGE)
                row = add(checked, client_key=client_key, caption=caption)
            added.append(row)
        except ValidationError as error:
            faults += error.messages
        except Refused as refusal:
            audit.record(verb, record, by=request.user, result="refused", note=str(refusal))
            return _answer(request, back, 409, str(refusal))
    if faults:
        return _answer(request, back, 422, "".join(faults), added)
    return _answer(request, back, 200, f"已上传 {len(added)} 张照片。", added)


def remove_photo(request, record, remove, *, verb, back):
    """Answer the POST that takes a picture out of a `record`: `remove()` does it, once however often it is pressed."""
    try:
        with write_once(request, record, verb) as write:
            remove()
            write.location = back
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "照片已删除。")
    return redirect(back)


def _answer(request, back, status, text, added=()):
    if wants_json(request):
        keys = [{"key": str(row.stored.key), "caption": row.caption} for row in added]
        return JsonResponse({"ok": status == 200, "message": text, "photos": keys}, status=status)
    (messages.success if status == 200 else messages.error)(request, text)
    return redirect(back)
