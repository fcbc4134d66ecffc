"""What the park announces: drafted, read by three, published, objected to, concluded (W6; 公示 between [3.2.2] and [3.2.3]).

An app registers each kind of announcement with what happens in its own records (`register`, in
`AppConfig.ready`), and never lists a field that is not meant for the public.
"""

from park.announcements.kinds import KINDS, Kind, register
from park.announcements.table import ANNOUNCEMENT, STAGES, VERBS, handles

__all__ = ["ANNOUNCEMENT", "KINDS", "STAGES", "VERBS", "Kind", "handles", "register"]
