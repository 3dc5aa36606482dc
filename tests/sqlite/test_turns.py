"""Turns are given in the order in which they were asked for."""

import threading
import time

from hotline.sqlite.turns import Turns


def test_who_comes_back_at_once_does_not_overtake_who_waits() -> None:
    turns, order = Turns(), list[str]()
    turns.take(1)

    def wait() -> None:
        turns.take(5)
        order.append("waiting")
        turns.pass_on()

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.1)
    turns.pass_on()
    turns.take(5)
    order.append("came back")
    waiting.join()

    assert order == ["waiting", "came back"]


def test_who_gave_up_waiting_is_not_given_the_turn() -> None:
    turns = Turns()
    turns.take(1)

    gave_up = not turns.take(0.01)
    turns.pass_on()

    assert gave_up
    assert turns.take(0.01)
