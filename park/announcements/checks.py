"""May this text go out? What it says as one fingerprint, and the personal data in it that no public page has [L6]."""

from django.core.cache import cache

from park.attachments import contains_personal_data, personal_data_in
from park.documents import hash_of

DAY = 24 * 60 * 60


def text_hash(announcement) -> str:
    """Fingerprint of everything the public will read: a changed text is read anew."""
    files = announcement.files.select_related("stored")
    return hash_of(
        {
            "title": announcement.title,
            "text": announcement.text,
            "columns": announcement.columns,
            "rows": announcement.rows,
            "days": announcement.notice_days,
            "files": [[row.title, row.stored.sha256] for row in files],
        }
    )


def personal_data(announcement) -> list[str]:
    """One sentence for each identity number, mobile or birth date, saying where it stands."""
    found = _said("标题", announcement.title) + _said("正文", announcement.text)
    labels = {column["key"]: column["label"] for column in announcement.columns}
    for number, row in enumerate(announcement.rows, 1):
        for key, value in row.items():
            if key in labels:
                found += _said(f"名单第 {number} 行“{labels[key]}”", str(value))
    for row in announcement.files.select_related("stored"):
        found += _said(f"附件“{row.title}”的名称", row.title)
        found += [f"附件“{row.title}”中有{what}，不能公开。" for what in _in_file(row.stored)]
    return found


def _said(where, text) -> list[str]:
    return [f"{where}中有{what}，不能公开。" for what in personal_data_in(text)]


def _in_file(stored) -> list[str]:
    """A file never changes, so its text is searched once."""
    key = f"announcements:personal:{stored.sha256}"
    found = cache.get(key)
    if found is None:
        found = contains_personal_data(stored)
        if not any("无法读取" in what for what in found):
            cache.set(key, found, DAY)
    return found
