"""Shapes of the JSON API, as the contract names them."""

from rest_framework import serializers

from tickets.selectors import Progress, Station
from tickets.workflow import Kind

MAX_TEXT = 10_000


class RequestIn(serializers.Serializer[None]):
    """A citizen's request (诉求); only the text is required."""

    text = serializers.CharField(max_length=MAX_TEXT, trim_whitespace=False)
    title = serializers.CharField(max_length=100, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    name = serializers.CharField(max_length=50, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    region = serializers.CharField(max_length=20, required=False, allow_blank=True)
    confidential = serializers.BooleanField(required=False)
    public = serializers.BooleanField(required=False)
    external_number = serializers.CharField(max_length=64, required=False, allow_blank=True)


class RequestOut(serializers.Serializer[None]):
    """What the citizen keeps: the number, the query code, where the request stands."""

    number = serializers.CharField()
    query_code = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class TimelineEntry(serializers.Serializer[Station]):
    """One station of the way, as the citizen may see it."""

    at = serializers.DateTimeField()
    label = serializers.CharField()  # type: ignore[assignment]  # the contract names it so
    department = serializers.CharField(required=False)


class ProgressOut(serializers.Serializer[Progress]):
    """Where a request stands (办理进度)."""

    number = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField()
    department = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    timeline = TimelineEntry(many=True)
    reply = serializers.CharField(allow_blank=True)


class AssistIn(serializers.Serializer[None]):
    """What the agent has typed so far."""

    title = serializers.CharField(max_length=100, required=False, allow_blank=True)
    text = serializers.CharField(max_length=MAX_TEXT)


class ArticleHit(serializers.Serializer[None]):
    """A knowledge article with the passage that may answer."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    clause = serializers.CharField(allow_blank=True)
    passage = serializers.CharField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())


class TicketHit(serializers.Serializer[None]):
    """A similar ticket that the caller may see."""

    number = serializers.CharField()
    title = serializers.CharField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())
    why = serializers.ListField(child=serializers.CharField())


class CategoryHit(serializers.Serializer[None]):
    """A category that the text may belong to."""

    code = serializers.CharField()
    path = serializers.CharField()
    confidence = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())


class UnitHit(serializers.Serializer[None]):
    """A unit that may be responsible."""

    code = serializers.CharField()
    name = serializers.CharField()
    confidence = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())


class DecisionOut(serializers.Serializer[None]):
    """Whether the platform would dispatch by itself, where to, and why or why not."""

    auto = serializers.BooleanField()
    unit = serializers.CharField(required=False)
    why = serializers.ListField(child=serializers.CharField())


class AssistOut(serializers.Serializer[None]):
    """The assist panel as data."""

    articles = ArticleHit(many=True)
    tickets = TicketHit(many=True)
    categories = CategoryHit(many=True)
    units = UnitHit(many=True)
    decision = DecisionOut()
    took_ms = serializers.IntegerField()
