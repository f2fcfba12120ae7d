from types import SimpleNamespace

import pytest
from io_examples import SENTENCES

from zhibiao.core.errors import InputError
from zhibiao.core.ledger import Ledger
from zhibiao.io.html import read_html

P = (*SENTENCES[:6], SENTENCES[4])  # the last one repeats a short one
NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xw">新闻动态</a></li></ul></div>'
FOOT = '<div class="footer"><p>版权所有 某市统计局</p></div>'


def page(body, head=""):
    return f"<html><head><title>经济运行情况</title>{head}</head><body>{NAV}{body}{FOOT}</body></html>"


def read(markup, **kwargs):
    data = markup if isinstance(markup, bytes) else markup.encode()
    return read_html(data, where="a.html", ledger=kwargs.pop("ledger", Ledger()), **kwargs)


BODIES = {
    "p": '<div class="content">' + "".join(f"<p>{p}</p>" for p in P) + "</div>",
    "br": '<div id="zoom">' + "<br><br>".join("　　" + p for p in P) + "</div>",
    "br in p": '<div class="content"><p>' + "<br/>".join("　　" + p for p in P) + "</p></div>",
    "div": '<div class="main">' + "".join(f"<div>{p}</div>" for p in P) + "</div>",
    "section": '<div class="content">' + "".join(f"<section><section>{p}</section></section>" for p in P) + "</div>",
    "span": '<div class="TRS_Editor">' + "".join(f"<p><span>{p[:8]}</span>{p[8:]}</p>" for p in P) + "</div>",
    "strong": '<div class="content">' + "".join(f"<p><strong>{p}</strong></p>" for p in P) + "</div>",
    "links": '<div class="content">' + "".join(f'<p><a href="/{i}">{p}</a></p>' for i, p in enumerate(P)) + "</div>",
    "list": "<article><ul>" + "".join(f"<li>{p}</li>" for p in P) + "</ul></article>",
    "layout table": "<table><tr><td>" + "".join(f"<p>{p}</p>" for p in P) + "</td></tr></table>",
    "layout table, two columns": "<table><tr><td width=10>&nbsp;</td><td>"
    + "".join(f"<p>{p}</p>" for p in P)
    + "</td></tr></table>",
}


@pytest.mark.parametrize("layout", BODIES)
def test_every_paragraph_is_a_line_of_its_own(layout):
    assert read(page(BODIES[layout])).text.split("\n") == list(P)


def test_single_short_paragraph_and_bare_text():
    assert read(page(f"<div><p>{P[4]}</p></div>")).text == P[4]
    assert read(f"<p>{P[0]}</p><p>{P[1]}</p>").text == f"{P[0]}\n{P[1]}"
    assert read(P[0]).text == P[0]


def test_table_rows_are_lines_with_cells_joined_by_tabs():
    table = (
        "<table><tr><th>指标</th><th>总量</th><th>增速(%)</th></tr>"
        "<tr><td><p>地区生产总值<br>(亿元)</p></td><td>1320.5</td><td>5.8</td></tr>"
        "<tr><td>工业增加值</td><td></td><td>8.2</td></tr><tr><td></td><td></td></tr></table>"
    )
    lines = read(page(f'<div class="content"><p>{P[0]}</p>{table}<p>{P[1]}</p></div>')).text.split("\n")
    assert lines == [P[0], "指标\t总量\t增速(%)", "地区生产总值(亿元)\t1320.5\t5.8", "工业增加值\t\t8.2", P[1]]


def test_boilerplate_around_and_inside_the_article_is_left_out():
    related = "".join(f'<li><a href="/{i}">某县前三季度增长{i}.5%</a></li>' for i in range(5))
    body = (
        f'<div class="wrap"><div class="detail"><h1>经济运行</h1>{BODIES["p"]}<div class="share">分享到微信</div></div>'
        f'<div class="related"><p>相关文章：</p><ul>{related}</ul></div>'
        '<div class="comments"><p>网友：增长了9.9%，好！</p></div></div>'
    )
    text = read(page(body)).text
    assert text.split("\n") == list(P)


def test_paragraphs_that_trafilatura_drops_are_kept_but_not_links_beside_them(monkeypatch):
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *a, **k: SimpleNamespace(text=P[0]))
    links = '<p><a href="/1">某县前三季度增长9.5%</a></p><p><a href="/2">某区居民收入增长6.1%。</a></p>'
    body = f'<div><p>页首的一段话。</p></div><div class="box">{"".join(f"<p>{p}</p>" for p in P)}{links}</div>'
    assert read(page(body)).text.split("\n") == [*P, "某区居民收入增长6.1%。"]


