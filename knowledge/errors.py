"""Refusals: what an action will not do, in words for the person who asked."""

from collections.abc import Mapping


class Refusal(Exception):
    """Base of all refusals; the text is Chinese and says what to do."""


class NotAllowed(Refusal):
    """The actor's role or unit does not allow the step."""


class WrongState(Refusal):
    """The article is not where the step starts."""


class Stale(Refusal):
    """The article was changed since the actor read it."""

    def __init__(self, article_id: int, seen: int, current: int) -> None:
        super().__init__("这条知识刚刚被别人修改过，请核对变化后再提交。")
        self.article_id, self.seen, self.current = article_id, seen, current


class Invalid(Refusal):
    """Fields are missing or wrong: field name → sentences."""

    def __init__(self, **fields: str) -> None:
        super().__init__("；".join(fields.values()))
        self.fields: Mapping[str, list[str]] = {name: [text] for name, text in fields.items()}
