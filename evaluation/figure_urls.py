"""Addresses of dashboards and of what stands behind a figure."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
