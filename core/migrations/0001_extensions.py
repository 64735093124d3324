"""PostgreSQL extensions that sorting and searching names need."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [UnaccentExtension(), TrigramExtension()]
