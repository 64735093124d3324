"""Writing the library: who may, what is refused, that nothing typed or kept is lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Activity
from catalogue import services
from catalogue.forms import ResourceLinkForm
from catalogue.models import Resource, ResourceLink
from core.errors import DomainError, StaleEdit
from tests.api_clients import client_of
from tests.documents import ACCEPTED, PDF, REFUSED, document
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import PASSWORD, MemberFactory
from tests.pictures import files

pytestmark = pytest.mark.django_db
TYPED = {"title": "The guide", "language": "en", "kind": "guide", "year": "2012", "version": "1"}
ADD = "/catalogue/resources/add/"


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def hub():
    return make_hubs.HubFactory(slug="agency", name="Agency")


@pytest.fixture
def editor(client, hub):
    member = make_hubs.MembershipFactory(hub=hub).member
    client.force_login(member)
    return member


@pytest.fixture
def resource(hub):
    return make.ResourceFactory(hub=hub, slug="guide", title="The guide")


def url(name, *arguments):
    return reverse(f"catalogue:resource_{name}", args=["guide", *arguments])


def test_an_editor_adds_checks_and_publishes_a_resource(client, hub, editor):
    entry = make.EntryFactory(hub=hub, slug="cotton", published=True)
    typed = TYPED | {
        "hub": hub.pk,
        "languages": ["en", "es"],
        "authors": "Ana Sol; Bo Li",
        "entries": f"http://testserver{entry.get_absolute_url()}\n",
    }

    answer = client.post(ADD, typed, follow=True)

    made = Resource.objects.get()
    assert answer.redirect_chain == [("/catalogue/resources/the-guide/", 302)]
    assert "Not published" in answer.content.decode()
    assert made.author_list == ["Ana Sol", "Bo Li"]
    assert list(made.entries.all()) == [entry]
    assert client_of(None).get(made.get_absolute_url()).status_code == 404

    client.post("/catalogue/resources/the-guide/publish/", {"version": "1"})

    assert "Ana Sol" in client_of(None).get(made.get_absolute_url()).content.decode()
    verbs = Activity.objects.order_by("pk").values_list("verb", "audience", "actor")
    assert list(verbs)[-2:] == [
        ("resource.added", "moderators", editor.pk),
        ("resource.published", "public", editor.pk),
    ]


def test_two_of_one_title_and_one_without_latin_letters_have_addresses(client, hub, editor):
    for title in ("Add", "Add", "水"):
        client.post(ADD, TYPED | {"title": title, "hub": hub.pk})

    slugs = set(Resource.objects.values_list("slug", flat=True))
    assert slugs == {"add-2", "add-3", "resource"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", ""),
        ("title", "x" * 301),
        ("title", "a\x00b"),
        ("year", "1"),
        ("year", "9" * 30),
        ("year", "two"),
        ("kind", "novel"),
        ("language", "xx"),
        ("languages", "xx"),
        ("note", "x" * 10_000),
        ("hub", "9" * 30),
        ("hub", ""),
        ("entries", "no-such-entry"),
        ("entries", "\n".join(f"e{number}" for number in range(51))),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(client, hub, editor, column, value):
    answer = client.post(ADD, TYPED | {"hub": hub.pk, column: value})

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {column}
    assert "Error:" in answer.content.decode()
    assert not Resource.objects.exists()


def test_an_editor_gives_it_to_no_other_hub_and_to_no_other_hubs_entry(client, hub, editor):
    other = make_hubs.HubFactory()
    theirs = make.EntryFactory(hub=other, slug="theirs", published=True)

    as_theirs = client.post(ADD, TYPED | {"hub": other.pk})
    on_theirs = client.post(ADD, TYPED | {"hub": hub.pk, "entries": "theirs"})

    assert set(as_theirs.context["form"].errors) == {"hub"}
    assert set(on_theirs.context["form"].errors) == {"entries"}
    with pytest.raises(PermissionDenied):
        services.create_resource(Resource(title="x", kind="guide"), entries=[], by=editor)
    with pytest.raises(PermissionDenied):
        services.create_resource(
            Resource(title="x", kind="guide", hub=hub), entries=[theirs], by=editor
        )
    assert not Resource.objects.exists()


def test_an_entry_of_another_hub_that_a_moderator_named_stays(client, hub, editor, resource):
    theirs = make.EntryFactory(slug="theirs", published=True)
    resource.entries.add(theirs)
    form = client.get(url("edit")).context["form"]
    assert form["entries"].value() == "theirs"

    client.post(url("edit"), TYPED | {"hub": hub.pk, "entries": ""})

    assert list(resource.entries.all()) == [theirs]


def test_a_moderator_writes_the_portals_own_library():
    client = client_of(MemberFactory(moderator=True))

    client.post(ADD, TYPED)

    assert Resource.objects.get().hub is None


def test_who_edits_no_hub_adds_nothing_and_is_shown_what_they_typed():
    answer = client_of(MemberFactory()).post(ADD, TYPED)

    assert answer.status_code == 403
    assert "The guide" in answer.content.decode()


def test_a_change_is_kept_with_its_history(client, hub, editor, resource):
    client.post(url("edit"), TYPED | {"hub": hub.pk, "title": "New", "licence": "CC BY 4.0"})

    resource.refresh_from_db()
    assert (resource.title, resource.version, resource.slug) == ("New", 2, "guide")
    activity = Activity.objects.order_by("pk").last()
    assert (activity.verb, activity.audience) == ("resource.changed", "public")
    assert {change["field"] for change in activity.changes} >= {"title", "licence"}
    assert resource.history.count() == 2


def test_a_late_save_shows_both_texts_and_saves_nothing(client, hub, editor, resource):
    own = make.EntryFactory(hub=hub, slug="own", published=True)
    services.change_resource(
        resource, changes={"title": "Hers"}, entries=[own], expected_version=1, by=editor
    )

    late = client.post(url("edit"), TYPED | {"hub": hub.pk, "title": "Mine", "year": ""})

    assert late.status_code == 409
    differences = {
        str(each["label"]): (each["mine"], each["saved"]) for each in late.context["conflict"]
    }
    assert differences == {
        "Title": ("Mine", "Hers"),
        "Experience that it documents": ("", "own"),
    }
    resource.refresh_from_db()
    assert resource.title == "Hers"
    again = client.post(url("edit"), TYPED | {"hub": hub.pk, "title": "Mine", "version": "2"})
    assert again.status_code == 302


def test_what_was_typed_outlives_the_session(client, hub, resource):
    member = make_hubs.MembershipFactory(hub=hub).member

    client.post(url("edit"), TYPED | {"title": "Typed long"})
    client.post(
        f"/accounts/login/?next={url('edit')}", {"login": member.email, "password": PASSWORD}
    )

    page = client.get(url("edit"))
    assert page.context["form"]["title"].value() == "Typed long"


def test_publishing_what_changed_meanwhile_is_refused(client, hub, editor):
    make.ResourceFactory(hub=hub, slug="guide", is_published=False, version=3)

    client.post(url("publish"), {"version": "2"})
    client.post(url("publish"), {"version": "9" * 99})

    assert not Resource.objects.get().is_published


def test_withdrawing_hides_at_once_and_publishing_shows_again(client, editor, resource):
    client.post(url("withdraw"))
    assert client_of(None).get(resource.get_absolute_url()).status_code == 404
    assert client.get(resource.get_absolute_url()).status_code == 200

    client.post(url("publish"), {"version": "2"})
    assert client_of(None).get(resource.get_absolute_url()).status_code == 200
    assert list(Activity.objects.order_by("pk").values_list("verb", "audience"))[-2:] == [
        ("resource.withdrawn", "moderators"),
        ("resource.published", "public"),
    ]


def test_an_edited_starter_resource_is_starter_content_no_more(client, hub, editor, resource):
    Resource.objects.update(is_starter=True)

    client.post(url("link_add"), {"address": "example.org/a.pdf"})

    resource.refresh_from_db()
    assert not resource.is_starter
    assert resource.links.get().address == "https://example.org/a.pdf"


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_is_kept_and_given_out_under_names_of_ours(client, editor, resource, disk, name):
    content, content_type = ACCEPTED[name]

    answer = client.post(url("link_add"), {"language": "pt", "file": document(name, content)})

    assert answer.status_code == 302
    link = resource.links.get()
    assert link.content_type == content_type
    assert len(files(disk)) == 1
    assert name.rpartition(".")[0].lower() not in files(disk)[0].split(".")
    given = client_of(None).get(link.get_absolute_url())
    assert len(b"".join(given.streaming_content)) == link.bytes
    assert given["Content-Disposition"].startswith('attachment; filename="guide-pt.')
    assert "sandbox" in given["Content-Security-Policy"]


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing_behind(client, editor, resource, disk, what):
    name, content, says = REFUSED[what]

    answer = client.post(url("link_add"), {"file": document(name, content)})

    assert answer.status_code == 200
    assert says in str(answer.context["form"].errors["file"])
    assert "Choose it again." in answer.content.decode()
    assert files(disk) == []
    assert not resource.links.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"address": "https://example.org/", "file": True},
        {"address": "javascript:alert(1)"},
        {"address": "https://example.org/" + "x" * 1_000},
        {"address": "https://example.org/", "language": "xx"},
    ],
)
def test_a_copy_is_one_address_or_one_file(client, editor, resource, disk, sent):
    if "file" in sent:
        sent = sent | {"file": document("a.pdf", PDF)}

    answer = client.post(url("link_add"), sent)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert files(disk) == []
    assert not resource.links.exists()


def test_the_same_address_is_not_given_twice(client, editor, resource):
    for _ in range(2):
        answer = client.post(url("link_add"), {"address": "https://example.org/a"})

    assert "This address is there already." in answer.content.decode()
    assert resource.links.count() == 1


def new_file():
    form = ResourceLinkForm({"language": "en"}, {"file": document("a.pdf", PDF)})
    assert form.is_valid()
    return form.link()


@pytest.mark.parametrize("error", [RuntimeError, DomainError])
def test_a_save_that_fails_leaves_no_file(editor, resource, disk, monkeypatch, error):
    def fail(*_args, **_kwargs):
        raise error("no")

    monkeypatch.setattr(services.resources, "record_activity", fail)

    with pytest.raises(error):
        services.add_link(resource, new_file(), by=editor)

    assert files(disk) == []
    assert not ResourceLink.objects.exists()


def test_who_may_not_write_leaves_no_file(resource, disk):
    with pytest.raises(PermissionDenied):
        services.add_link(resource, new_file(), by=MemberFactory())

    assert files(disk) == []


def test_a_copy_too_many_is_refused(editor, resource, disk, monkeypatch):
    monkeypatch.setattr(services.resources, "MAX_LINKS", 1)
    services.add_link(resource, new_file(), by=editor)

    with pytest.raises(DomainError):
        services.add_link(resource, new_file(), by=editor)

    assert len(files(disk)) == 1


def test_a_file_goes_with_its_row_once_that_is_committed(
    client, editor, resource, disk, django_capture_on_commit_callbacks
):
    link = services.add_link(resource, new_file(), by=editor)

    with django_capture_on_commit_callbacks(execute=True) as waiting:
        client.post(url("link_remove", link.pk))
        assert len(files(disk)) == 1

    assert waiting
    assert files(disk) == []
    assert client.post(url("link_remove", link.pk)).status_code == 302  # gone already


def test_a_copy_of_another_resource_is_not_taken_away(client, editor, resource):
    theirs = make.ResourceLinkFactory()

    client.post(url("link_remove", theirs.pk))

    assert ResourceLink.objects.filter(pk=theirs.pk).exists()


def test_buttons_are_shown_to_those_who_may_only(client, editor, resource):
    make.ResourceLinkFactory(resource=resource)

    mine = client.get(resource.get_absolute_url()).content.decode()
    theirs = client_of(MemberFactory()).get(resource.get_absolute_url()).content.decode()

    for text in ("Withdraw", "Add a copy", "Take away"):
        assert text in mine
        assert text not in theirs
    assert "Add a resource" in client.get("/catalogue/resources/").content.decode()
    other = client_of(MemberFactory()).get("/catalogue/resources/").content.decode()
    assert "Add a resource" not in other


def test_services_refuse_what_is_stale_or_wrong(editor, resource):
    with pytest.raises(StaleEdit):
        services.change_resource(resource, changes={}, entries=[], expected_version=0, by=editor)
    with pytest.raises(ValidationError):
        services.change_resource(
            resource, changes={"kind": "novel"}, entries=[], expected_version=1, by=editor
        )
    with pytest.raises(PermissionDenied):
        services.change_resource(
            resource, changes={"hub": None}, entries=[], expected_version=1, by=editor
        )
    resource.refresh_from_db()
    assert resource.version == 1
