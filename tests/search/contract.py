"""One suite that every engine must pass: a subclass brings the engine."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import analysis
from search.engine import Doc, Engine, Incomplete, Unavailable
from search.index import Date, Index, Keyword, Kind, Number, Text
from search.query import (
    ID,
    AllOf,
    AnyOf,
    Decay,
    Filter,
    Like,
    Match,
    Not,
    Permission,
    Phrase,
    Prefix,
    Query,
    Range,
    Results,
    Sort,
    Term,
    Terms,
)

MATTERS = Index(
    "contract",
    1,
    {
        "title": Text(boost=2, title=True, pinyin=True),
        "text": Text(),
        "status": Keyword(),
        "units": Keyword(),
        "path": Keyword(),
        "open": Keyword(),
        "weight": Number(),
        "at": Date(),
    },
    Kind.PASSAGE,
)
MEANT = Index("meant", 1, {"text": Text()}, Kind.FAQ, meant=("text",))
EVERYTHING = Permission.everything()
NOON = datetime(2026, 5, 6, 4, 0, tzinfo=UTC)
TITLES = ("路灯不亮", "小区停水", "夜间施工噪音", "提取公积金", "违章停车")
UNITS = ("gas", "water", "city", "road")


def matter(number: int) -> Doc:
    """Make the n-th of a row of documents that differ in all their fields."""
    return Doc(
        id=f"{number:04d}",
        version=1,
        fields={
            "title": f"{TITLES[number % 5]}{number}号",
            "text": f"第{number}栋的居民反映{TITLES[number % 5]}，已经{number % 3}天了",
            "status": "open" if number % 2 else "closed",
            "units": [UNITS[number % 4], UNITS[number // 4 % 4]],
            "path": f"/1/{number % 3}/{number % 7}/",
            "open": bool(number % 2),
            "weight": number % 4,
            "at": NOON + timedelta(hours=number // 3),
        },
    )


def may_be_seen(doc: Doc, units: set[str], statuses: set[str]) -> bool:
    """Judge in Python what the permission says in the engine's terms."""
    listed = doc.fields["units"]
    assert isinstance(listed, list)
    return not units.isdisjoint(listed) or doc.fields["status"] in statuses


def ids(results: Results) -> list[str]:
    """Name the hits in their order."""
    return [hit.id for hit in results.hits]


def gap(results: Results) -> float:
    """Tell how far the first is before the second."""
    return results.hits[0].score - results.hits[1].score


