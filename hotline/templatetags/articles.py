"""The text of articles on pages: paragraphs and numbered clauses, everything escaped."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from knowledge.passages import Block, blocks

register = template.Library()


@register.filter
def clauses(text: str) -> SafeString:
    """Set a text in paragraphs and clauses (条款排版); no markup of its own is let through."""
    return format_html_join("\n", "{}", ((_set(block),) for block in blocks(text)))


def _set(block: Block) -> SafeString:
    if not block.mark:
        return format_html("<p>{}</p>", block.text)
    if block.chief:
        return format_html('<p class="clause"><b>{}{}</b></p>', *_headed(block))
    return format_html('<p class="item">{}</p>', str(block))


def _headed(block: Block) -> tuple[str, str]:
    return block.mark, str(block).removeprefix(block.mark)


@register.inclusion_tag("components/marked.html")
def marked(fragments: list[tuple[str, bool]]) -> dict[str, object]:
    """Show a text with the words found in it marked (命中高亮)."""
    return {"fragments": fragments}
