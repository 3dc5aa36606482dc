"""Several matters in one message (一件多事): where it is parted, and whether the parts differ."""

import re
from collections.abc import Callable, Sequence

from city.models import Parameter
from city.selectors import number
from tickets.routing.findings import CategoryGuess, Part

TURN = re.compile(
    r"(?:^|[，。；！？\n\s])(?="
    r"另外|此外|还有(?:一个|个|一件|件)?(?:问题|事)|再(?:一个|有)(?:问题|就是)|顺便(?:反映|问|说)"
    r"|第[二三四五](?:个|件|点)?(?:问题|事情?)?[是，、：:]|[二三四五]是|其次"
    r"|(?:[2-5]|[二三四五])[、.．）)]|[（(](?:[2-5]|[二三四五])[）)])"
)
SHORTEST = 8
READ, MOST = 3_000, 4
Guess = Callable[[Sequence[str]], list[list[CategoryGuess]]]


def pieces(text: str) -> list[str]:
    """Cut a text where it turns to something else ("另外…", "第二…"), else leave it one piece."""
    turns = [0, *(spot.end() for spot in TURN.finditer(text[:READ]) if spot.end() >= SHORTEST)]
    cuts = [text[a:b].strip() for a, b in zip(turns, [*turns[1:], len(text)], strict=True)]
    found: list[str] = []
    for cut in cuts:
        if found and (len(cut) < SHORTEST or len(found) == MOST):
            found[-1] += cut
        else:
            found.append(cut)
    return found


def parts_of(texts: Sequence[str], guess: Guess) -> list[list[Part]]:
    """Find the matters of each text (疑似多事项): none unless two parts are surely of two matters.

    A part counts where a keyword of its matter stands in it or the model is sure enough; what
    follows of the same matter belongs to it.
    """
    cut = [pieces(text) for text in texts]
    wanted = [piece for some in cut if len(some) > 1 for piece in some]
    known = dict(zip(wanted, guess(wanted), strict=True)) if wanted else {}
    return [_apart(some, known) if len(some) > 1 else [] for some in cut]


def _apart(cut: Sequence[str], known: dict[str, list[CategoryGuess]]) -> list[Part]:
    found: list[Part] = []
    sure = number(Parameter.Name.ROUTING_PART) / 100
    for piece in cut:
        best = next(iter(known[piece]), None)
        same = best is None or not (best.keywords or best.confidence >= sure)
        if found and (same or (best and found[-1].guess.category == best.category)):
            found[-1] = Part(f"{found[-1].text}\n{piece}", found[-1].guess)
        elif best is not None and not same:
            found.append(Part(piece, best))
    return found if len(found) > 1 else []
