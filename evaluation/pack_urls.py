"""Addresses of report packs and IATI files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
