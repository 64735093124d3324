"""Spaces, threads and posts as the API's document describes them, and as programs write them."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from community.models import Post, Space, SpaceDimension, Thread, ThreadKind
from community.models.post import MOST_TEXT
from core import codes
from hubs.models import Hub
from hubs.serializers.fields import CodeField, OwnChoices, OwnChoicesMixin, StrictBodyMixin


class SpaceSerializer(serializers.Serializer[Any]):
    """A room for threads on one subject."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    description = serializers.CharField()
    readers = serializers.CharField(help_text="everybody, members, hub or people (of the space).")
    writers = serializers.CharField(help_text="members, hub or people.")
    people_shown_to = serializers.CharField(help_text="Who sees who belongs to it.")
    dimension = serializers.CharField(help_text="One of the five dimensions, or empty.")
    sector = serializers.CharField(help_text="OECD sector code, or empty.")
    hub = serializers.SlugField(allow_null=True)
    is_archived = serializers.BooleanField(help_text="Whether nobody writes there any more.")
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class ThreadSerializer(serializers.Serializer[Any]):
    """A thread; its posts are in `/api/v1/posts/?thread=<id>`."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    space = serializers.SlugField(allow_null=True, help_text="null: comments on a thing.")
    kind = serializers.CharField()
    about = serializers.CharField(help_text="The kind of thing that it is about, or empty.")
    about_slug = serializers.CharField()
    language = serializers.CharField()
    author = serializers.SlugField(allow_null=True)
    state = serializers.CharField()
    is_pinned = serializers.BooleanField()
    is_locked = serializers.BooleanField()
    closes_on = serializers.DateField(allow_null=True)
    accepted_post = serializers.IntegerField(allow_null=True)
    summary = serializers.CharField(help_text="Markdown.")
    posts = serializers.IntegerField(help_text="How many are shown.")
    views = serializers.IntegerField(help_text="Once by each visitor on a day.")
    begun_at = serializers.DateTimeField()
    last_post_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class PostSerializer(serializers.Serializer[Any]):
    """A post; a removed one has no text."""

    id = serializers.IntegerField()
    thread = serializers.IntegerField()
    number = serializers.IntegerField(help_text="Its place in the thread.")
    author = serializers.SlugField()
    state = serializers.CharField(help_text="shown, held (for you only) or removed.")
    text = serializers.CharField(help_text="Markdown.")
    answers = serializers.IntegerField(allow_null=True, help_text="The post that it answers.")
    useful = serializers.IntegerField(help_text="How many members found it useful.")
    removed_reason = serializers.CharField()
    version = serializers.IntegerField()
    written_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class SpaceContentSerializer(StrictBodyMixin, OwnChoicesMixin, serializers.ModelSerializer[Any]):
    """What a space is for, and whom it lets in."""

    hub = serializers.SlugRelatedField(
        slug_field="slug", queryset=Hub.objects.none(), allow_null=True, required=False
    )
    dimension = serializers.ChoiceField(SpaceDimension.choices, allow_blank=True, required=False)
    sector = CodeField(codes.SECTORS, allow_blank=True, required=False)
    own_choices: ClassVar[OwnChoices] = {"hub": Hub.objects.visible_to}

    class Meta:
        model = Space
        fields = (
            *("name", "description", "readers", "writers", "people_shown_to"),
            *("dimension", "sector", "hub"),
        )


class NewThreadSerializer(StrictBodyMixin, OwnChoicesMixin, serializers.Serializer[Any]):
    """A thread with its first post."""

    space = serializers.SlugRelatedField(slug_field="slug", queryset=Space.objects.none())
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(ThreadKind.choices, default=ThreadKind.DISCUSSION)
    language = CodeField(codes.LANGUAGES, default="en")
    closes_on = serializers.DateField(allow_null=True, default=None)
    text = serializers.CharField(max_length=MOST_TEXT, help_text="Markdown.")
    own_choices: ClassVar[OwnChoices] = {"space": Space.objects.visible_to}


class ThreadContentSerializer(StrictBodyMixin, serializers.ModelSerializer[Any]):
    """What a thread is called, and what it is."""

    language = CodeField(codes.LANGUAGES, required=False)

    class Meta:
        model = Thread
        fields = ("title", "kind", "language", "closes_on")


class NewPostSerializer(StrictBodyMixin, OwnChoicesMixin, serializers.Serializer[Any]):
    """A post in a thread."""

    thread = serializers.PrimaryKeyRelatedField(queryset=Thread.objects.none())
    text = serializers.CharField(max_length=MOST_TEXT, help_text="Markdown.")
    answers = serializers.PrimaryKeyRelatedField(
        queryset=Post.objects.none(), allow_null=True, default=None
    )
    own_choices: ClassVar[OwnChoices] = {
        "thread": Thread.objects.visible_to,
        "answers": Post.objects.visible_to,
    }


class PostTextSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Another text of one's own post."""

    text = serializers.CharField(max_length=MOST_TEXT, help_text="Markdown.")


class SummarySerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """What came of a thread that ends."""

    summary = serializers.CharField(max_length=10_000, allow_blank=True)


class WhySerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why something is taken out of sight; shown in its place."""

    reason = serializers.CharField(max_length=500)


class AcceptedSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """The post that answers the question; null: none does."""

    post = serializers.IntegerField(min_value=1, max_value=2**63 - 1, allow_null=True)


class MarkSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Whether it is so."""

    value = serializers.BooleanField()
