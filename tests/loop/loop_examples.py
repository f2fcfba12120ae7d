"""Annotated rows and pages for the tests of the loop, made by the rules from texts of our own."""

from zhibiao.core.codec import dumps
from zhibiao.core.records import Document
from zhibiao.pipeline.extractor import Extractor
from zhibiao.rules.system import RuleSystem

LINES = (
    "前三季度,全市外贸进出口总额214.6亿元,同比增长6.8%。",
    "会议要求,各地要抓紧抓实。",
    "其中,机电产品出口占全市出口的41.5%,比去年同期提高2.3个百分点。",
)
PAGE = "\n".join(LINES)
OTHERS = (
    "截至6月底,全县累计建成高标准农田18.7万亩,完成年度任务的92%。",
    "当年接待游客320万人次,实现旅游收入27.4亿元,分别增长8.1%和11.6%。",
    "全区新登记经营主体4216户,其中个体工商户占73%。",
)


def annotated(name, text, **meta):
    """The rules' annotation of ``text`` as a row; the meta it is given and nothing else."""
    row = Extractor(RuleSystem()).extract(Document(name, text)).to_annotated()
    return type(row)(row.id, row.text, meta, row.entities, row.relations, row.attributes)


def write(path, *rows):
    """A JSON Lines file of rows, or of strings as they are."""
    path.write_text("".join((row if isinstance(row, str) else dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path
