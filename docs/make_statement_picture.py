"""Makes docs/pictures/statement.png: a Chinese statement of one loan, as a picture.

    python docs/make_statement_picture.py

Needs a Chinese font (Debian: ``fonts-noto-cjk``). The customer is invented.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typst

import mora.contact.statement as room
from mora.contact.statement import Component, Line, Loan, Sender, Statement, paper
from mora.contact.statement.sheet import sheet
from mora.core.words import Language

DAY = date(2026, 11, 24)
STATEMENT = Statement(
    Sender("云溪银行", ("云溪市平安路1号",), "95500", "www.yunxi.example"), "欧阳龘",
    ("100000", "云溪市杏花巷2号院3单元402室"),
    "DZ-2026-000188", DAY, DAY, Language.ZH, "cn",
    (
        Loan(
            "个人消费贷款", "6688", "CNY",
            Line(
                Component(1_234_567, 1_000_000, 0, 234_567), Component(45_678, 30_000, 0, 15_678),
                Component(500, 0, 500, 0), Component(1_234, 0, 0, 1_234), Component(12, 0, 0, 12),
            ),
            12, date(2026, 11, 12), 87, 8_000_000, 8_300_000, date(2026, 12, 12), 250_000,
        ),
    ),
    ("手机银行：贷款－我要还款", "任一网点柜台", "转账至合同约定的还款账户"), "客户服务：95500（每日8:00至20:00）",
    "拨打95500转3，或写信至上述地址", "请致电95500转5。",
)  # fmt: skip


def main() -> None:
    """Write the picture."""
    folder = Path(room.__file__).parent
    facts = json.dumps({**sheet(STATEMENT), "family": paper().family, "made_on": DAY.isoformat()}, ensure_ascii=False)
    compiler = typst.Compiler(input=str(folder / "statement.typ"), root=str(folder))
    made = compiler.compile(format="png", ppi=76, sys_inputs={"facts": facts})
    assert isinstance(made, bytes)
    picture = Path(__file__).parent / "pictures/statement.png"
    picture.write_bytes(made)
    print(f"{picture.name}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
