"""Addresses of dashboards and of what stands behind a figure."""

from django.urls import URLPattern, path

from evaluation.views import dashboard, explaining, gaps

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("figures/<int:pk>/explain/", explaining.figure_explain, name="figure_explain"),
]
