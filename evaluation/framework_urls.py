"""Addresses of frameworks, the indicator library and the guideline."""

from django.urls import path

from evaluation.views import dimensions, frameworks, guideline, library, mapping
from evaluation.views import framework_editing as editing

FRAMEWORK = "frameworks/<slug:slug>/"
RESULT = f"{FRAMEWORK}results/<int:result_pk>/indicators/"
urlpatterns = [
    path("frameworks/", frameworks.FrameworkListView.as_view(), name="framework_list"),
    path("frameworks/begin/", editing.framework_begin, name="framework_begin"),
    path(FRAMEWORK, frameworks.framework_detail, name="framework_detail"),
    path(f"{FRAMEWORK}edit/", editing.framework_edit, name="framework_edit"),
    path(f"{FRAMEWORK}change/", editing.framework_change, name="framework_change"),
    path(f"{FRAMEWORK}publish/", editing.framework_publish, name="framework_publish"),
    path(f"{FRAMEWORK}results/add/", editing.result_write, name="result_add"),
    path(f"{FRAMEWORK}results/<int:pk>/", editing.result_write, name="result_change"),
    path(f"{FRAMEWORK}results/<int:pk>/remove/", editing.result_remove, name="result_remove"),
    path(f"{RESULT}add/", editing.indicator_write, name="indicator_add"),
    path(f"{RESULT}<int:pk>/", editing.indicator_write, name="indicator_change"),
    path(
        f"{FRAMEWORK}indicators/<int:pk>/remove/",
        editing.indicator_remove,
        name="indicator_remove",
    ),
    path(f"{FRAMEWORK}indicators/<int:pk>/target/", editing.target_write, name="target_write"),
    path(f"{FRAMEWORK}periods/make/", editing.period_make, name="period_make"),
    path(f"{FRAMEWORK}periods/<int:pk>/remove/", editing.period_remove, name="period_remove"),
    path(f"{FRAMEWORK}periods/<int:pk>/lock/", editing.period_lock, name="period_lock"),
    path(f"{FRAMEWORK}periods/<int:pk>/open/", editing.period_open, name="period_open"),
    path(f"{FRAMEWORK}mappings/", mapping.framework_mappings, name="framework_mappings"),
    path(
        f"{FRAMEWORK}mappings/<slug:source>/<slug:target>/",
        mapping.mapping_write,
        name="mapping_write",
    ),
    path("indicators/", library.IndicatorListView.as_view(), name="indicator_list"),
    path("indicators/add/", library.indicator_new, name="indicator_new"),
    path("indicators/<slug:code>/", library.indicator_detail, name="indicator_detail"),
    path("indicators/<slug:code>/revise/", library.indicator_revise, name="indicator_revise"),
    path("indicators/<slug:code>/retire/", library.indicator_retire, name="indicator_retire"),
    path("dimensions/", dimensions.dimension_list, name="dimension_list"),
    path("dimensions/add/", dimensions.dimension_add, name="dimension_add"),
    path("dimensions/<slug:code>/change/", dimensions.dimension_change, name="dimension_change"),
    path("guideline/", guideline.guideline, name="guideline"),
    path("guideline/<slug:slug>/", guideline.questionnaire, name="questionnaire"),
]
