"""Refusals: what an action will not do, in words for the person who asked."""

from collections.abc import Mapping


class Refusal(Exception):
    """Base of all refusals; the text is Chinese and says what to do."""


class NotAllowed(Refusal):
    """The actor's role or unit does not allow the step."""


class WrongState(Refusal):
    """The ticket is not where the step starts."""


class Stale(Refusal):
    """The ticket moved on since the actor read it."""

    def __init__(self, ticket_id: int, seen: int, current: int) -> None:
        super().__init__("这件工单刚刚被别人处理过，请核对变化后再提交。")
        self.ticket_id, self.seen, self.current = ticket_id, seen, current


class Invalid(Refusal):
    """Fields are missing or wrong: field name → sentences."""

    def __init__(self, **fields: str) -> None:
        super().__init__("；".join(fields.values()))
        self.fields: Mapping[str, list[str]] = {name: [text] for name, text in fields.items()}


class TooMany(Invalid):
    """One sender asked more often than the city allows in the time."""


class KeyReused(Refusal):
    """The same idempotency key came with another body."""

    def __init__(self) -> None:
        super().__init__("这个提交编号已用于另一件内容不同的诉求，请刷新页面后重新提交。")
