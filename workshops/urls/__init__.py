"""Addresses of studios and life in the park, one file per concept."""

from workshops.urls import (
    attendance,
    fee,
    house_rule,
    lead,
    leader_change,
    ledger,
    person,
    repair,
    residency,
    returns,
    safety,
    studio,
)

app_name = "workshops"

urlpatterns = [
    *studio.urlpatterns,
    *attendance.urlpatterns,
    *fee.urlpatterns,
    *house_rule.urlpatterns,
    *lead.urlpatterns,
    *leader_change.urlpatterns,
    *ledger.urlpatterns,
    *person.urlpatterns,
    *repair.urlpatterns,
    *residency.urlpatterns,
    *returns.urlpatterns,
    *safety.urlpatterns,
]
