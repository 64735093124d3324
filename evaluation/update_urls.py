"""Addresses where figures are reported and approved."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
