"""Draws what citizens and units of the demo attach: small pictures, a sheet, sounds."""

import io
import wave
from collections.abc import Callable
from math import exp, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
HORIZON = 200
RATE = 8_000
BAGS = ("#2f3b46", "#41545f", "#7a6a4f", "#8c4a3c", "#c9c2ae", "#3d5a45")


def _street(random: Random) -> Image.Image:
    """Draw a wall and the pavement before it, as grainy as a phone's camera has them."""
    picture = Image.new("RGB", SIZE, "#a9a294")
    draw = ImageDraw.Draw(picture)
    for top in range(0, HORIZON, 25):
        for left in range(-40 * (top % 50 // 25), SIZE[0], 80):
            shade = 148 + random.randrange(22)
            draw.rectangle((left, top, left + 76, top + 21), fill=(shade, shade - 14, shade - 30))
    draw.rectangle((0, HORIZON, *SIZE), fill="#77777a")
    for line in range(HORIZON, SIZE[1], 56):
        draw.line((0, line, SIZE[0], line), fill="#69696c", width=2)
    return picture


def _taken(picture: Image.Image, random: Random) -> bytes:
    """Give the picture as a phone would send it."""
    grain = Image.effect_noise(SIZE, 18).convert("RGB")
    shot = Image.blend(picture.filter(ImageFilter.GaussianBlur(0.8)), grain, 0.07)
    draw, stamp = ImageDraw.Draw(shot), f"{random.randrange(8, 18):02}:{random.randrange(60):02}"
    draw.text((SIZE[0] - 70, SIZE[1] - 26), stamp, fill="#f0c040", font_size=20)
    written = io.BytesIO()
    shot.save(written, "JPEG", quality=72)
    return written.getvalue()


def heap(random: Random) -> bytes:
    """Draw bags of rubbish heaped beside a bin (垃圾堆放)."""
    picture = _swept(random)
    draw = ImageDraw.Draw(picture)
    for _ in range(38):
        left, top = random.randrange(60, 430), random.randrange(230, 380)
        width, height = random.randrange(46, 96), random.randrange(38, 70)
        draw.ellipse((left, top, left + width, top + height), fill=random.choice(BAGS))
        draw.line((left + width / 2, top - 8, left + width / 2, top + 6), fill="#20262b", width=4)
    return _taken(picture, random)


def swept(random: Random) -> bytes:
    """Draw the same place when it was cleared (清运后)."""
    return _taken(_swept(random), random)


def _swept(random: Random) -> Image.Image:
    picture = _street(random)
    draw = ImageDraw.Draw(picture)
    for left, colour in ((470, "#2f6f4a"), (555, "#395b8c")):
        draw.rectangle((left, 190, left + 70, 320), fill=colour, outline="#1e2a24", width=3)
        draw.rectangle((left - 6, 176, left + 76, 194), fill="#2a3036")
    return picture


def sunken(random: Random) -> bytes:
    """Draw a manhole whose cover has sunk (井盖下沉)."""
    picture = _street(random)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((190, 270, 450, 420), fill="#4c4c4f", outline="#3a3a3c", width=6)
    draw.pieslice((200, 278, 440, 412), 200, 20, fill="#1d1d1f")
    for ring in range(0, 60, 20):
        box = (230 + ring, 300 + ring // 2, 410 - ring, 400 - ring // 2)
        draw.arc(box, 20, 200, fill="#8a8a8d", width=4)
    return _taken(picture, random)


def sheet(random: Random) -> bytes:
    """Draw a filled-in form with signature and seal, as a scan (作业单)."""
    page = Image.new("RGB", (620, 877), "#fbfaf6")
    draw = ImageDraw.Draw(page)
    draw.text((210, 60), f"No. {random.randrange(10_000, 99_999)}", fill="#333333", font_size=26)
    for row in range(9):
        draw.rectangle((60, 120 + row * 60, 560, 180 + row * 60), outline="#555555", width=2)
        draw.line((200, 120 + row * 60, 200, 180 + row * 60), fill="#555555", width=2)
        ends = [(220 + at * 12, 150 + row * 60 + random.randrange(-7, 7)) for at in range(24)]
        draw.line(ends[: random.randrange(8, 24)], fill="#28406e", width=3)
    draw.ellipse((400, 690, 540, 830), outline="#c0392b", width=6)
    draw.regular_polygon((470, 760, 30), 5, fill="#c0392b")
    written = io.BytesIO()
    page.save(written, "PDF", resolution=75)
    return written.getvalue()


def _sound(level: Callable[[float], float], seconds: float) -> bytes:
    """Write what LEVEL says at each moment as a recording, eight bits deep."""
    written = io.BytesIO()
    with wave.open(written, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(1)
        recording.setframerate(RATE)
        moments = (at / RATE for at in range(int(RATE * seconds)))
        recording.writeframes(bytes(128 + int(100 * level(moment)) for moment in moments))
    return written.getvalue()


def hammering(random: Random) -> bytes:
    """Play piles being driven at night (夜间施工)."""
    return _sound(lambda at: exp(-9 * (at % 0.8)) * random.uniform(-1, 1), 4)


def unanswered(random: Random) -> bytes:
    """Play a telephone that nobody takes up (无人接听): 450 Hz, one second of five."""
    return _sound(lambda at: 0.5 * sin(2 * pi * 450 * at) * (at % 5 < 1), 6)


DRAWN: dict[str, Callable[[Random], bytes]] = {
    "heap": heap,
    "swept": swept,
    "sunken": sunken,
    "sheet": sheet,
    "hammering": hammering,
    "unanswered": unanswered,
}
