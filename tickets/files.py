"""What may be attached to a ticket: files are known by their content, and photos lose their past.

A photo is written anew, so that place, time and device (EXIF) stay with the citizen.
"""

import io
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from PIL import Image, ImageOps

from tickets.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 9
MOST_PIXELS = 50_000_000
LONGEST_NAME = 100
PHOTOS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PHOTO_NAMES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".webp"})
OTHERS: dict[str, tuple[str, frozenset[str]]] = {
    ".pdf": ("application/pdf", frozenset({".pdf"})),
    ".doc": ("application/msword", frozenset({".doc"})),
    ".xls": ("application/vnd.ms-excel", frozenset({".xls", ".doc"})),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        frozenset({".docx"}),
    ),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        frozenset({".xlsx"}),
    ),
    ".mp3": ("audio/mpeg", frozenset({".mp3", ".mpga"})),
    ".wav": ("audio/wav", frozenset({".wav"})),
    ".m4a": ("audio/mp4", frozenset({".m4a"})),
    ".amr": ("audio/amr", frozenset({".amr"})),
    ".mp4": ("video/mp4", frozenset({".mp4"})),
    ".mov": ("video/quicktime", frozenset({".mov"})),
    ".3gp": ("video/3gpp", frozenset({".3gp", ".3ga"})),
}
"""By the ending of the name: the media type, and what its content must look like."""
ACCEPTED = ",".join([*sorted(PHOTO_NAMES), *OTHERS])
WANTED = "可以上传照片（JPG、PNG、WEBP）、录音、视频、PDF 和 Word、Excel 文件"


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name, its media type, its content without the past."""

    name: str
    media_type: str
    content: bytes


def checked(name: str, content: bytes) -> Checked:
    """Check a file by its content (附件检查); raises Invalid for `attachments`."""
    own = PurePath(name.replace("\\", "/")).name.strip() or "附件"
    ending = PurePath(own).suffix.lower()
    if not content:
        raise Invalid(attachments=f"“{own}”是空文件，请重新选择。")
    if len(content) > MOST_BYTES:
        raise Invalid(attachments=f"“{own}”超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再上传。")
    if ending in PHOTO_NAMES:
        return _photo(own, content)
    if ending not in OTHERS:
        raise Invalid(attachments=f"“{own}”不能上传。{WANTED}。")
    media_type, looks = OTHERS[ending]
    if not looks & _endings(content):
        raise Invalid(attachments=f"“{own}”的内容与文件类型不符，可能已损坏，请重新选择。")
    return Checked(_short(own, ending), media_type, content)


def _photo(name: str, content: bytes) -> Checked:
    """Write the photo anew, upright and without what the camera noted."""
    try:
        with Image.open(io.BytesIO(content), formats=list(PHOTOS)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Invalid(attachments=f"“{name}”的尺寸太大，请缩小后再上传。")
            kind = str(image.format)
            plain = ImageOps.exif_transpose(image)
            if kind == "JPEG" and plain.mode != "RGB":
                plain = plain.convert("RGB")
            plain.info = {}
            written = io.BytesIO()
            plain.save(written, format=kind, quality=88)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as broken:
        raise Invalid(attachments=f"“{name}”不是可以打开的照片，请重新拍摄或选择。") from broken
    ending = f".{kind.lower()}".replace("jpeg", "jpg")
    stem = PurePath(name).stem
    return Checked(_short(stem + ending, ending), PHOTOS[kind], written.getvalue())


def _short(name: str, ending: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def _endings(content: bytes) -> set[str]:
    """What the content looks like, as endings of names."""
    try:
        return {match.extension for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()
