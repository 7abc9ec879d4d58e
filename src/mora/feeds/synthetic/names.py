"""Invented names. Every person's and company's name carries the word 测试 or Testperson / Testco, so that nobody
takes one for somebody; the parts are common words put together by chance."""

from __future__ import annotations

SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_FIRST = list("子梓雨晓思佳文俊浩宇欣嘉家明志建海丽秀春红云")
GIVEN_LAST = list("轩涵萱怡琪阳杰博睿晨婷静敏强磊洋勇艳娟涛平辉芳")

ENGLISH_GIVEN = [
    "Avery", "Blake", "Casey", "Dana", "Ellis", "Frankie", "Gale", "Harper", "Indigo", "Jamie", "Kit", "Logan",
    "Morgan", "Noel", "Oakley", "Parker", "Quinn", "Robin", "Sage", "Taylor", "Umber", "Wren", "Yael",
]  # fmt: skip
ENGLISH_SECOND = [
    "Ash", "Birch", "Cedar", "Dale", "Elm", "Fen", "Glen", "Heath", "Isle", "Juniper", "Knoll", "Lark", "Moss",
    "North", "Orchard", "Pond", "Quarry", "Reed", "Stone", "Thorn", "Vale", "Wold", "Yew",
]  # fmt: skip

COMPANY_PLACE = ["云杉", "青石", "北渡", "望溪", "长桥", "白鹭", "松岭", "南浦", "东篱", "西塘", "晴川", "麦田"]
COMPANY_TRADE = ["商贸", "餐饮", "机械", "物流", "服饰", "建材", "食品", "印务", "园艺", "电子", "五金", "包装"]

CHINESE_NAMES: list[str | None] = [s + a + b + "（测试）" for s in SURNAMES for a in GIVEN_FIRST for b in GIVEN_LAST]
ENGLISH_NAMES: list[str | None] = [f"{g} {s} Testperson" for g in ENGLISH_GIVEN for s in ENGLISH_SECOND]
COMPANY_NAMES: list[str | None] = [
    f"测试{p}{t}{kind}" for p in COMPANY_PLACE for t in COMPANY_TRADE for kind in ("有限公司", "经营部", "合作社")
]  # fmt: skip
EMPLOYERS: list[str | None] = [
    None, "测试云杉商贸有限公司", "测试青石机械有限公司", "测试北渡物流有限公司", "测试晴川食品有限公司",
    "Testco Harbour Ltd", "Testco Meadow Inc", "Testco Mill LLC",
]  # fmt: skip

NAMES = CHINESE_NAMES + COMPANY_NAMES + ENGLISH_NAMES

PLACES: dict[str, list[tuple[str, str]]] = {
    "CN": [
        (f"CN-{code}", "Asia/Shanghai")
        for code in ("GD", "ZJ", "JS", "SD", "HA", "SC", "HB", "FJ", "SH", "BJ", "XJ", "LN")
    ],
    "US": [
        ("US-CA", "America/Los_Angeles"), ("US-TX", "America/Chicago"), ("US-NY", "America/New_York"),
        ("US-FL", "America/New_York"), ("US-IL", "America/Chicago"), ("US-AZ", "America/Phoenix"),
        ("US-WA", "America/Los_Angeles"), ("US-HI", "Pacific/Honolulu"),
    ],
    "GB": [(f"GB-{code}", "Europe/London") for code in ("ENG", "SCT", "WLS", "NIR")],
}  # fmt: skip
"""ISO 3166-2 regions and their time zones; all of China keeps Beijing time."""
