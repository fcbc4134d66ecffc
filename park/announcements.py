"""What the park announces: drafted, read by three, published, objected to, concluded (W6; 公示 between [3.2.2] and [3.2.3]).

An app registers each kind of announcement with what happens in its own records (`register`, in
`AppConfig.ready`), and never lists a field that is not meant for the public.
"""

from collections.abc import Callable
from dataclasses import dataclass

from park.models import AnnouncementStatus as S
from park.models import Role
from park.workflow import Stage


def nothing(announcement, *, by):
    """No record of the app is moved."""


@dataclass(frozen=True)
class Kind:
    """`published`, `withdrawn` and `concluded` are called (announcement, *, by) inside the step's transaction."""

    code: str
    title: str
    clause: str
    prefix: str
    notice: bool = False  # a 公示: working-day countdown and objections
    published: Callable = nothing
    withdrawn: Callable = nothing
    concluded: Callable = nothing


KINDS: dict[str, Kind] = {}


def register(code: str, **kwargs):
    KINDS[code] = Kind(code, **kwargs)


# fmt: off
STAGES = {
    #                      staff read       the public reads                        whose turn
    S.DRAFTING:  Stage("拟稿",       "",                                      Role.OFFICE),
    S.REVIEWING: Stage("审核中",     "",                                      Role.OFFICE),
    S.PUBLISHED: Stage("已发布",     "正在公示，可以实名提出异议。",          Role.OFFICE),
    S.CONCLUDED: Stage("已办结",     "公示已结束。"),
    S.WITHDRAWN: Stage("已撤下",     "公示已撤下。"),
}
# fmt: on
