import json
from pathlib import Path

import pytest

from zhibiao.text.lines import split_lines
from zhibiao.text.normalize import normalize

ANNOTATION = Path(__file__).parents[3] / "shared" / "annotation"


def kind(line: str) -> str:
    (found,) = split_lines(normalize(line).text)
    assert found.kind == ("furniture" if found.reason else "text")
    return found.reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("首页 | 新闻 | 政务 | 经济 | 文化 | 视频", "navigation"),
        ("首页　要闻　县区　专题　关于我们", "navigation"),
        ("当前位置：首页 > 新闻中心 > 正文", "breadcrumb"),
        ("您的位置: 首页>政务>统计", "breadcrumb"),
        ("首页 > 统计数据 > 正文", "breadcrumb"),
        ("上一篇：", "neighbour"),
        ("下一篇：我市召开工业大会", "neighbour"),
        ("分享到：微信 微博 QQ空间", "tools"),
        ("【打印】【关闭】", "tools"),
        ("字体：大 中 小", "tools"),
        ("返回顶部", "tools"),
        ("责任编辑：admin", "byline"),
        ("[责任编辑：张三]", "byline"),
        ("编辑：王丽 审核：李明 签发：赵强", "byline"),
        ("（责编：张三、李四）", "byline"),
        ("本报记者 张三 通讯员 李四 王五", "byline"),
        ("测试日报记者 张三 摄", "byline"),
        ("来源：互联网", "source"),
        ("- 标签:", "source"),
        ("索引号：00112233/2023-00045", "source"),
        ("点击次数：1234", "counter"),
        ("浏览量:56次", "counter"),
        ("- 0 条评论", "counter"),
        ("发布时间：2023-07-03 09:09:22", "date"),
        ("2023-07-03 09:09 来源：某市日报", "date"),
        ("2023年11月21日", "date"),
        ("- 2019-10-16", "date"),
        ("- 2 -", "page_number"),
        ("第3页 共12页", "page_number"),
        ("版权所有 某市统计局 京ICP备12345678号-1", "legal"),
        ("Copyright © 2023 All Rights Reserved", "legal"),
        ("增值电信业务经营许可证：京B2-20230001", "legal"),
        ("京公网安备 11010502030123号", "legal"),
        ("联系电话：010-12345678 邮箱：a@b.cn", "contact"),
        ("网站地图 投稿邮箱:abc 12@example.cn", "contact"),
        ("地址：某市某路8号 邮编：100000", "contact"),
        ("免责声明：本文仅代表作者个人观点，与本网无关。", "disclaimer"),
        ("特别声明:文章由网友自行发布,观点与本站无关", "disclaimer"),
        ("免责声明", "disclaimer"),
        ("凡本网注明来源的作品，转载请注明出处。", "disclaimer"),
        ("相关阅读", "related"),
        ("热门推荐：", "related"),
        ("- 相关文章", "related"),
        ("扫一扫在手机打开当前页", "share"),
        ("(资料图)", "caption"),
        ("车间一角 某某/摄", "caption"),
        ("附件：2023年统计公报.docx", "attachment"),
        ("http://www.example.cn/a.html", "address"),
        ("- |", "separator"),
        ("********", "separator"),
        ("This page is provided for information only", "foreign_language"),
    ],
)
def test_furniture(line: str, reason: str) -> None:
    assert kind(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "某市工业投资增长8%",
        "某县茶产业迈上新台阶 农户笑开颜",
        "记者从市统计局获悉，前三季度全市工业增加值增长8%。",
        "本报讯（记者 张三）昨日，市统计局发布数据。",
        "来源：市统计局数据显示，1-10月全市固定资产投资增长12.4%",
        "发布时间：2023年10月，全市工业增加值增长8%",
        "编辑：全年产值突破100亿元",
        "记者：明年的招商工作有哪些打算？",
        "上半年，全市版权所有登记12万件，增长8%。",
        "首页点击量增长12%，位居全省首位",
        "新增地址类登记企业268家，增长12%",
        "联系电话普及率达98%",
        "关于我们身边的变化，群众感受最深。",
        "关注民生，服务群众。",
        "全市工业 投资 项目 企业",
        "268",
        "132.7",
        "GDP",
        "副县长到会讲话",
        "重要说明会在省城召开",
        "某公司被吊销增值电信业务经营许可证，全年查办案件600余起。",
        "扫描全市产业链，全年开工项目268个，完成投资30亿元",
    ],
)
def test_text(line: str) -> None:
    assert kind(line) == ""


def test_spans_leave_blanks_and_blank_lines_out() -> None:
    text = "  标题 \n\n \t\n首页 | 新闻 | 登录\n正文增长8%。"
    found = [(text[line.span.start : line.span.end], line.kind) for line in split_lines(text)]
    assert found == [("标题", "text"), ("首页 | 新闻 | 登录", "furniture"), ("正文增长8%。", "text")]
    assert split_lines("\n \n") == []


@pytest.mark.skipif(not ANNOTATION.exists(), reason="no shared folder")
def test_no_annotated_paragraph_is_furniture() -> None:
    for path in sorted(ANNOTATION.glob("*.jsonl")):
        for record in path.read_text(encoding="utf-8").splitlines():
            text = normalize(json.loads(record)["text"]).text
            assert [line.reason for line in split_lines(text) if line.reason] == []


def test_long_lines_take_no_time() -> None:
    for line in ("1" * 200_000, "大中小" * 60_000, "编辑" * 60_000, "| " * 60_000 + "首页", "(" * 100_000):
        assert len(split_lines(line)) == 1
