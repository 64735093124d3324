"""Addresses of impact stories, surveys and action plans."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
