"""Forms for the words of the trade and for groups of synonyms (词库、同义词)."""

import re
from typing import Any

from django import forms

from city import actions
from city.models import Synonym, Word

_BETWEEN = re.compile(r"[、，,;；=＝\s]+")
SHORTEST, LONGEST = 2, 60


class WordForm(forms.Form):
    """One word that the cutter must keep whole."""

    text = forms.CharField(
        label="词",
        max_length=LONGEST,
        error_messages={"required": "请填写要收进词库的词。"},
    )
    kind = forms.ChoiceField(label="类别", choices=Word.Kind.choices, initial=Word.Kind.TERM)

    def clean_text(self) -> str:
        """Refuse what is no word, or is there already."""
        text = str(self.cleaned_data["text"])
        if len(text) < SHORTEST or _BETWEEN.search(text):
            raise forms.ValidationError("请填写一个词：至少两个字，中间没有空格和标点。")
        if Word.objects.filter(text=text).exists():
            raise forms.ValidationError("词库里已有这个词。")
        return text

    def keep(self) -> Word:
        """Write the word; it is in force in all processes at their next search."""
        word = Word(**self.cleaned_data)
        actions.save_row(word)
        return word


class SynonymForm(forms.Form):
    """Words that mean the same, typed with 、 between them."""

    words = forms.CharField(
        label="同义词组",
        max_length=500,
        help_text="用“、”隔开，例如：停水、没水、断水",
        error_messages={"required": "请填写至少两个意思相同的词。"},
    )

    def clean_words(self) -> list[str]:
        """Read the words; a group has at least two."""
        parts = (part.strip() for part in _BETWEEN.split(self.cleaned_data["words"]))
        words = list(dict.fromkeys(part for part in parts if part))
        if len(words) < SHORTEST:
            raise forms.ValidationError("请填写至少两个意思相同的词，用“、”隔开。")
        if any(len(word) > LONGEST for word in words):
            raise forms.ValidationError(f"每个词不超过 {LONGEST} 个字。")
        return words

    def keep(self) -> Synonym:
        """Write the group."""
        group = Synonym(words=self.cleaned_data["words"])
        actions.save_row(group)
        return group


def choices(meaning: str = "") -> dict[str, Any]:
    """Give the forms (空表单), the one for synonyms begun with what nothing was found for."""
    begun = {"words": f"{meaning}、"} if meaning else {}
    return {"word_form": WordForm(auto_id="word_%s"), "synonym_form": SynonymForm(initial=begun)}
