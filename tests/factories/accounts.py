"""The smallest valid members, with traits for their states."""

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory, Password

from accounts.models import Member

PASSWORD = "a-long-enough-password"


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"member{number}@example.org")
    name = factory.Sequence(lambda number: f"Member {number}")
    slug = factory.Sequence(lambda number: f"member-{number}")
    password = Password(PASSWORD)
    status = Member.Status.ACTIVE

    class Params:
        pending = factory.Trait(status=Member.Status.PENDING)
        limited = factory.Trait(status=Member.Status.LIMITED)
        suspended = factory.Trait(status=Member.Status.SUSPENDED)
        closed = factory.Trait(status=Member.Status.CLOSED)
        moderator = factory.Trait(role=Member.Role.MODERATOR)
        administrator = factory.Trait(role=Member.Role.ADMINISTRATOR)

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        """Give the member a verified address, unless `verified=False`."""
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=extracted is not False
            )
