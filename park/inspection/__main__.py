"""The child process: one task on one file, within limits, its answer as JSON on standard output."""

import json
import resource
import signal
import sys

from park.inspection import CHECK_SECONDS, MEMORY_MB, READ_SECONDS, TABLE_MEMORY_MB, Unacceptable, sniff


def check(path: str, target: str) -> dict:
    """What the file is, if it may come in; a picture is drawn anew into `target`."""
    with open(path, "rb") as file:
        found = sniff(file.read(64))
    if found == "pdf":
        from park.inspection import pdf

        return {"format": found, **pdf.inspect(path)}
    if found in ("jpg", "png"):
        from park.inspection import picture

        return {"format": found, **picture.inspect(path, target, found)}
    if found == "zip":
        from park.inspection import office

        return office.inspect(path)
    from park.inspection import video

    return {"format": found, **video.inspect(path)}


def qr(path: str, kind: str, max_pages: str) -> dict:
    from park.inspection import reading

    return {"texts": reading.qr_texts(path, kind, int(max_pages))}


def text(path: str, kind: str) -> dict:
    from park.inspection import reading

    return {"text": reading.text(path, kind)}


def rows(path: str, target: str, page: str, max_rows: str) -> dict:
    from park.inspection import table

    return table.rows(path, target, page, max_rows)


TASKS = {
    "check": (check, CHECK_SECONDS, MEMORY_MB),
    "qr": (qr, READ_SECONDS, MEMORY_MB),
    "text": (text, READ_SECONDS, MEMORY_MB),
    "rows": (rows, READ_SECONDS, TABLE_MEMORY_MB),
}


def main(name: str, *arguments: str):
    task, seconds, megabytes = TASKS[name]
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF ends the process
    try:
        answer = task(*arguments)
    except Unacceptable as refusal:
        answer = {"refusal": str(refusal)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
