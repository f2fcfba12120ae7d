"""Systems and requests for the tests of the service; systems live here so that worker processes can import them."""

import os
import time
from pathlib import Path

from zhibiao.core.records import Annotation
from zhibiao.serve.settings import Settings

TOKEN = "correct-horse-battery-staple"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
TEXT = "上半年,全市规模以上工业增加值同比增长8.3%,高于全省1.1个百分点,居全省第3位。"
PAGE = {"id": "p1", "text": TEXT, "date": "2024-07-22", "city": "宜昌市", "source": "示例"}


class ObedientSystem:
    """Finds nothing; does what a paragraph says: ``sleep SECONDS``, ``meet MINE YOURS`` (files), ``exit``, ``fail``."""

    name = "obedient"

    def annotate(self, paragraphs):
        for paragraph in paragraphs:
            match paragraph.split():
                case ["sleep", seconds]:
                    time.sleep(float(seconds))
                case ["meet", mine, yours]:
                    Path(mine).touch()
                    while not Path(yours).exists():
                        time.sleep(0.01)
                case ["exit"]:
                    os._exit(7)
                case ["fail"]:
                    raise RuntimeError("as it was told")
        return [Annotation()] * len(paragraphs)


def broken_system():
    raise ValueError("no such system")


def settings(**changes):
    values = {"make_system": ObedientSystem, "model_version": "test-1", "token": TOKEN, "workers": 1}
    return Settings(**(values | changes))


def doc(text, identifier="d"):
    return {"id": identifier, "text": text}
