"""Is this an MP4 whose boxes fill the file exactly?"""

import os
import struct

from park.inspection import Unacceptable

MAX_BOXES = 100_000
DAMAGED = "已损坏，无法播放，请重新导出为 MP4 后再上传"


def inspect(path: str) -> dict:
    """`{}`; raises Unacceptable. Only the headers of the top-level boxes are read."""
    size, at, seen = os.path.getsize(path), 0, []
    with open(path, "rb") as file:
        while at < size and len(seen) < MAX_BOXES:
            file.seek(at)
            header = file.read(16)
            if len(header) < 8:
                raise Unacceptable(DAMAGED)
            length, name = struct.unpack(">I4s", header[:8])
            if length == 1 and len(header) == 16:
                length = struct.unpack(">Q", header[8:])[0]
            elif length == 0:  # the last box runs to the end
                length = size - at
            if length < 8 or at + length > size:
                raise Unacceptable(DAMAGED)
            seen.append(name)
            at += length
    if at != size or seen[0] != b"ftyp" or b"moov" not in seen:
        raise Unacceptable(DAMAGED)
    return {}
