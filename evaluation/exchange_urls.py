"""Addresses of exchanges under `/evaluation/exchanges/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
