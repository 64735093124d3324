"""What the document of the API says at its head, and how it names lists of codes."""

API_DESCRIPTION = """\
Hubs, the organisations around them, comparison on five dimensions, packaged experience, exchanges
and what came of them.

* Reading needs no account; who is signed in sees what their hubs keep for them. Writing needs the
  session of a member who edits the hub: what a page refuses, its address here refuses too.
* What changes a state is a verb, `POST …/publish/`. Some take `If-Match`: they hold for what was
  read only.
* Lists come in pages: follow `next` and `previous`. `count` is there with `count=true` only.
  Their filters are those of the pages; an unknown parameter or a bad value is 400.
* Dates of facts are as precise as their sources: `1987`, `2012-07` or `2012-07-10`.
* Reads carry an `ETag`; send it back as `If-None-Match` (304) or, to change what you read, as
  `If-Match` (412 if somebody saved in between, 428 without it).
* A POST with an `Idempotency-Key` can be repeated without a second effect.
* Files go to `copies/` of a resource, `attachments/` of a draft and `documents/` of an exchange, as
  `multipart/form-data`.
* `?format=csv` gives a whole list at once, `?format=jsonld` things in the words of schema.org.
* Errors are problem details (RFC 9457), `application/problem+json`.
* `RateLimit` says what is left of your limit, `Retry-After` how long to wait.
"""
ENUM_NAMES = {
    "ArticleKind": "community.models.article.ArticleKind",
    "Audience": "catalogue.models.expert.Audience",
    "Confidentiality": "evaluation.models.exchange.Confidentiality",
    "CoordinationRole": "hubs.models.dimensions.CoordinationRole",
    "DraftState": "catalogue.models.draft.DraftState",
    "DimensionKind": "evaluation.models.indicator.DimensionKind",
    "EventKind": "community.models.event.EventKind",
    "ExpertiseKind": "hubs.models.dimensions.ExpertiseKind",
    "FollowLevel": "community.models.follow.FollowLevel",
    "FigureStatus": "evaluation.models.figure.FigureStatus",
    "HubLevel": "hubs.models.hub.HubLevel",
    "HubStatus": "hubs.models.hub.HubStatus",
    "IndicatorKind": "evaluation.models.indicator.IndicatorKind",
    "LineRole": "evaluation.models.figure.LineRole",
    "OrganisationKind": "hubs.models.organisation.OrganisationKind",
    "PresenceKind": "hubs.models.dimensions.PresenceKind",
    "ResultKind": "evaluation.models.framework.ResultKind",
    "SpaceAudience": "community.models.space.Audience",
    "ThreadKind": "community.models.thread.ThreadKind",
    "TranslationMade": "catalogue.serializers.translations.MADE",
}
