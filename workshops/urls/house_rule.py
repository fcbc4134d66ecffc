"""House rules and breaches."""

from django.urls import path

from workshops.views import house_rule

urlpatterns = [
    path("rules/", house_rule.house_rules, name="house_rules"),
    path("rules/new/", house_rule.publish_rule, name="publish_rule"),
    path("rules/breaches/", house_rule.breaches, name="breaches"),
    path("rules/breaches/new/", house_rule.record_breach, name="record_breach"),
    path("rules/breaches/<uuid:key>/", house_rule.breach, name="breach"),
    path("rules/breaches/<uuid:key>/proof/", house_rule.breach_proof, name="breach_proof"),
    path("rules/<uuid:key>/", house_rule.house_rule, name="house_rule"),
    path("rules/<uuid:key>/new/", house_rule.publish_rule, name="publish_version"),
    path("rules/<uuid:key>/read/", house_rule.confirm_reading, name="confirm_reading"),
    path("rules/<uuid:key>/remind/", house_rule.remind_readers, name="remind_readers"),
    path("rules/<uuid:key>/<int:number>/file/", house_rule.house_rule_file, name="house_rule_file"),
    path("<uuid:key>/conduct/", house_rule.studio_conduct, name="studio_conduct"),
]
