"""What the search page is asked: words and conditions, all of them in its address."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.fields import mask_phone, phone_hashes
from city.selectors import place_at
from knowledge.workflow import Kind
from tickets.finding import Wanted, phone_in
from tickets.finding.facets import SPANS
from tickets.models import Source
from tickets.models.finding import QUERY_LENGTH
from tickets.topics.hot import tickets_in
from tickets.workflow import Status, Urgency

MAX_WORDS = 200
MARK = 200
GROUPS = {"": "全部", "tickets": "工单", "articles": "知识", "units": "单位"}


class FindForm(forms.Form):
    """The question of the page's address; what is not understood narrows nothing."""

    q = forms.CharField(required=False, strip=True)
    phone = forms.RegexField(r"^[0-9a-f]{64}(\.[0-9a-f]{64})*$", required=False, max_length=650)
    group = forms.ChoiceField(required=False, choices=list(GROUPS.items()))
    status = forms.ChoiceField(required=False, choices=Status.choices)
    urgency = forms.ChoiceField(required=False, choices=Urgency.choices)
    source = forms.ChoiceField(required=False, choices=Source.choices)
    unit = forms.CharField(required=False, max_length=20)
    category = forms.CharField(required=False, max_length=12)
    region = forms.CharField(required=False, max_length=12)
    place = forms.CharField(required=False, max_length=80)
    material = forms.ChoiceField(required=False, choices=Kind.choices)
    topic = forms.IntegerField(required=False, min_value=1, max_value=2**60)
    near = forms.IntegerField(required=False, min_value=1, max_value=2**60)
    days = forms.ChoiceField(required=False, choices=[(days, "") for days in SPANS])
    since = forms.DateField(
        label="从", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="到", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sort = forms.ChoiceField(
        required=False, choices=[("newest", "最新受理在前"), ("nearest", "由近及远")]
    )
    after = forms.CharField(required=False, max_length=MARK)

    def asked(self) -> dict[str, Any]:
        """Give what was understood."""
        self.is_valid()
        return self.cleaned_data

    def wanted(self) -> Wanted:
        """Say it as tickets are looked for (检索条件)."""
        asked = dict(self.asked())
        asked.pop("group", None)
        asked.pop("material", None)
        order, near = asked.pop("sort", ""), asked.pop("near", None)
        phone = tuple(filter(None, asked.pop("phone", "").split(".")))
        days = int(asked.pop("days", "") or 0)
        words, topic = asked.pop("q", "")[:MAX_WORDS], asked.pop("topic", None) or 0
        among = tickets_in(topic) if topic else ()
        known = {"words": words, "phone": phone, "days": days, "topic": topic, "among": among}
        return Wanted(
            newest=order == "newest",
            nearest=order == "nearest",
            near=place_at(near) if near else None,
            **known,
            **asked,
        )


def address_of(words: str) -> str:
    """Write what was typed as the page's question: a phone only as keyed hash and mask."""
    question = QueryDict(mutable=True)
    phone = phone_in(words)
    question["q"] = mask_phone(phone) if phone else words[:MAX_WORDS]
    if phone:
        question["phone"] = ".".join(phone_hashes(phone))
    return question.urlencode()


class NameForm(forms.Form):
    """A name for a kept search."""

    name = forms.CharField(label="名称", max_length=30)


class SaveForm(NameForm):
    """A name for the search on the page."""

    query = forms.CharField(max_length=QUERY_LENGTH, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """Keep only what the page understands, and never a citizen's number."""
        kept = QueryDict(self.cleaned_data["query"], mutable=True)
        if "phone" in kept or phone_in(kept.get("q", "").strip()):
            raise forms.ValidationError("电话号码是个人信息，不能保存为常用搜索。")
        for name in set(kept) - set(FindForm.base_fields) | {"after"}:
            kept.pop(name, None)
        if not kept:
            raise forms.ValidationError("先输入要找的词或选择条件，再保存。")
        return kept.urlencode()
