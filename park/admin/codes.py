"""Master data and settings in Django's admin: what the office keeps up itself, with import, export and a trail."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin

from park import audit, resources, rules
from park.models import (
    CraftField,
    District,
    Education,
    Ethnicity,
    Gender,
    Occupation,
    Origin,
    PoliticalStatus,
    RecognitionLevel,
    Rule,
    RuleChange,
    SkillLevel,
    UnitKind,
    Workday,
)
from park.permissions import is_auditor, is_office
from park.templatetags import ui

# ── code lists and the calendar ─────────────────────────────────────────────────────────────────


class ReferenceAdmin(ImportExportModelAdmin, SimpleHistoryAdmin):
    """Lists that the office keeps up by the rights of its group: added, changed, imported, retired, never deleted."""

    list_per_page = 60

    def has_delete_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)


class CodeListAdmin(ReferenceAdmin):
    list_display = ["code", "label", "short_label", "edition", "order", "on_form", "retired_on"]
    list_display_links = ["code", "label"]
    list_filter = ["edition", "on_form", ("retired_on", admin.EmptyFieldListFilter)]
    search_fields = ["code", "label", "short_label"]
    actions = ["retire"]

    def get_readonly_fields(self, request, obj=None):
        """A code that records may already carry stays as it is."""
        return ["code"] if obj and obj.code else []

    @admin.action(description="停用所选条目（今天起不再供选用）", permissions=["change"])
    def retire(self, request, queryset):
        entries = list(queryset.current())
        for entry in entries:
            entry.retired_on = timezone.localdate()
            entry.save(update_fields=["retired_on"])
            audit.record("retire_entry", entry, by=request.user, note=str(self.opts.verbose_name))
        self.message_user(request, f"已停用 {len(entries)} 项，已有记录不受影响。", messages.SUCCESS)


LISTS = {
    Gender: resources.GenderResource,
    Ethnicity: resources.EthnicityResource,
    PoliticalStatus: resources.PoliticalStatusResource,
    Education: resources.EducationResource,
    SkillLevel: resources.SkillLevelResource,
    RecognitionLevel: resources.RecognitionLevelResource,
    District: resources.DistrictResource,
    Origin: resources.OriginResource,
    UnitKind: resources.UnitKindResource,
    CraftField: resources.CraftFieldResource,
    Occupation: resources.OccupationResource,
}
for model, resource in LISTS.items():
    admin.site.register(
        model, type(f"{model.__name__}Admin", (CodeListAdmin,), {"resource_classes": [resource]})
    )


@admin.register(Workday)
class WorkdayAdmin(ReferenceAdmin):
    resource_classes = [resources.WorkdayResource]
    list_display = ["date", "is_workday", "name", "note", "source"]
    list_filter = ["is_workday", "source"]
    search_fields = ["name", "note"]
    date_hierarchy = "date"
    fields = ["date", "is_workday", "name", "note"]

    def get_readonly_fields(self, request, obj=None):
        return ["date"] if obj else []

    def save_model(self, request, obj, form, change):
        obj.source = Workday.Source.OFFICE
        super().save_model(request, obj, form, change)


# ── settings of the park ────────────────────────────────────────────────────────────────────────


class RuleForm(forms.ModelForm):
    """A new value and why. Saving goes through `rules.set_rule`; the model's own fields are never written here."""

    definition: rules.RuleDef
    new_reason = forms.CharField(
        label="修改理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="记入历史和审计，必填。",
    )

    class Meta:
        model = Rule
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.current = rules.get(self.definition.key)
        self.fields["new_value"].initial = self.current

    def clean_new_value(self):
        value = self.definition.clean(self.cleaned_data["new_value"])
        if value == self.current:
            raise ValidationError("新值与现值相同，没有修改。")
        return value


def field_for(definition: rules.RuleDef) -> forms.Field:
    """The form field that fits the kind of a rule."""
    named = {"label": f"新值（{definition.unit}）" if definition.unit else "新值"}
    bounds = {"min_value": definition.minimum, "max_value": definition.maximum}
    match definition.kind:
        case "days" | "int":
            return forms.IntegerField(**named, **bounds)
        case "decimal":
            return forms.DecimalField(**named, **bounds)
        case "bool":
            answers = [(True, "是"), (False, "否")]
            return forms.TypedChoiceField(
                **named, choices=answers, coerce=lambda v: v == "True", widget=forms.RadioSelect
            )
        case "choice":
            return forms.ChoiceField(**named, choices=definition.choices, widget=forms.RadioSelect)
        case "list":
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(
                **named, choices=definition.choices, widget=boxes, required=False
            )
        case "text":
            return forms.CharField(**named, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RuleChangeInline(admin.TabularInline):
    model = RuleChange
    fields = readonly_fields = ["at", "by", "old_words", "new_words", "reason"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True  # whoever sees the rule sees its history

    @admin.display(description="原值")
    def old_words(self, change):
        return _in_words(change.rule_id, change.old)

    @admin.display(description="新值")
    def new_words(self, change):
        return _in_words(change.rule_id, change.new)


def _in_words(key, stored) -> str:
    definition = rules.REGISTRY[key]
    return definition.show(definition.from_json(stored))


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    """Only the office decides; auditors read. Being a superuser gives nothing here: these rules steer procedures."""

    list_display = ["label", "group", "value_words", "clause", "changed_by", "changed_at"]
    list_select_related = ["changed_by"]
    list_per_page = 200
    inlines = [RuleChangeInline]
    readonly_fields = [
        "label", "group", "clause", "value_words", "default_words", "help", "silence", "changed_by", "changed_at", "reason",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).filter(key__in=rules.REGISTRY)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return is_office(request.user) or is_auditor(request.user)

    def has_change_permission(self, request, obj=None):
        return is_office(request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fieldsets(self, request, obj=None):
        about = ("本园设定", {"fields": self.readonly_fields})
        change = ("修改", {"fields": ["new_value", "new_reason"]})
        return [about, change] if self.has_change_permission(request, obj) else [about]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj and self.has_change_permission(request, obj):
            definition = rules.REGISTRY[obj.key]
            own = {"definition": definition, "new_value": field_for(definition)}
            kwargs["form"] = type("RuleForm", (RuleForm,), own)
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        try:
            rules.set_rule(obj.key, data["new_value"], by=request.user, reason=data["new_reason"])
        except ValidationError as refusal:  # somebody else made the same change a moment ago
            self.message_user(request, "".join(refusal.messages), messages.ERROR)

    @admin.display(description="设定", ordering="key")
    def label(self, rule):
        return rules.REGISTRY[rule.key].label

    @admin.display(description="类别")
    def group(self, rule):
        return rules.REGISTRY[rule.key].group

    @admin.display(description="条款")
    def clause(self, rule):
        return ui.clause(rules.REGISTRY[rule.key].clause)

    @admin.display(description="现值")
    def value_words(self, rule):
        return _in_words(rule.key, rule.value)

    @admin.display(description="默认值")
    def default_words(self, rule):
        definition = rules.REGISTRY[rule.key]
        return definition.show(definition.default)

    @admin.display(description="作用")
    def help(self, rule):
        return rules.REGISTRY[rule.key].help

    @admin.display(description="规定原文的情况")
    def silence(self, rule):
        return rules.REGISTRY[rule.key].silence