class EngineContract:
    """What must hold for each engine."""

    @pytest.fixture(scope="class")
    @classmethod
    def opened(cls) -> Iterator[Engine]:
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _plain_lexicon(self) -> Iterator[None]:
        analysis.set_lexicon([], [])
        yield
        analysis.set_lexicon([], [])

    @pytest.fixture
    def engine(self, opened: Engine) -> Iterator[Engine]:
        """Give the engine with an empty index in it."""
        opened.ensure(MATTERS)
        yield opened
        opened.drop(MATTERS)

    @pytest.fixture
    def filled(self, engine: Engine) -> Engine:
        """Give the engine with sixty documents in it."""
        self.put(engine, *map(matter, range(60)))
        return engine

    @staticmethod
    def put(engine: Engine, *docs: Doc) -> int:
        written = engine.put(MATTERS, docs)
        engine.refresh(MATTERS)
        return written

    @staticmethod
    def found(
        engine: Engine, *filters: Filter, permission: Permission = EVERYTHING
    ) -> Sequence[str]:
        query = Query(permission=permission, filters=filters, limit=100)
        return sorted(ids(engine.search(MATTERS, query)))

    # What was written is what is found.

    def test_a_document_is_found_by_the_words_of_its_text(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 1, {"text": "楼下的烧烤摊油烟很大"}))

        results = engine.search(MATTERS, Query(permission=EVERYTHING, text="油烟"))

        assert ids(results) == ["1"]
        assert results.total == 1

    def test_a_hit_gives_back_what_was_put(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 7, {"title": "油烟", "units": ["gas"], "at": NOON}))

        (hit,) = engine.search(MATTERS, Query(permission=EVERYTHING, text="油烟")).hits

        assert hit.version == 7
        assert hit.fields == {"title": "油烟", "units": ["gas"], "at": NOON.isoformat()}

    def test_a_late_put_does_not_overwrite_a_newer_version(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 5, {"title": "新的说法"}))

        written = self.put(engine, Doc("1", 4, {"title": "旧的说法"}))

        (hit,) = engine.search(MATTERS, Query(permission=EVERYTHING)).hits
        assert written == 0
        assert hit.fields["title"] == "新的说法"

    def test_a_newer_version_takes_the_place_of_the_older(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 4, {"title": "旧的说法"}))

        written = self.put(engine, Doc("1", 5, {"title": "新的说法"}))

        results = engine.search(MATTERS, Query(permission=EVERYTHING, text="说法"))
        assert written == 1
        assert [hit.version for hit in results.hits] == [5]

    def test_of_two_versions_in_one_put_the_newer_stays(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 5, {"title": "新的"}), Doc("1", 4, {"title": "旧的"}))

        (hit,) = engine.search(MATTERS, Query(permission=EVERYTHING)).hits

        assert hit.fields["title"] == "新的"

    def test_the_same_version_may_be_put_again(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 5, {"title": "说法"}))

        written = self.put(engine, Doc("1", 5, {"title": "说法"}))

        assert written == 1
        assert engine.count(MATTERS, Query(permission=EVERYTHING)) == 1

    def test_what_was_deleted_is_gone(self, filled: Engine) -> None:
        filled.delete(MATTERS, ["0003", "no such id"])
        filled.refresh(MATTERS)

        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 59

    def test_an_index_that_was_never_made_is_unavailable(self, opened: Engine) -> None:
        with pytest.raises(Unavailable, match="尚未建立"):
            opened.search(Index("unmade", 1, MATTERS.fields), Query(permission=EVERYTHING))

    def test_an_index_is_made_once(self, opened: Engine) -> None:
        answers = [opened.ensure(MATTERS), opened.ensure(MATTERS)]

        opened.drop(MATTERS)
        assert answers == [True, False]

    def test_health_counts_the_documents(self, filled: Engine) -> None:
        health = filled.health()

        assert health.reachable
        assert health.docs == 60

    # Filters.

    def test_a_term_holds_one_of_several_values(self, filled: Engine) -> None:
        hits = self.found(filled, Term("units", "gas"))

        assert hits == [f"{n:04d}" for n in range(60) if n % 4 == 0 or n // 4 % 4 == 0]

    def test_a_term_may_be_a_truth_or_a_number(self, filled: Engine) -> None:
        hits = self.found(filled, Term("open", True), Term("weight", 3))

        assert hits == [f"{n:04d}" for n in range(60) if n % 4 == 3]

    def test_terms_hold_any_of_their_values(self, filled: Engine) -> None:
        hits = self.found(filled, Terms("weight", [1, 2]), Terms("status", ["open", "lost"]))

        assert hits == [f"{n:04d}" for n in range(60) if n % 4 == 1]

    def test_documents_are_named_by_their_ids(self, filled: Engine) -> None:
        assert self.found(filled, Terms(ID, ["0007", "0012", "lost"])) == ["0007", "0012"]
        assert self.found(filled, Terms(ID, [])) == []

    def test_a_prefix_holds_a_branch_of_the_tree(self, filled: Engine) -> None:
        hits = self.found(filled, Prefix("path", "/1/2/"))

        assert hits == [f"{n:04d}" for n in range(60) if n % 3 == 2]

    def test_the_signs_of_a_prefix_mean_themselves(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 1, {"path": "a.(b)[c]*"}), Doc("2", 1, {"path": "axb"}))

        assert self.found(engine, Prefix("path", "a.(b)[c]*")) == ["1"]
        assert self.found(engine, Prefix("path", "a.")) == ["1"]

    def test_a_range_takes_in_its_closed_ends_only(self, filled: Engine) -> None:
        closed = self.found(filled, Range("weight", gte=1, lte=2))
        open_ = self.found(filled, Range("weight", gt=1, lt=3))

        assert closed == [f"{n:04d}" for n in range(60) if n % 4 in (1, 2)]
        assert open_ == [f"{n:04d}" for n in range(60) if n % 4 == 2]

    def test_a_range_of_times_takes_times_days_and_iso_text(self, filled: Engine) -> None:
        after = self.found(filled, Range("at", gt=NOON + timedelta(hours=18)))
        days = self.found(filled, Range("at", lt=date(2026, 5, 7)))
        text = self.found(filled, Range("at", gt=(NOON + timedelta(hours=18)).isoformat()))

        assert after == text == ["0057", "0058", "0059"]
        assert len(days) == 60

    def test_filters_combine(self, filled: Engine) -> None:
        either = AnyOf([Term("weight", 0), AllOf([Term("weight", 1), Term("status", "open")])])

        hits = self.found(filled, either, Not(Prefix("path", "/1/0/")))

        assert hits == [f"{n:04d}" for n in range(60) if n % 4 < 2 and n % 3]

    def test_of_no_filters_any_holds_nothing_and_all_hold_everything(self, filled: Engine) -> None:
        assert self.found(filled, AnyOf([])) == []
        assert len(self.found(filled, AllOf([]))) == 60
        assert len(self.found(filled, Not(AnyOf([])))) == 60

    # Permission.

    def test_who_may_see_nothing_finds_and_counts_nothing(self, filled: Engine) -> None:
        query = Query(permission=Permission.nothing(), text="路灯", facets=["status"])

        results = filled.search(MATTERS, query)

        assert results.total == 0
        assert not results.hits
        assert results.facets == {"status": {}}

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(
        units=st.sets(st.sampled_from(UNITS)),
        statuses=st.sets(st.sampled_from(["open", "closed"])),
        text=st.sampled_from(["", *TITLES, "居民反映"]),
    )
    def test_hits_total_and_facets_obey_the_permission(
        self, filled: Engine, units: set[str], statuses: set[str], text: str
    ) -> None:
        everyone = Query(permission=EVERYTHING, text=text, limit=200, facets=["status"])
        some = Permission.any_of([Terms("units", [*units]), Terms("status", [*statuses])])

        results = filled.search(MATTERS, replace(everyone, permission=some))

        found = filled.search(MATTERS, everyone).hits
        visible = {h.id for h in found if may_be_seen(matter(int(h.id)), units, statuses)}
        assert set(ids(results)) == visible
        assert results.total == len(visible) == sum(results.facets["status"].values())

    # Counting and paging.

    def test_the_total_is_exact_beyond_the_page(self, filled: Engine) -> None:
        results = filled.search(MATTERS, Query(permission=EVERYTHING, text="居民", limit=3))

        assert len(results.hits) == 3
        assert results.total == 60

    def test_a_count_equals_the_total(self, filled: Engine) -> None:
        query = Query(permission=EVERYTHING, text="停水", filters=[Term("status", "open")])

        assert filled.count(MATTERS, query) == filled.search(MATTERS, query).total > 0

    def test_facets_count_the_values_of_all_hits(self, filled: Engine) -> None:
        query = Query(permission=EVERYTHING, limit=1, facets=["status", "open"])

        results = filled.search(MATTERS, query)

        assert results.facets == {
            "status": {"open": 30, "closed": 30},
            "open": {"true": 30, "false": 30},
        }

    @pytest.mark.parametrize("descending", [True, False])
    @pytest.mark.parametrize("field", ["weight", "at"])
    def test_pages_in_order_show_each_document_once(
        self, filled: Engine, field: str, descending: bool
    ) -> None:
        self.put(filled, Doc("0060", 1, {"title": "没有时间"}), Doc("0061", 1, {}))
        sort = Sort(field, descending)

        shown = self._walk(filled, Query(permission=EVERYTHING, sort=sort, limit=7))

        keys = {f"{n:04d}": matter(n).fields[field] for n in range(60)}
        lowest = -1 if field == "weight" else NOON - timedelta(1)
        expected = sorted(
            (f"{n:04d}" for n in range(62)),
            key=lambda i: (keys.get(i, lowest), i),
            reverse=descending,
        )
        assert shown == expected

    def test_pages_in_order_may_be_of_hits_of_a_text(self, filled: Engine) -> None:
        query = Query(permission=EVERYTHING, text="停水", sort=Sort("at"), limit=5)

        shown = self._walk(filled, query)

        assert shown == sorted(shown, key=lambda i: (int(i) // 3, i), reverse=True)
        assert len(shown) == filled.count(MATTERS, query)

    def test_pages_by_relevance_show_each_hit_once(self, filled: Engine) -> None:
        shown = self._walk(filled, Query(permission=EVERYTHING, text="居民反映停水", limit=8))

        assert len(shown) == len(set(shown)) == 60

    def test_without_text_or_sort_the_latest_version_comes_first(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 10, {}), Doc("2", 30, {}), Doc("3", 20, {}))

        assert ids(engine.search(MATTERS, Query(permission=EVERYTHING))) == ["2", "3", "1"]

    @pytest.mark.parametrize("cursor", ["no cursor", "WzFd", "WyJhIiwgMV0=", "e30=", "路"])
    @pytest.mark.parametrize("sort", [Sort("at"), None])
    def test_a_broken_cursor_begins_anew(
        self, filled: Engine, cursor: str, sort: Sort | None
    ) -> None:
        query = Query(permission=EVERYTHING, text="停水", sort=sort, after=cursor)

        assert len(filled.search(MATTERS, query).hits) == 10

    def _walk(self, engine: Engine, query: Query) -> list[str]:
        shown: list[str] = []
        cursor = ""
        while True:
            page = engine.search(MATTERS, replace(query, after=cursor))
            shown += ids(page)
            cursor = page.cursor
            if not cursor:
                return shown

    # Words.

    def test_all_words_may_be_demanded(self, engine: Engine) -> None:
        self.put(
            engine,
            Doc("1", 1, {"title": "路灯", "text": "路灯坏了，夜间很黑"}),
            Doc("2", 1, {"text": "夜间施工"}),
        )

        any_ = engine.search(MATTERS, Query(permission=EVERYTHING, text="夜间路灯"))
        all_ = engine.search(
            MATTERS, Query(permission=EVERYTHING, text="夜间路灯", match=Match.ALL)
        )

        assert ids(any_) == ["1", "2"]
        assert ids(all_) == ["1"]

    def test_all_words_are_found_where_the_text_is_cut_otherwise(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 1, {"text": "住房公积金"}))

        query = Query(permission=EVERYTHING, text="公积金", match=Match.ALL)

        assert ids(engine.search(MATTERS, query)) == ["1"]

    def test_a_phrase_stands_unbroken_and_is_counted_exactly(self, engine: Engine) -> None:
        self.put(
            engine,
            Doc("1", 1, {"title": "望河花园停水"}),
            Doc("2", 1, {"text": "住在花园路，望河的水很浑"}),
            Doc("3", 1, {"text": "望河花园三栋没有路灯"}),
        )

        assert self.found(engine, Phrase("望河花园")) == ["1", "3"]
        assert self.found(engine, Phrase("花园望河")) == []
        assert self.found(engine, Phrase("望河花園", fields=["title"])) == ["1"]
        assert self.found(engine, Phrase("！")) == []
        text = Query(permission=EVERYTHING, text="路灯", filters=[Phrase("望河花园")])
        assert engine.count(MATTERS, text) == 1

    def test_of_equally_good_hits_the_one_nearer_in_time_comes_first(self, engine: Engine) -> None:
        ages = {"1": 400, "2": 2, "3": 60, "4": None}
        docs = [
            Doc(name, 1, {"text": "小区停水"} | ({"at": NOON - timedelta(age)} if age else {}))
            for name, age in ages.items()
        ]
        self.put(engine, *docs, Doc("5", 1, {"text": "小区停水停水", "at": NOON}))
        plain = Query(permission=EVERYTHING, text="小区停水", filters=[Not(Term(ID, "5"))])
        decay = Decay("at", NOON, half_life=timedelta(60), weight=0.5)

        recent = engine.search(MATTERS, replace(plain, decay=decay))

        assert ids(engine.search(MATTERS, plain)) == ["1", "2", "3", "4"]
        assert ids(recent) == ["2", "3", "1", "4"]
        gained = {hit.id: hit.score for hit in recent.hits}
        assert gained["3"] - gained["4"] == pytest.approx(0.25)

    def test_a_synonym_finds_and_says_whose_it_is(self, engine: Engine) -> None:
        analysis.set_lexicon(["没水"], [["停水", "没水"]])
        self.put(engine, Doc("1", 1, {"title": "家里没水"}), Doc("2", 1, {"title": "小区停水"}))

        results = engine.search(MATTERS, Query(permission=EVERYTHING, text="停水"))

        assert ids(results) == ["2", "1"]
        assert [(r.word, r.via) for r in results.hits[1].reasons] == [("没水", "停水")]

    def test_a_synonym_satisfies_the_demand_for_all_words(self, engine: Engine) -> None:
        analysis.set_lexicon(["没水"], [["停水", "没水"]])
        self.put(engine, Doc("1", 1, {"title": "夜间没水"}), Doc("2", 1, {"title": "夜间停电"}))

        query = Query(permission=EVERYTHING, text="夜间停水", match=Match.ALL)

        assert ids(engine.search(MATTERS, query)) == ["1"]

    @pytest.mark.parametrize("typed", ["gjj", "gongjijin", "GJJ", "tqgjj", "gongji"])
    @pytest.mark.parametrize("match", list(Match))
    def test_pinyin_and_initials_find_a_title(
        self, engine: Engine, typed: str, match: Match
    ) -> None:
        self.put(engine, Doc("1", 1, {"title": "提取公积金"}), Doc("2", 1, {"title": "路灯"}))

        results = engine.search(MATTERS, Query(permission=EVERYTHING, text=typed, match=match))

        assert ids(results) == ["1"]
        assert [(r.word, r.field) for r in results.hits[0].reasons] == [(typed.lower(), "title")]

    def test_only_the_named_fields_are_searched(self, filled: Engine) -> None:
        query = Query(permission=EVERYTHING, text="居民", fields=["title"])

        assert filled.search(MATTERS, query).total == 0

    def test_traditional_and_full_width_writing_finds_the_plain(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 1, {"text": "A3区12栋路灯"}))

        for text in ("路燈", "Ａ３", "12棟", "a3區"):
            assert ids(engine.search(MATTERS, Query(permission=EVERYTHING, text=text))) == ["1"]

    def test_a_title_that_says_it_comes_before_a_text_that_mentions_it(
        self, engine: Engine
    ) -> None:
        self.put(
            engine,
            Doc("1", 1, {"title": "其他", "text": "路灯旁边的树倒了，压坏了停着的车"}),
            Doc("2", 1, {"title": "路灯", "text": "不亮很久了，晚上走路看不见"}),
        )

        assert ids(engine.search(MATTERS, Query(permission=EVERYTHING, text="路灯"))) == ["2", "1"]

    def test_reasons_name_word_field_and_weight(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 1, {"title": "路灯", "text": "夜间很黑"}))

        (hit,) = engine.search(MATTERS, Query(permission=EVERYTHING, text="夜间路灯")).hits

        assert {(r.word, r.field) for r in hit.reasons} == {("路灯", "title"), ("夜间", "text")}
        assert all(r.weight > 0 for r in hit.reasons)

    def test_rare_words_are_told_from_common_ones(self, filled: Engine) -> None:
        told = filled.rarity(MATTERS, ["居民", "停水", "飞碟"])

        assert told["居民"] < 0.02 < told["停水"] < told["飞碟"]

    def test_what_resembles_a_text_is_found_by_its_telling_terms(self, filled: Engine) -> None:
        like = Like("第8栋的居民反映提取公积金，已经很久了", terms=3)

        results = filled.search(MATTERS, Query(permission=EVERYTHING, like=like, limit=1))

        assert ids(results) == ["0008"]
        assert results.total < 60

    def test_the_best_are_the_same_where_nobody_counts(self, filled: Engine) -> None:
        like = Like("第8栋的居民反映提取公积金，已经很久了")
        counted = Query(permission=EVERYTHING, like=like, limit=5)

        alone = filled.search(MATTERS, replace(counted, counted=False))

        assert alone.hits == filled.search(MATTERS, counted).hits

    def test_what_the_text_is_from_is_no_hit(self, filled: Engine) -> None:
        like = Like("第8栋的居民反映提取公积金，已经很久了", but="0008")

        found = filled.search(MATTERS, Query(permission=EVERYTHING, like=like, limit=60))

        assert found.hits
        assert "0008" not in ids(found)

    def test_of_hits_that_share_a_value_the_best_stays(self, filled: Engine) -> None:
        asked = Query(permission=EVERYTHING, text="第8栋提取公积金", limit=60)

        every = filled.search(MATTERS, asked).hits
        kept = filled.search(MATTERS, replace(asked, distinct="status")).hits

        assert [hit.fields["status"] for hit in kept] == ["closed", "open"]
        assert kept[0] == every[0]
        assert kept[1] == next(hit for hit in every if hit.fields["status"] == "open")

    def test_messages_are_compared_by_what_is_rare_in_all_of_the_collection(
        self, engine: Engine
    ) -> None:
        often = "请领导尽快安排人员处理"
        filled = [Doc(str(n), 1, {"title": f"{n}号", "text": f"{often}{n}号"}) for n in range(30)]
        far = Doc("far", 1, {"title": "请领导处理", "text": f"{often}，{often}，路口停水"})
        near = Doc("near", 1, {"title": "水泥厂排灰", "text": "长岭花园阳台上一层白粉"})
        self.put(engine, *filled, far, near)
        like = Like(f"长岭花园旁边水泥厂排灰，{often}", "水泥厂排灰", message=True)

        found = engine.search(MATTERS, Query(permission=EVERYTHING, like=like, limit=2))

        assert ids(found)[0] == "near"
        assert any(reason.word == "排灰" for reason in found.hits[0].reasons)

    def test_what_the_nearest_messages_resemble_is_near_too(self, engine: Engine) -> None:
        self.put(
            engine,
            Doc("1", 1, {"title": "水泥厂排灰", "text": "长岭水泥厂粉尘飘到阳台"}),
            Doc("2", 1, {"title": "水泥厂粉尘", "text": "长岭水泥厂粉尘飘到车上，孩子咳嗽"}),
            Doc("3", 1, {"title": "孩子咳嗽", "text": "夜里排队看病"}),
            Doc("4", 1, {"title": "公积金", "text": "夜里排队提取"}),
        )
        like = Like("长岭水泥厂粉尘，夜里排队", "水泥厂排灰", message=True)

        found = engine.search(MATTERS, Query(permission=EVERYTHING, like=like, limit=4))

        assert ids(found) == ["1", "2", "3", "4"]

    def test_a_sample_holds_documents_of_all_places(self, filled: Engine) -> None:
        everything = filled.backend.sample(MATTERS, 100)
        some = filled.backend.sample(MATTERS, 20)

        assert len(everything) == 60
        assert len(set(some)) == 20
        assert set(some) < set(everything)

    def test_a_day_may_be_a_keyword(self, engine: Engine) -> None:
        self.put(engine, Doc("1", 1, {"status": date(2026, 5, 6)}))

        assert self.found(engine, Term("status", date(2026, 5, 6))) == ["1"]

    def test_a_value_that_cannot_be_kept_is_an_error(self, engine: Engine) -> None:
        with pytest.raises(TypeError, match="cannot keep"):
            self.put(engine, Doc("1", 1, {"status": [object()]}))  # type: ignore[dict-item]  # meant

    # Rebuilding.

    def test_a_rebuild_takes_the_place_of_what_was(self, filled: Engine) -> None:
        size = filled.rebuild(MATTERS, (matter(n) for n in range(5)))

        assert size == 5
        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 5

    def test_a_rebuilt_index_goes_on(self, filled: Engine) -> None:
        filled.rebuild(MATTERS, (matter(n) for n in range(5)))

        self.put(filled, matter(9))

        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 6

    def test_what_is_written_during_a_rebuild_is_not_lost(self, filled: Engine) -> None:
        def while_others_write() -> Iterator[Doc]:
            yield matter(1)
            filled.put(MATTERS, [Doc("new", 1, {"title": "新来的"}), Doc("0002", 9, {})])
            filled.delete(MATTERS, ["0003"])
            yield from (matter(2), matter(4))

        filled.rebuild(MATTERS, while_others_write())

        filled.refresh(MATTERS)
        hits = filled.search(MATTERS, Query(permission=EVERYTHING)).hits
        assert {hit.id: hit.version for hit in hits} == {"new": 1, "0001": 1, "0002": 9, "0004": 1}

    def test_the_old_index_answers_while_a_rebuild_runs(self, filled: Engine) -> None:
        seen: list[int] = []

        def while_others_look() -> Iterator[Doc]:
            yield matter(1)
            seen.append(filled.count(MATTERS, Query(permission=EVERYTHING)))

        filled.rebuild(MATTERS, while_others_look())

        assert seen == [60]

    def test_a_rebuild_that_fails_leaves_the_old_index(self, filled: Engine) -> None:
        def broken() -> Iterator[Doc]:
            yield matter(1)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            filled.rebuild(MATTERS, broken())

        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 60

    def test_a_rebuild_that_lost_something_is_not_put_in_force(self, filled: Engine) -> None:
        with pytest.raises(Incomplete, match="应有 2 个文档，实有 1"):
            filled.rebuild(MATTERS, [matter(1), matter(1)])

        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 60

    def test_there_is_a_way_back_from_a_rebuild(self, filled: Engine) -> None:
        with pytest.raises(Unavailable):
            filled.back(MATTERS)
        filled.rebuild(MATTERS, (matter(n) for n in range(5)))

        filled.back(MATTERS)

        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 60
        assert self.put(filled, matter(99)) == 1
        assert filled.count(MATTERS, Query(permission=EVERYTHING)) == 61

    def test_meaning_decides_between_texts_that_share_the_same_words(self, opened: Engine) -> None:
        engine = Engine(opened.backend, embeds=True)
        docs = [
            Doc("学校", 1, {"text": "办理适龄儿童入学报名，请携带户口簿和房产证"}),
            Doc("执照", 1, {"text": "办理个体工商户营业执照，请携带身份证和场所证明"}),
            Doc("养老", 1, {"text": "办理退休手续，请携带身份证和社会保障卡"}),
        ]
        engine.rebuild(MEANT, docs)
        asked = Query(permission=EVERYTHING, text="孩子上小学怎么办理")
        told = replace(asked, text="", like=Like("请问怎么办理", title="孩子上小学"))

        embedded, plain = (each.search(MEANT, asked) for each in (engine, opened))
        message = engine.search(MEANT, told)

        engine.drop(MEANT)
        assert ids(embedded)[0] == ids(message)[0] == "学校"
        assert gap(embedded) > gap(plain) + 1
        assert gap(message) > gap(plain) + 1

    def test_threads_write_and_read_at_once(self, engine: Engine) -> None:
        def write(start: int) -> None:
            for n in range(start, start + 20, 5):
                engine.put(MATTERS, [matter(k) for k in range(n, n + 5)])
                engine.search(MATTERS, Query(permission=EVERYTHING, text="停水"))

        threads = [threading.Thread(target=write, args=(n,)) for n in (0, 20, 40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        engine.refresh(MATTERS)
        assert engine.count(MATTERS, Query(permission=EVERYTHING)) == 60
