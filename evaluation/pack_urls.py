"""Addresses of report packs and IATI files."""

from django.urls import path

from evaluation.views import iati, packs

urlpatterns = [
    path("packs/<slug:slug>/", packs.pack_detail, name="pack_detail"),
    path("packs/<slug:slug>/zip/", packs.pack_zip, name="pack_zip"),
    path("iati/<slug:slug>/", iati.iati_detail, name="iati_detail"),
    path("iati/<slug:slug>.xml", iati.iati_file, name="iati_file"),
]
