"""How long and how much memory does it take to refuse a hostile upload, or to accept an honest large one?

    python -m tests.bench.bench_uploads

Seconds are of the whole `attachments.check`; memory is the peak of the child that does the parsing. Exits with 1
when a refusal takes more than 2 s or anything takes more than 300 MB.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from park import attachments  # noqa: E402
from tests.park import upload_samples as samples  # noqa: E402
from tests.park.test_attachments import ANY, REFUSED  # noqa: E402

LIMIT_SECONDS, LIMIT_MB = 2.0, 300
HONEST = {
    "scan of 200 pages, 19 MB": ("a.pdf", lambda: long_scan()),
    "photo of 12 million pixels": ("a.jpg", lambda: samples.noise("JPEG", (4000, 3000), quality=85)),
    "photo of 24 million pixels": ("a.jpg", lambda: samples.noise("JPEG", (6000, 4000), quality=70)),
    "photo of 62 million pixels, progressive": (
        "a.jpg",
        lambda: samples.noise("JPEG", (8900, 7000), quality=30, progressive=True),
    ),
    "noisy PNG of 5 million pixels, 15 MB": ("a.png", lambda: samples.noise("PNG", (2600, 2000))),
    "PNG of 24 million pixels": ("a.png", lambda: samples.picture("PNG", (6000, 4000))),
    "small pdf": ("a.pdf", samples.pdf),
}
# A process of its own, small, so that the peak it sees is the child's and not inherited from this one.
LAUNCHER = """
import os, sys, json
pid = os.posix_spawn(sys.executable, [sys.executable, "-m", "park.inspection", *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(pid, 0)
print(json.dumps({"mb": usage.ru_maxrss / 1024, "cpu": usage.ru_utime + usage.ru_stime}), file=sys.stderr)
"""


def long_scan() -> bytes:
    page = samples.noise("JPEG", (560, 450), "L", quality=50)

    def change(document):
        for _ in range(199):
            document.add_blank_page()
        for at in range(200):
            stream = document.make_stream(
                page + b"\0" * at, Subtype=samples.Name.Image, Filter=samples.Name.DCTDecode
            )
            document.pages[at].Resources = samples.Dictionary(XObject=samples.Dictionary(Im=stream))

    return samples.pdf(change)


def measure(name: str, content: bytes) -> tuple[float, float, str]:
    """Seconds of the check, peak MB of its child, and the answer."""
    start = time.perf_counter()
    try:
        attachments.check(samples.upload(content, name), kinds=ANY, max_mb=20)
        answer = "accepted"
    except attachments.UnacceptableFile as refusal:
        answer = refusal.messages[0]
    seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.write_bytes(content)
        launched = subprocess.run(
            [sys.executable, "-c", LAUNCHER, "check", str(source), str(Path(folder, "drawn"))],
            capture_output=True,
            text=True,
            check=True,
        )
    return seconds, json.loads(launched.stderr.strip().splitlines()[-1])["mb"], answer


def main():
    worst_refusal = worst_memory = 0
    print(f"{'sample':42} {'MB in':>6} {'s':>6} {'peak MB':>8}  answer")
    rows = [(label, name, make) for label, (name, make, _) in REFUSED.items()]
    for label, name, make in rows + [(label, *rest) for label, rest in HONEST.items()]:
        content = make()
        seconds, mb, answer = measure(name, content)
        if answer != "accepted":
            worst_refusal = max(worst_refusal, seconds)
        worst_memory = max(worst_memory, mb)
        print(f"{label:42} {len(content) / 1e6:6.1f} {seconds:6.2f} {mb:8.0f}  {answer}")
    print(
        f"\nworst refusal {worst_refusal:.2f} s (limit {LIMIT_SECONDS} s), peak {worst_memory:.0f} MB (limit {LIMIT_MB} MB)"
    )
    sys.exit(worst_refusal > LIMIT_SECONDS or worst_memory > LIMIT_MB)


if __name__ == "__main__":
    main()
