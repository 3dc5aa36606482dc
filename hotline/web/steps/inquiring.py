"""Forms of the questions to the citizen, and of what he answers by phone."""

from typing import Any

from django.utils import timezone

from city import selectors as city
from city.models import TimeLimit
from hotline.web.forms import long_text
from hotline.web.step_form import StepForm
from hotline.web.steps.asking import SupplementForm


class AskForm(StepForm):
    """Ask for what is missing (要求补充)."""

    verb = "ask"
    question = long_text("请诉求人补充什么", rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = city.limit_for(TimeLimit.Clock.INFO, at=timezone.now())
        within = f"{limit.amount}{limit.get_unit_display()}"
        told = f"诉求人会原样看到；{within}内不补充的自动办结，请在电话里一并告知"
        self.fields["question"].help_text = told


class InformForm(SupplementForm):
    """Take what was missing, told by phone (补齐要素)."""

    verb = "inform"
    text = long_text("诉求人补充的内容", rows=3)


class RelayForm(StepForm):
    """Have the hotline ask a confidential citizen (转问诉求人)."""

    verb = "relay"
    question = long_text(
        "想问诉求人什么", rows=2, help_text="由热线转问，不透露诉求人身份；诉求人会原样看到"
    )


class RespondForm(StepForm):
    """Pass on what the citizen answered (转达诉求人意见)."""

    verb = "respond"
    text = long_text(
        "诉求人的答复", rows=3, help_text="承办单位会看到，请勿写姓名、电话等能认出诉求人的内容"
    )


class ProposeWithdrawalForm(StepForm):
    """Ask the citizen to take it back (请诉求人撤单)."""

    verb = "propose_withdrawal"
    question = long_text(
        "请撤单的理由", rows=2, help_text="须由诉求人凭查询码在网上确认；诉求人不同意的，照常办理"
    )
