"""Print, as JSON, how many SQL statements each kind of page needs."""

import json

from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hubs.models import Hub


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        slugs = list(Hub.objects.published().values_list("slug", flat=True)[:6])
        pages = {
            "the hub list": "/hubs/",
            "a hub profile": f"/hubs/{slugs[0]}/",
            "a comparison": "/hubs/compare/?" + "&".join(f"hub={slug}" for slug in slugs),
            "the API list": "/api/v1/hubs/",
            "the CSV": "/hubs/?export=csv",
        }
        client = Client(headers={"host": "127.0.0.1"})
        counts = {}
        for name, path in pages.items():
            client.get(path)  # what is read once and kept does not count
            cache.clear()  # pages that were kept
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                b"".join(response)  # a stream asks the database while it is read
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status_code}")
            counts[name] = len(queries)
        self.stdout.write(json.dumps(counts))
