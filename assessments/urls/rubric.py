"""Editions of the scorecard."""

from django.urls import path

from assessments.views import rubric

urlpatterns = [
    path("rubrics/", rubric.rubrics, name="rubrics"),
    path("rubrics/compare/", rubric.compare_rubrics, name="compare_rubrics"),
    path("rubrics/<uuid:key>/", rubric.rubric, name="rubric"),
    path("rubrics/<uuid:key>/export/", rubric.export_rubric, name="export_rubric"),
    path("rubrics/<uuid:key>/copy/", rubric.copy_rubric, name="copy_rubric"),
    path("rubrics/<uuid:key>/change/", rubric.change_rubric, name="change_rubric"),
    path("rubrics/<uuid:key>/drop/", rubric.drop_rubric, name="drop_rubric"),
    path("rubrics/<uuid:key>/items/new/", rubric.rubric_item, name="new_rubric_item"),
    path("rubrics/<uuid:key>/items/<int:number>/", rubric.rubric_item, name="rubric_item"),
    path("rubrics/<uuid:key>/items/<int:number>/remove/", rubric.remove_rubric_item, name="remove_rubric_item"),
    path("rubrics/<uuid:key>/trial/", rubric.try_rubric, name="try_rubric"),
    path("rubrics/<uuid:key>/force/", rubric.force_rubric, name="force_rubric"),
    path("rubrics/<uuid:key>/take-back/", rubric.take_rubric_back, name="take_rubric_back"),
]  # fmt: skip
