"""Addresses of frameworks, the indicator library and the guideline."""

from django.urls import path

from evaluation.views import frameworks

urlpatterns = [
    path("frameworks/", frameworks.FrameworkListView.as_view(), name="framework_list"),
    path("frameworks/<slug:slug>/", frameworks.framework_detail, name="framework_detail"),
]