def test_white_space_entities_scripts_and_ruby():
    body = (
        "<div><p>全市\n   规模以上 工业&nbsp;增加值增长\n8.2%&#12290;</p>"
        f"<script>var a='{P[2]}'</script>"
        f"<!-- {P[3]} --><style>p{{}}</style>"
        f"<p><ruby>亳<rt>bó</rt></ruby>州市固定资产投资增长6.1%。</p><p>{P[0]}</p></div>"
    )
    assert read(page(body)).text.split("\n") == [
        "全市规模以上 工业\xa0增加值增长 8.2%。",
        "亳州市固定资产投资增长6.1%。",
        P[0],
    ]


def test_metadata_from_the_tags_of_government_pages():
    head = (
        '<meta name="ArticleTitle" content="前十月运行情况"><meta name="PubDate" content="2023年11月21日 10:20">'
        '<meta name="ContentSource" content="某市日报"><meta name="SiteName" content="某市政府网">'
    )
    result = read(page(BODIES["p"], head))
    assert (result.title, result.date, result.source) == ("前十月运行情况", "2023-11-21", "某市日报")


def test_metadata_from_open_graph():
    head = (
        '<meta property="og:title" content="前十月运行"><meta property="og:site_name" content="某市网">'
        '<meta property="article:published_time" content="2023-11-21T08:00:00+08:00">'
    )
    result = read(page(BODIES["p"], head))
    assert (result.title, result.date, result.source) == ("前十月运行", "2023-11-21", "某市网")


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("<div>来源：某市日报 发布时间：2023-11-21 10:20</div>", "2023-11-21"),
        ("<span>发布日期：2023年11月2日</span>", "2023-11-02"),
        ("<div>2023/11/21 来源：新华社</div>", "2023-11-21"),
        ("<p>截至2022年10月31日，新增减税12.3亿元。2019年3月5日启动。</p>", ""),
        ("<p>2020年全市实现生产总值1200亿元。</p><p>Copyright 2008-2018</p>", ""),
    ],
)
def test_date_line_is_read_but_no_date_is_guessed_from_the_text(line, date):
    assert read(page(line + BODIES["p"])).date == date


@pytest.mark.parametrize(
    ("declared", "codec", "name"),
    [
        ("gb2312", "gbk", "gb18030"),
        ("big5", "cp950", "cp950"),
        ("utf-8", "utf-8", "utf-8"),
        ("gbk", "utf-8", "utf-8"),
        ("iso-8859-1", "gbk", "gb18030"),
        ("utf-16", "gbk", "gb18030"),
    ],
)
def test_encoding_is_the_declared_one_if_it_fits(declared, codec, name):
    body = (
        "<p>全市固定投入增加8.2%，汽車產量增加。朱镕基</p>"
        if codec != "cp950"
        else "<p>全市投資增長8.2%，產量增加。</p>"
    )
    data = page(body, f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">').encode(
        codec, "ignore"
    )
    result = read(data)
    assert (result.text, result.encoding) == (
        data.decode(codec)[data.decode(codec).index("全市") :].split("</p>")[0],
        name,
    )


def test_encoding_without_declaration_and_with_byte_order_mark():
    assert read(page(BODIES["p"]).encode("gb18030")).encoding == "gb18030"
    assert read(page(BODIES["p"]).encode("utf-16")).text.split("\n") == list(P)
    xhtml = '<?xml version="1.0" encoding="gb2312"?>' + page(BODIES["p"])
    assert read(xhtml.encode("gb2312")).text.split("\n") == list(P)


def test_page_without_an_article_falls_back_to_the_body_and_is_counted(monkeypatch):
    monkeypatch.setattr("trafilatura.bare_extraction", lambda *a, **k: None)
    ledger = Ledger()
    text = read(page(BODIES["p"]), ledger=ledger).text
    assert set(P) <= set(text.split("\n"))
    assert ledger.counts["html_fallback"] == 1


def test_failure_inside_trafilatura_costs_no_text(monkeypatch):
    def fail(*args, **kwargs):
        raise RecursionError("deep")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    ledger = Ledger()
    assert P[0] in read(page(BODIES["p"]), ledger=ledger).text
    assert ledger.counts["html_fallback"] == 1


def test_hostile_pages():
    assert P[0] in read("<div>" * 1000 + P[0]).text
    assert read("<div>" * 5000 + P[0]).text == ""  # deeper than libxml2 goes: the reader reports a page without text
    assert P[0] in read(page(BODIES["p"]).replace("<p>", "<p>\0\x01")).text.replace("\x01", "")
    assert read("<table><tr><td>" * 300 + P[0]).text == P[0]
    with pytest.raises(InputError, match=r"a\.html: (no HTML|binary)"):
        read(b"\0\x01\x02" * 100)
