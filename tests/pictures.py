"""A picture as a phone takes it, with what it should not tell."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

CAMERA = "Camera of the inspector"


def jpeg(name="现场.jpg", colour=(20, 90, 160)):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0110] = CAMERA
    Image.new("RGB", (320, 240), colour).save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
