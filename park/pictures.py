"""How does a stored picture come onto a paper? Small, and within the page itself."""

import base64
import io

from PIL import Image

from park import attachments
from park.models import StoredFile

PRINTED = (900, 900)  # pixels: sharp at 80 mm


def printable(stored: StoredFile) -> str:
    """The picture as a data address; "" once its bytes were purged."""
    if stored.purged_at:
        return ""
    out = io.BytesIO()
    with Image.open(io.BytesIO(attachments.content_of(stored))) as picture:
        small = picture.convert("RGB")
        small.thumbnail(PRINTED)
        small.save(out, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
