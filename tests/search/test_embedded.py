"""The embedded engine passes the contract, and is shared by several processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from search import engine as engines
from search.backends.embedded import Embedded, shelf
from search.engine import Doc, Engine, Unavailable
from search.index import Index, Keyword
from search.query import Query
from tests.search.bad_input import BadInputContract
from tests.search.contract import EVERYTHING, MATTERS, matter


class TestEmbedded(BadInputContract):
    @pytest.fixture(scope="class")
    @classmethod
    def opened(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
        engine = Engine(Embedded(tmp_path_factory.mktemp("index")))
        yield engine
        engine.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder for an index."""
    return tmp_path


@pytest.fixture
def writer(root: Path) -> Iterator[Engine]:
    """Give the engine of the process that writes."""
    engine = Engine(Embedded(root))
    yield engine
    engine.close()


@pytest.fixture
def other(root: Path) -> Iterator[Engine]:
    """Give the engine of another process over the same folder."""
    engine = Engine(Embedded(root))
    yield engine
    engine.close()


def test_another_process_sees_what_was_written(writer: Engine, other: Engine) -> None:
    writer.put(MATTERS, [matter(1)])
    before = other.count(MATTERS, Query(permission=EVERYTHING))

    writer.put(MATTERS, [matter(2)])

    assert before == 1
    assert other.count(MATTERS, Query(permission=EVERYTHING)) == 2


def test_another_process_follows_a_rebuild(writer: Engine, other: Engine) -> None:
    writer.put(MATTERS, [matter(1)])
    other.search(MATTERS, Query(permission=EVERYTHING))

    writer.rebuild(MATTERS, [matter(n) for n in range(3)])

    assert other.count(MATTERS, Query(permission=EVERYTHING)) == 3


def test_a_rebuild_beside_the_writing_process_loses_nothing(writer: Engine, other: Engine) -> None:
    def while_the_writer_writes() -> Iterator[Doc]:
        yield matter(1)
        writer.put(MATTERS, [matter(7)])

    writer.put(MATTERS, [matter(0)])

    other.rebuild(MATTERS, while_the_writer_writes())
    writer.put(MATTERS, [matter(8)])

    assert writer.count(MATTERS, Query(permission=EVERYTHING)) == 3


def test_a_second_writer_is_told_to_wait(
    writer: Engine, other: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "PATIENCE_S", 0.1)
    writer.put(MATTERS, [matter(1)])

    with pytest.raises(Unavailable, match="另一个进程"):
        other.put(MATTERS, [matter(2)])


def test_a_second_writer_may_write_once_the_first_has_closed(writer: Engine, other: Engine) -> None:
    writer.put(MATTERS, [matter(1)])
    writer.close()

    assert other.put(MATTERS, [matter(2)]) == 1


def test_only_the_folders_in_force_and_before_are_kept(writer: Engine, root: Path) -> None:
    for size in (1, 2, 3):
        writer.rebuild(MATTERS, [matter(n) for n in range(size)])

    assert len([p for p in (root / MATTERS.alias).iterdir() if p.is_dir()]) == 2


def test_a_declaration_changed_without_a_new_version_is_refused(
    writer: Engine, other: Engine
) -> None:
    writer.put(MATTERS, [matter(1)])
    changed = Index(MATTERS.name, MATTERS.version, {"colour": Keyword()})

    with pytest.raises(Unavailable, match="与声明不符"):
        other.search(changed, Query(permission=EVERYTHING))


def test_the_journal_of_a_rebuilder_that_died_is_not_written_to(writer: Engine, root: Path) -> None:
    writer.put(MATTERS, [matter(1)])
    journal = root / MATTERS.alias / "JOURNAL"
    journal.write_text("")

    writer.put(MATTERS, [matter(2)])

    assert journal.read_text() == ""


def test_a_broken_folder_is_bad_health_and_no_error(writer: Engine, root: Path) -> None:
    writer.put(MATTERS, [matter(1)])
    (root / MATTERS.alias / "CURRENT").write_text("lost")

    assert not writer.health().reachable
    with pytest.raises(Unavailable, match="请重建"):
        writer.search(MATTERS, Query(permission=EVERYTHING))


def test_the_settings_pick_the_embedded_engine(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_DIR = tmp_path

    engine = engines.current()

    assert engine.health().engine == "embedded"
    assert engines.current() is engine
