"""What no engine may stumble over, whoever types it: a part of the contract suite."""

import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Doc, Engine
from search.query import Like, Match, Permission, Query
from tests.search.contract import EVERYTHING, MATTERS, matter
from tests.search.nearness import NearContract

LONGEST_S = 0.3
TRIES = 3
MANY = 2000
EVIL = {
    "empty": "",
    "blank": " ",
    "one character": "水",
    "one letter": "a",
    "stop words": "的了和是在就都而及与或也着吗呢吧",
    "one stop word": "的",
    "emoji": "😀😀👨‍👩‍👧‍👦🇨🇳",
    "query syntax": "title:(路灯 AND NOT *) OR /.*/ ~2 ^3 [a TO b] {1 TO *} +停水 -施工 \\",
    "brackets": "[[[{{{((((\\",
    "quotes": "\"路灯' “停水” ‘施工’ 「违章」 \"\"\"'''",
    "regular expression": "(a+)+$ ^(路|灯)*?.{1,9999}[^灯]\\d+(?=停水)",
    "wildcards": "*?*?*?*路灯*",
    "sql": "\"'; DROP TABLE tickets; -- ' OR 1=1 /* UNION SELECT",
    "json": '{"match_all": {}}, {"script": "1"}',
    "nul": "路\x00灯",
    "lone surrogates": "路\ud800灯\udfff",
    "control characters": "路\x1b[31m灯\u202e\u200b\ufeff停水\r\n\t",
    "traditional": "路燈壞了，請儘快處理",
    "full width": "ＬＥＤ路灯１２栋（Ａ３）",
    "mixed English": "小区WiFi信号差 no signal since 3pm，APP打不开",
    "ten thousand repeated": "路灯" * 5000,
    "ten thousand different": "".join(map(chr, range(0x4E00, 0x4E00 + 10_000))),
    "ten thousand letters": "a" * 10_000,
    "ten thousand emoji": "😀" * 10_000,
    "ten thousand signs": "()" * 5000,
    "ten thousand words": ("gongjijin " * 1000)[:10_000],
}


def forms(text: str) -> list[Query]:
    """Ask in each of the ways in which the product asks."""
    typed = [
        Query(permission=EVERYTHING, text=text, match=match, facets=["status"]) for match in Match
    ]
    return [*typed, Query(permission=EVERYTHING, like=Like(text))]


def seconds(engine: Engine, query: Query) -> float:
    """Time a search; of several tries the fastest, the others measure the machine's other work."""
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        engine.search(MATTERS, query)
        took.append(time.perf_counter() - began)
    return min(took)


class BadInputContract(NearContract):
    """The contract, and what must hold for whatever is typed."""

    @pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
    def test_no_text_is_an_error(self, filled: Engine, text: str) -> None:
        found = [filled.search(MATTERS, query) for query in forms(text)]

        assert all(each.total >= len(each.hits) for each in found)

    def test_no_text_takes_long(self, engine: Engine) -> None:
        self.put(engine, *map(matter, range(MANY)))

        took = {
            name: max(seconds(engine, query) for query in forms(text))
            for name, text in EVIL.items()
        }

        slowest = max(took, key=lambda name: took[name])
        sys.stdout.write(f"slowest bad input: {slowest}, {took[slowest] * 1000:.0f} ms\n")
        assert took[slowest] <= LONGEST_S, slowest

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(text=st.text(st.characters(), max_size=200))
    def test_not_even_random_text_is_an_error(self, filled: Engine, text: str) -> None:
        found = filled.search(MATTERS, Query(permission=Permission.nothing(), text=text))

        assert found.total == 0

    def test_no_document_is_an_error(self, engine: Engine) -> None:
        written = self.put(
            engine,
            *(Doc(name, 1, {"title": text, "status": text}) for name, text in EVIL.items()),
            Doc("none", 1, {"title": None, "status": None, "weight": None, "at": None}),
        )

        assert written == len(EVIL) + 1
