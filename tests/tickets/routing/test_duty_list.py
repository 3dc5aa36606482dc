"""The duty list: drafted by one, published by another, and in force at once everywhere."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Role, User
from city import actions as city
from city.models import Category
from tests.factories import Town, Units, make_user
from tickets import actions
from tickets.actions import DutyContent
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import DutyItem
from tickets.routing.duties import duty_for

State = DutyItem.State


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def second(units: Units) -> User:
    """Another supervisor, who reviews."""
    return make_user(Role.SUPERVISOR, units.center)


@pytest.fixture
def content(units: Units, town: Town) -> DutyContent:
    return DutyContent(
        category=matter("0101"),
        department=units.linxi_urban,
        valid_from=timezone.localdate(),
        region=town.linxi,
        basis="职责清单第1项",
    )


def matter(code: str) -> Category:
    return Category.objects.get(code=code)


def published(content: DutyContent, by: User, reviewer: User) -> DutyItem:
    item = actions.draft_duty(content, by=by)
    actions.move_duty(item, "submit", by=by)
    return actions.move_duty(item, "publish", by=reviewer)


def test_only_published_rows_decide(
    content: DutyContent, supervisor: User, second: User, units: Units, town: Town
) -> None:
    item = actions.draft_duty(replace(content, department=units.water), by=supervisor)
    before = duty_for(matter("0101"), town.wanghe)
    actions.move_duty(item, "submit", by=supervisor)
    actions.move_duty(item, "publish", by=second)

    after = duty_for(matter("0101"), town.wanghe)

    assert before is not None
    assert before.item is None
    assert after is not None
    assert after.department == units.water
    assert "0101-990102 第1版" in after.reason
    assert "职责清单第1项" in after.reason


def test_nobody_reviews_his_own_row(content: DutyContent, supervisor: User) -> None:
    item = actions.draft_duty(content, by=supervisor)
    actions.move_duty(item, "submit", by=supervisor)

    with pytest.raises(NotAllowed, match="起草人"):
        actions.move_duty(item, "publish", by=supervisor)


@pytest.mark.parametrize("who", ["dispatcher", "stranger", "agent"])
def test_only_keepers_of_the_list_write_it(
    content: DutyContent, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        actions.draft_duty(content, by=person)


def test_a_new_version_replaces_the_old_one_only_when_published(
    content: DutyContent, supervisor: User, second: User, units: Units, town: Town
) -> None:
    first = published(content, supervisor, second)
    later = actions.revise_duty(first, replace(content, department=units.water), by=second)
    meanwhile = duty_for(matter("0101"), town.wanghe)
    actions.move_duty(later, "submit", by=second)
    actions.move_duty(later, "publish", by=supervisor)

    now = duty_for(matter("0101"), town.wanghe)

    first.refresh_from_db()
    assert (first.state, later.version) == (State.REPLACED, 2)
    assert meanwhile is not None
    assert meanwhile.department == units.linxi_urban
    assert now is not None
    assert now.department == units.water


def test_a_draft_is_changed_in_place_and_what_is_in_review_not_at_all(
    content: DutyContent, supervisor: User
) -> None:
    item = actions.draft_duty(content, by=supervisor)
    again = actions.revise_duty(item, replace(content, basis="新依据"), by=supervisor)
    actions.move_duty(item, "submit", by=supervisor)

    with pytest.raises(WrongState):
        actions.revise_duty(item, content, by=supervisor)

    assert (again.pk, again.basis) == (item.pk, "新依据")


def test_a_row_sent_back_or_withdrawn_asks_a_reason(
    content: DutyContent, supervisor: User, second: User, town: Town
) -> None:
    item = published(content, supervisor, second)

    with pytest.raises(Invalid):
        actions.move_duty(item, "withdraw", by=second)
    actions.move_duty(item, "withdraw", by=second, note="机构改革")

    found = duty_for(matter("0101"), town.wanghe)
    assert found is not None
    assert found.item is None


def test_a_draft_may_be_thrown_away_but_nothing_published(
    content: DutyContent, supervisor: User, second: User
) -> None:
    draft = actions.draft_duty(content, by=supervisor)
    actions.discard_duty(draft, by=supervisor)
    item = published(content, supervisor, second)

    with pytest.raises(WrongState):
        actions.discard_duty(item, by=supervisor)

    assert list(DutyItem.objects.all()) == [item]


@pytest.mark.parametrize("days", [(10, None), (-10, 0)])
def test_a_row_holds_between_its_days(
    content: DutyContent,
    supervisor: User,
    second: User,
    town: Town,
    days: tuple[int, int | None],
) -> None:
    today = timezone.localdate()
    start = today + timedelta(days[0])
    end = today + timedelta(days[1]) if days[1] is not None else None
    published(replace(content, valid_from=start, valid_to=end), supervisor, second)

    found = duty_for(matter("0101"), town.wanghe)

    assert found is not None
    assert found.item is None


def test_a_row_with_words_goes_before_one_without(
    content: DutyContent, supervisor: User, second: User, units: Units, town: Town
) -> None:
    published(content, supervisor, second)
    special = replace(content, department=units.urban, keywords=["夜市"], excluded=["已撤"])
    published(special, supervisor, second)

    def unit_for(text: str) -> object:
        found = duty_for(matter("0101"), town.wanghe, text)
        return found and found.department

    assert unit_for("夜市占道") == units.urban
    assert unit_for("早市占道") == units.linxi_urban
    assert unit_for("夜市已撤又来") == units.linxi_urban


def test_a_dissolved_unit_is_not_named_any_more(
    content: DutyContent, supervisor: User, second: User, units: Units, town: Town
) -> None:
    published(content, supervisor, second)
    assert duty_for(matter("0101"), town.wanghe) is not None
    units.linxi_urban.active = False
    accounts.save_department(units.linxi_urban)

    found = duty_for(matter("0101"), town.wanghe)

    assert found is None or found.department != units.linxi_urban


def test_line_and_territory_get_it_together_where_the_row_says_so(
    content: DutyContent, supervisor: User, second: User, units: Units, town: Town
) -> None:
    both = replace(content, with_territory=True, assisting=[units.housing])
    published(both, supervisor, second)

    street = duty_for(matter("0101"), town.liulin)
    district = duty_for(matter("0101"), town.qingshi)

    assert street is not None
    assert street.assisting == (units.housing, units.wanghe)
    assert district is not None
    assert district.assisting == (units.housing, units.linxi)


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)},
        {"assisting": "lead"},
        {"department": "dissolved"},
    ],
)
def test_what_makes_no_sense_is_refused(
    content: DutyContent, supervisor: User, units: Units, wrong: dict[str, object]
) -> None:
    units.urban.active = False
    units.urban.save()
    given = {
        name: {"lead": [content.department], "dissolved": units.urban}.get(str(value), value)
        for name, value in wrong.items()
    }

    with pytest.raises(Invalid):
        actions.draft_duty(replace(content, **given), by=supervisor)  # type: ignore[arg-type]  # mixed


def test_a_row_cannot_be_moved_twice(content: DutyContent, supervisor: User, second: User) -> None:
    item = published(content, supervisor, second)

    with pytest.raises(WrongState):
        actions.move_duty(item, "publish", by=second)


def test_many_rows_are_moved_together_or_not_at_all(
    content: DutyContent, supervisor: User, second: User, units: Units
) -> None:
    rows = [actions.draft_duty(content, by=supervisor) for _ in range(2)]
    rows.append(actions.draft_duty(replace(content, department=units.water), by=second))
    actions.move_duties(rows, "submit", by=supervisor)

    with pytest.raises(NotAllowed):
        actions.move_duties(rows, "publish", by=second)

    states = set(DutyItem.objects.values_list("state", flat=True))
    assert states == {State.IN_REVIEW}
    assert [row.key for row in rows] == ["0101-990102", "0101-990102-2", "0101-990102-3"]
