"""What becomes of each row that names a member when two accounts of one person are made one.

`MOVE`: what they wrote, said, hold or belong to is the other account's from now on; a row that
the other has already is dropped. `DROP`: it was of use to the old account alone. `STAY`: what
they decided on the work of others, and what is never altered, keeps the name of a former member.
Histories stay as they are. A test walks all relations and fails on one that is not named here.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.db.models import ManyToManyField

from accounts.models import Member


class Fate(Enum):
    MOVE = "move"
    DROP = "drop"
    STAY = "stay"


MOVE, DROP, STAY = Fate.MOVE, Fate.DROP, Fate.STAY
FATES: dict[tuple[str, str], Fate] = {
    ("account.EmailAddress", "user"): DROP,  # as closing does
    ("accounts.Acceptance", "member"): STAY,
    ("accounts.Activity", "actor"): STAY,  # append-only
    ("accounts.Activity", "subject"): STAY,
    ("accounts.Invitation", "accepted_by"): STAY,
    ("accounts.Invitation", "invited_by"): MOVE,
    ("accounts.ContactMessage", "handled_by"): STAY,
    ("accounts.ContactMessage", "member"): MOVE,
    ("accounts.DigestItem", "member"): DROP,
    ("accounts.IdempotentRequest", "member"): DROP,
    ("admin.LogEntry", "user"): STAY,
    ("catalogue.Adoption", "claimed_by"): MOVE,
    ("catalogue.Adoption", "confirmed_by"): STAY,
    ("catalogue.Attachment", "added_by"): MOVE,
    ("catalogue.Draft", "created_by"): MOVE,
    ("catalogue.Draft_authors", "member"): MOVE,
    ("catalogue.EntryVersion", "published_by"): STAY,
    ("catalogue.Expert", "added_by"): MOVE,
    ("catalogue.Expert", "consented_by"): STAY,
    ("catalogue.Expert", "member"): MOVE,
    ("catalogue.GateVerdict", "reviewer"): STAY,
    ("catalogue.Import", "member"): MOVE,
    ("catalogue.ReviewMessage", "author"): MOVE,
    ("catalogue.ReviewRound", "decided_by"): STAY,
    ("catalogue.ReviewRound", "submitted_by"): MOVE,
    ("catalogue.ReviewerAssignment", "assigned_by"): STAY,
    ("catalogue.ReviewerAssignment", "reviewer"): MOVE,
    ("catalogue.SavedSearch", "member"): MOVE,
    ("catalogue.Translation", "reviewed_by"): STAY,
    ("catalogue.Translation", "translated_by"): MOVE,
    ("community.Announcement", "started_by"): STAY,
    ("community.Announcement", "stopped_by"): STAY,
    ("community.Announcement", "written_by"): MOVE,
    ("community.AnnouncementRecipient", "member"): MOVE,
    ("community.Appeal", "decided_by"): STAY,
    ("community.Appeal", "member"): MOVE,
    ("community.Article", "author"): MOVE,
    ("community.Article", "publisher"): STAY,
    ("community.CalendarFeed", "member"): DROP,
    ("community.Claim", "moderator"): DROP,
    ("community.Decision", "member"): MOVE,
    ("community.Decision", "moderator"): STAY,
    ("community.Decision", "person"): MOVE,
    ("community.Decision", "undone_by"): STAY,
    ("community.Enrolment", "decided_by"): STAY,
    ("community.Enrolment", "member"): MOVE,
    ("community.Event", "author"): MOVE,
    ("community.EventAttendance", "marked_by"): STAY,
    ("community.Flag", "member"): MOVE,
    ("community.Flag", "person"): MOVE,
    ("community.Follow", "member"): MOVE,
    ("community.MemberWarning", "member"): MOVE,
    ("community.Notification", "member"): MOVE,
    ("community.Post", "author"): MOVE,
    ("community.Post", "removed_by"): STAY,
    ("community.PostDraft", "member"): MOVE,
    ("community.PostMention", "member"): MOVE,
    ("community.QueueTelling", "member"): DROP,
    ("community.SpacePerson", "member"): MOVE,
    ("community.Thread", "author"): MOVE,
    ("community.Thread", "closed_by"): STAY,
    ("community.Thread", "last_author"): MOVE,
    ("community.ThreadRead", "member"): MOVE,
    ("community.UsefulMark", "member"): MOVE,
    ("community.WatchedWord", "added_by"): STAY,
    ("evaluation.ActionItem", "member"): MOVE,
    ("evaluation.ActionPlan", "created_by"): MOVE,
    ("evaluation.Confirmation", "by"): STAY,
    ("evaluation.DefinitionVersion", "made_by"): STAY,
    ("evaluation.Drift", "settled_by"): STAY,
    ("evaluation.Evidence", "added_by"): MOVE,
    ("evaluation.Evidence", "withdrawn_by"): STAY,
    ("evaluation.Exchange", "created_by"): MOVE,
    ("evaluation.FollowUpPerson", "added_by"): MOVE,
    ("evaluation.ImpactStory", "author"): MOVE,
    ("evaluation.ImpactStory", "publisher"): STAY,
    ("evaluation.ImpactStory_writers", "member"): MOVE,
    ("evaluation.LockException", "by"): STAY,
    ("evaluation.ReportingLink", "made_by"): STAY,
    ("evaluation.RungChange", "by"): STAY,
    ("evaluation.Update", "approver"): STAY,
    ("evaluation.Update", "author"): MOVE,
    ("evaluation.UpdateUpload", "member"): MOVE,
    ("evaluation.Update_writers", "member"): MOVE,
    ("evaluation.ValuationMethod", "created_by"): STAY,
    ("hubs.Hub", "verified_by"): STAY,
    ("hubs.Membership", "confirmed_by"): STAY,
    ("hubs.Membership", "member"): MOVE,
    ("hubs.SelfAssessment", "consented_by"): STAY,
    ("mfa.Authenticator", "user"): DROP,
    ("usersessions.UserSession", "user"): DROP,
}


def relations_to_members() -> list[Any]:
    """Return every column of the portal that names a member, but for those of histories."""
    found = [
        relation.field
        for relation in Member._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation and hasattr(relation, "field")
    ]
    columns = [field for field in found if not isinstance(field, ManyToManyField)]
    kept = [field for field in columns if not field.model.__name__.startswith("Historical")]
    return sorted(kept, key=key_of)


def key_of(field: Any) -> tuple[str, str]:
    """Return the name of a relation in `FATES`."""
    return field.model._meta.label, field.name
