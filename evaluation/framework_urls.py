"""Addresses of frameworks, the indicator library and the guideline."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
