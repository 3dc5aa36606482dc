"""Sends a burst of requests to the API over some connections, in a process of its own.

Each answer is one line of JSON on standard output, at once: who kills the server meanwhile knows
which numbers had been given.
"""

import asyncio
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import count
from typing import Any

PLACES = ["望河花园", "柳林社区", "北湾社区菜场", "石鼓社区东门", "桥头社区", "南桥街道小学旁"]
MATTERS = [
    "流动摊贩占道经营，行人只能走机动车道",
    "自来水停了两天，打电话没有人接",
    "楼道灯坏了半个月没有人修，老人上下楼很危险",
    "夜间施工噪音扰民，孩子没法睡觉",
    "物业费涨价没有公示，业主都不同意",
    "路面塌了一个坑，骑车容易摔倒",
    "垃圾好几天没有清运，味道很大",
    "想咨询新生儿医保怎么参保，需要带哪些材料",
]
WHEN = ["今天早上", "昨天晚上", "上个星期", "这两个月", "连续三天", "国庆以后"]
PATIENCE_S = 200
ENDS = ["请尽快处理。", "希望有关部门管一管。", "盼复。", "已经反映过一次，没有结果。"]


def demands(start: int = 0) -> Iterator[dict[str, str]]:
    """Make demands without end, no two alike."""
    for n in count(start):
        place, matter = PLACES[n % len(PLACES)], MATTERS[n // 3 % len(MATTERS)]
        when, end = WHEN[n // 5 % len(WHEN)], ENDS[n // 7 % len(ENDS)]
        text = f"{when}{place}{n}号附近{matter}，{end}"
        yield {"text": text, "place": place, "phone": f"13{800000000 + n:09d}"}


def http(host: str, port: int, body: dict[str, str]) -> bytes:
    """Write one request as it goes over the line."""
    data = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"POST /api/v1/requests/ HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer: its status and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), await reader.readexactly(int(fields["content-length"]))


async def speak(host: str, port: int, queue: Iterator[dict[str, str]]) -> None:
    """Send one request after the other over one connection until none is left or it breaks."""
    reader, writer = await asyncio.open_connection(host, port)
    for body in queue:
        began = time.perf_counter()
        writer.write(http(host, port, body))
        status, data = await read_answer(reader)
        tell(status, data, body, began)
    writer.close()


def tell(status: int, data: bytes, body: dict[str, str], began: float) -> None:
    """Put the answer on standard output."""
    took = time.perf_counter() - began
    answer: dict[str, Any] = {"text": body["text"], "began": began, "ms": took * 1000}
    if status == 201:
        answer |= json.loads(data)
    answer["status"] = status
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def burst(port: int, requests: int, connections: int, start: int) -> None:
    """Send them all; a connection that breaks ends alone."""
    source = demands(start)
    queue = (next(source) for _ in range(requests))
    speakers = [speak("127.0.0.1", port, queue) for _ in range(connections)]
    await asyncio.wait_for(asyncio.gather(*speakers, return_exceptions=True), PATIENCE_S)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--start", type=int, default=0)
    asked = parser.parse_args()
    asyncio.run(burst(asked.port, asked.requests, asked.connections, asked.start))
