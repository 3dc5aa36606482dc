"""Where an embedded index lives: a pointer to the folder in force, and how another takes over.

While a rebuild runs, what is put goes into the old folder and into a journal that the rebuilder
replays before it swaps, so that nothing written meanwhile is lost, whichever process wrote it.
"""

import fcntl
import json
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from search.backends.base import Sample, Unavailable
from search.backends.documents import Prepared, prepared
from search.backends.embedded.shelf import Shelf
from search.index import Doc, Index

_BATCH = 5000


class Place:
    """The home of one index, shared by all processes that use it."""

    def __init__(self, index: Index, home: Path) -> None:
        self.index = index
        self.home = home
        self.current = home / "CURRENT"
        self.journal = home / "JOURNAL"
        self._threads = threading.RLock()
        self._shelf: Shelf | None = None

    def shelf(self) -> Shelf:
        """Open the folder in force, or the one that took its place."""
        try:
            folder = self.home / self.current.read_text()
        except FileNotFoundError as error:
            raise Unavailable(f"索引 {self.index.alias} 尚未建立") from error
        if not folder.is_dir():
            raise Unavailable(f"索引 {self.index.alias} 的文件缺失，请重建")
        with self._threads:
            if self._shelf is None or self._shelf.folder != folder:
                self._shelf = _opened(self.index, folder)
            return self._shelf

    def ensure(self) -> bool:
        """Make an empty index where there is none."""
        if self.current.exists():
            return False
        with self._alone():
            if self.current.exists():
                return False
            self._put_in_force(_opened(self.index, self._new_folder()))
        return True

    def put(self, docs: Sequence[Prepared]) -> int:
        """Write a batch in one commit."""
        self.ensure()
        with self._alone():
            self._note(
                {"id": d.id, "version": d.version, "source": d.source, "vector": d.vector.hex()}
                for d in docs
            )
            shelf = self.shelf()
            written = shelf.write(docs)
            shelf.commit()
        return written

    def delete(self, ids: Sequence[str]) -> None:
        """Take out a batch in one commit."""
        self.ensure()
        with self._alone():
            self._note({"gone": doc_id} for doc_id in ids)
            shelf = self.shelf()
            shelf.remove(ids)
            shelf.commit()

    def rebuild(self, docs: Iterable[Prepared]) -> int:
        """Fill a new folder while the old one goes on, then swap."""
        self.ensure()
        with self._only_rebuilder():
            shelf = _opened(self.index, self._new_folder())
            sample = Sample(docs)
            try:
                written = _filled(shelf, sample)
                sample.compare(
                    held=shelf.searcher().num_docs, found=len(shelf.versions(sample.ids))
                )
                with self._alone():
                    self._replay(shelf)
                    shelf.close()
                    self._put_in_force(shelf)
            except BaseException:
                shutil.rmtree(shelf.folder)
                raise
        return written

    def back(self) -> None:
        """Put the folder before in force again; what was written since waits for a repair."""
        with self._alone():
            kept = [f for f in self.home.glob("*/") if f.name != self.current.read_text()]
            if not kept:
                raise Unavailable(f"索引 {self.index.alias} 没有可退回的旧版")
            self.shelf().close()
            self._put_in_force(_opened(self.index, kept[0]))

    def drop(self) -> None:
        """Remove the index and its home."""
        with self._alone():
            self._shelf = None
            shutil.rmtree(self.home)

    def close(self) -> None:
        """Let go of the writer."""
        with self._threads:
            if self._shelf is not None:
                self._shelf.close()
                self._shelf = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and processes from writing."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self._threads, (self.home / "LOCK").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _only_rebuilder(self) -> Iterator[None]:
        with (self.home / "REBUILD").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._alone():
                self.journal.write_text("")
            yield
            self.journal.unlink()

    def _being_rebuilt(self) -> bool:
        if not self.journal.exists():
            return False
        with (self.home / "REBUILD").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _note(self, lines: Iterable[dict[str, object]]) -> None:
        if self._being_rebuilt():
            with self.journal.open("a", encoding="utf-8") as journal:
                journal.writelines(json.dumps(line) + "\n" for line in lines)

    def _replay(self, shelf: Shelf) -> None:
        for line in self.journal.read_text(encoding="utf-8").splitlines():
            noted = json.loads(line)
            if "gone" in noted:
                shelf.remove([noted["gone"]])
            else:
                fields, vector = json.loads(noted["source"]), bytes.fromhex(noted["vector"])
                doc = Doc(noted["id"], noted["version"], fields, vector)
                shelf.write([prepared(self.index, doc)])
            shelf.commit()

    def _new_folder(self) -> Path:
        return self.home / secrets.token_hex(6)

    def _put_in_force(self, shelf: Shelf) -> None:
        """Swap the pointer at once, and keep the folder before for a way back."""
        before = self.current.read_text() if self.current.exists() else ""
        pointer = self.home / "CURRENT.new"
        pointer.write_text(shelf.folder.name)
        pointer.rename(self.current)
        self._shelf = shelf
        for folder in self.home.glob("*/"):
            if folder.name not in {before, shelf.folder.name}:
                shutil.rmtree(folder)


def documents_in(home: Path) -> int:
    """Count the documents of the index in this home, without opening it."""
    if not (home / "CURRENT").exists():
        return 0
    meta = json.loads((home / (home / "CURRENT").read_text() / "meta.json").read_text())
    return sum(
        int(segment["max_doc"]) - int((segment["deletes"] or {}).get("num_deleted_docs", 0))
        for segment in meta["segments"]
    )


def _opened(index: Index, folder: Path) -> Shelf:
    try:
        return Shelf(index, folder)
    except ValueError as error:
        raise Unavailable(f"索引 {index.alias} 与声明不符，请提高版本号后重建") from error


def _filled(shelf: Shelf, docs: Iterable[Prepared]) -> int:
    written = 0
    source = iter(docs)
    while batch := list(islice(source, _BATCH)):
        written += shelf.write(batch, fresh=True)
    shelf.commit()
    return written
