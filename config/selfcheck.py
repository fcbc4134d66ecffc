"""Would this studio meet the conditions of [3.1]? A questionnaire that keeps nothing (条件自查).

It asks for the very elements that the reviewers judge (applications/forms/sections.py), so the two cannot
drift apart. The answer is a hint to the applicant, never a decision.
"""

from dataclasses import dataclass, field

from django import forms

from applications.forms.sections import CLAIM_ELEMENTS, CLAIMS, STATEMENTS

PROJECTS = ("projects", "3.1.3", "有企业或职业院校需要解决的技术工艺难题或培训项目")


@dataclass(frozen=True)
class Demand:
    """One element of a condition and whether it was ticked."""

    clause: str
    text: str
    met: bool


@dataclass
class Verdict:
    """`ready`: one of (1)(2)(3) complete, and all of 2 and 3 [T2]. `claims` holds only those that were begun."""

    claims: dict[str, list[Demand]]
    others: list[Demand]
    key_project: bool
    complete: list[str] = field(init=False)
    missing: list[Demand] = field(init=False)

    def __post_init__(self):
        self.complete = [clause for clause, demands in self.claims.items() if all(d.met for d in demands)]
        self.missing = [d for d in self.others if not d.met]

    @property
    def ready(self) -> bool:
        return bool(self.complete) and not self.missing

    @property
    def begun(self) -> list[tuple[str, list[Demand]]]:
        """The claims that lack something; of no interest once another one is complete."""
        if self.complete:
            return []
        return [(clause, [d for d in demands if not d.met]) for clause, demands in self.claims.items()]


def _group(label, choices, help_text=""):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选项目不在问卷中，请重新勾选。"},
    )


def _named(clause):
    return [(name, words) for name, (of, _label, words) in STATEMENTS.items() if of == clause]


class SelfCheckForm(forms.Form):
    """One group of boxes per condition; nothing is required, an empty box is an answer."""

    skill = _group("（1）中已经具备的", list(CLAIM_ELEMENTS["3.1.1a"].items()))
    invention = _group("（2）中已经具备的", list(CLAIM_ELEMENTS["3.1.1b"].items()))
    teaching = _group("（3）中已经具备的", list(CLAIM_ELEMENTS["3.1.1c"].items()))
    means = _group("条件 2 中已经具备的", _named("3.1.2"))
    plans = _group("条件 3 中已经具备的", [*_named("3.1.3"), (PROJECTS[0], PROJECTS[2])])
    key_project = forms.BooleanField(
        label="参与国家、省、市重点技术攻关项目（优先，不是必备条件）", required=False
    )

    GROUPS = {"3.1.1a": "skill", "3.1.1b": "invention", "3.1.1c": "teaching"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def verdict(self) -> Verdict:
        """Of a valid form."""
        ticked = self.cleaned_data
        claims = {
            clause: [
                Demand(clause, words, name in ticked[group]) for name, words in CLAIM_ELEMENTS[clause].items()
            ]
            for clause, group in self.GROUPS.items()
            if ticked[group]
        }
        others = [
            Demand(clause, words, name in ticked["means"] + ticked["plans"])
            for name, clause, words in [
                *((name, clause, words) for name, (clause, _label, words) in STATEMENTS.items()),
                PROJECTS,
            ]
        ]
        return Verdict(claims, others, ticked["key_project"])

    def claim_fields(self):
        """[(clause, words of the clause, field)] for the three alternatives."""
        return [(clause, CLAIMS[clause], self[group]) for clause, group in self.GROUPS.items()]
