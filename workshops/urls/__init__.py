"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import (
    attendance,
    benefit,
    duties,
    fee,
    house_rule,
    lead,
    leader_change,
    ledger,
    person,
    policy,
    repair,
    residency,
    returns,
    safety,
    statistics,
    studio,
)

app_name = "workshops"

urlpatterns = [
    *studio.urlpatterns,
    *attendance.urlpatterns,
    *benefit.urlpatterns,
    *duties.urlpatterns,
    *fee.urlpatterns,
    *house_rule.urlpatterns,
    *lead.urlpatterns,
    *leader_change.urlpatterns,
    *ledger.urlpatterns,
    *person.urlpatterns,
    *policy.urlpatterns,
    *repair.urlpatterns,
    *residency.urlpatterns,
    *returns.urlpatterns,
    *safety.urlpatterns,
    *statistics.urlpatterns,
]
