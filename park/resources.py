"""Rows in and out of reference tables (xlsx, csv); the same Resources seed them (`manage.py load_reference_data`)."""

from copy import copy
from datetime import date
from pathlib import Path

import tablib
from import_export import fields, resources
from import_export.instance_loaders import CachedInstanceLoader
from import_export.widgets import ForeignKeyWidget

from park import validators
from park.models import (
    Body,
    CraftField,
    District,
    Education,
    Ethnicity,
    Gender,
    Occupation,
    Origin,
    PoliticalStatus,
    PrivacyNotice,
    RecognitionLevel,
    SkillLevel,
    Unit,
    UnitKind,
    Workday,
)


class ReferenceResource(resources.ModelResource):
    """Adds and updates, never deletes. Seeding passes `only_new=True`: what the office changed stays as it is."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.only_new = False

    def before_import(self, dataset, **kwargs):
        self.only_new = kwargs.get("only_new", False)
        super().before_import(dataset, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if self.only_new and not original._state.adding:
            return True
        return super().skip_row(instance, original, row, import_validation_errors)

    def for_delete(self, row, instance):
        return False


CODE_FIELDS = ["code", "label", "short_label", "edition", "order", "on_form", "retired_on"]


class CodeListMeta:
    import_id_fields = ["code"]
    fields = CODE_FIELDS
    skip_unchanged = True
    report_skipped = True
    clean_model_instances = True


class GenderResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = Gender


class EthnicityResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = Ethnicity


class PoliticalStatusResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = PoliticalStatus


class EducationResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = Education
        fields = [*CODE_FIELDS, "standard_code", "counts_as"]


class SkillLevelResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = SkillLevel
        fields = [*CODE_FIELDS, "name_2022"]


class RecognitionLevelResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = RecognitionLevel


class DistrictResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = District
        fields = [*CODE_FIELDS, "kind"]


class OriginResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = Origin


class UnitKindResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = UnitKind


class CraftFieldResource(ReferenceResource):
    class Meta(CodeListMeta):
        model = CraftField


class OccupationResource(ReferenceResource):
    """The official list comes with three columns: code, label, edition."""

    class Meta(CodeListMeta):
        model = Occupation
        import_id_fields = ["edition", "code", "label"]

    def get_instance(self, instance_loader, row):
        """The same code in the same edition is the same occupation, whatever its name; without a code, the name."""
        edition, code, label = ((row.get(name) or "").strip() for name in ("edition", "code", "label"))
        known = Occupation.objects.filter(edition=edition, code=code)
        return (known if code else known.filter(label=label)).first()


class BodyResource(ReferenceResource):
    """The organs of the park and their duties [5.1]."""

    parent = fields.Field("parent", column_name="parent", widget=ForeignKeyWidget(Body, "code"))

    class Meta(CodeListMeta):
        model = Body
        fields = ["code", "name", "duties", "clause", "parent", "order", "valid_from", "valid_until"]


class UnitResource(ReferenceResource):
    """Employers and sponsors; kind and district travel by code."""

    kind = fields.Field("kind", column_name="kind", widget=ForeignKeyWidget(UnitKind, "code"))
    district = fields.Field("district", column_name="district", widget=ForeignKeyWidget(District, "code"))

    class Meta(CodeListMeta):
        model = Unit
        import_id_fields = ["name"]
        fields = ["name", "credit_code", "kind", "district"]

    def before_import_row(self, row, **kwargs):
        super().before_import_row(row, **kwargs)
        if row.get("credit_code"):
            row["credit_code"] = validators.credit_code(row["credit_code"])

    def get_instance(self, instance_loader, row):
        """The same credit code is the same unit, whatever its name; without a code, the name."""
        code, name = row.get("credit_code") or "", (row.get("name") or "").strip()
        return (
            Unit.objects.filter(credit_code=code).first() if code else Unit.objects.filter(name=name).first()
        )


class WorkdayResource(ReferenceResource):
    class Meta:
        model = Workday
        import_id_fields = ["date"]
        fields = ["date", "is_workday", "name", "note", "source"]
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        instance_loader_class = CachedInstanceLoader

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        if (
            self.only_new
        ):  # hundreds of shipped days: written at once, their history begins with the first change
            self._meta = copy(self._meta)
            self._meta.use_bulk, self._meta.clean_model_instances = True, False


def state_calendar() -> tablib.Dataset:
    """The days off and the weekend days worked, of every year that the package chinesecalendar knows."""
    from chinese_calendar import constants  # deferred: 20 years of dates that only seeding needs

    rows = [
        (day.isoformat(), int(works), constants.Holiday(name).chinese, "", Workday.Source.STATE)
        for works, days in ((False, constants.holidays), (True, constants.workdays))
        for day, name in days.items()
    ]
    return tablib.Dataset(*sorted(rows), headers=["date", "is_workday", "name", "note", "source"])


class PrivacyNoticeResource(ReferenceResource):
    """The texts on personal data that people consented to; a new text is a new version."""

    class Meta:
        model = PrivacyNotice
        import_id_fields = ["version"]
        fields = ["version", "text", "in_force_from"]
        skip_unchanged = True
        report_skipped = True


def privacy_notices() -> tablib.Dataset:
    """data/privacy-notice/<version>.md: the first line is the day it comes into force, the rest its text."""
    dataset = tablib.Dataset(headers=["version", "text", "in_force_from"])
    for path in sorted((Path(__file__).parent / "data" / "privacy-notice").glob("*.md")):
        first, _, text = path.read_text(encoding="utf-8").partition("\n")
        dataset.append([path.stem, text.strip(), date.fromisoformat(first.strip()).isoformat()])
    return dataset


# What `manage.py load_reference_data` loads from this app, in order: a file under data/ or a function.
REFERENCE_DATA = [
    ("gender.csv", GenderResource),
    ("ethnicity.csv", EthnicityResource),
    ("political_status.csv", PoliticalStatusResource),
    ("education.csv", EducationResource),
    ("skill_level.csv", SkillLevelResource),
    ("recognition_level.csv", RecognitionLevelResource),
    ("district.csv", DistrictResource),
    ("origin.csv", OriginResource),
    ("unit_kind.csv", UnitKindResource),
    ("craft_field.csv", CraftFieldResource),
    ("occupation.csv", OccupationResource),
    ("body.csv", BodyResource),
    (state_calendar, WorkdayResource),
    (privacy_notices, PrivacyNoticeResource),
]
