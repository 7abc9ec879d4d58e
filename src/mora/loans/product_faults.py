"""What can be wrong with a product file, in two languages. ``{...}`` is filled in where the fault is found."""

from __future__ import annotations

from mora.core.findings import Finding, Severity
from mora.core.words import Language, Words

FAULTS: dict[str, tuple[Words, Words]] = {
    "PRODUCT.YAML": (
        Words("文件不能读作产品条款：{detail}", "the file cannot be read as product terms: {detail}"),
        Words("普通 YAML：产品名下面是条款", "plain YAML: a product's name, and its terms below it"),
    ),
    "PRODUCT.EMPTY": (
        Words("文件里没有产品", "the file holds no product"),
        Words("至少一个产品，如 consumer: {{}}", "at least one product, such as consumer: {{}}"),
    ),
    "PRODUCT.NAME": (
        Words("产品名“{value}”不可用", "{value!r} cannot be a product's name"),
        Words("1 至 64 个字符的文字；数字须加引号", "text of 1 to 64 characters; a number goes in quotes"),
    ),
    "PRODUCT.MAPPING": (
        Words("{column} 应是键和值，而不是“{value}”", "{column} should hold keys and values, not {value!r}"),
        Words("键：值 的行{detail}", "lines of key: value{detail}"),
    ),
    "PRODUCT.UNKNOWN_KEY": (
        Words("不认识的键“{value}”{near}", "unknown key {value!r}{near}"),
        Words("下列之一：{detail}", "one of {detail}"),
    ),
    "PRODUCT.VALUE": (
        Words("{column} 不接受“{value}”{near}", "{column} does not take {value!r}{near}"),
        Words("{detail}", "{detail}"),
    ),
    "PRODUCT.MISSING": (
        Words("{column} 缺少 {detail}", "{column} lacks {detail}"),
        Words("{detail}：值", "{detail}: a value"),
    ),
    "PRODUCT.EXTENDS": (
        Words("文件中没有可供继承的产品“{value}”{near}", "there is no product {value!r} to extend{near}"),
        Words("本文件中的另一产品：{detail}", "another product of this file: {detail}"),
    ),
    "PRODUCT.EXTENDS_ITSELF": (
        Words("继承成环：{detail}", "products extend one another in a ring: {detail}"),
        Words("去掉其中一个 extends", "one of these without extends"),
    ),
    "PRODUCT.EXTENDS_BROKEN": (
        Words("所继承的产品“{value}”本身有错", "the product {value!r} it extends has faults of its own"),
        Words("先改正“{value}”", "mend {value!r} first"),
    ),
    "PRODUCT.PAIR_TWICE": (
        Words("“{detail}”在抵充顺序中出现不止一次", "{detail} stands in the waterfall more than once"),
        Words("每个（到期状态，成分）至多一次", "each pair of due state and component at most once"),
    ),
    "PRODUCT.UNREACHED": (
        Words("逾期的 {detail} 永远不会被抵充", "past due {detail} would never be paid"),
        Words("past_due 的步骤包含全部五种成分", "steps of past_due that together hold all five components"),
    ),
    "PRODUCT.EITHER": (
        Words("{column} 同时写了 {detail}", "{column} has both {detail}"),
        Words("二者只写其一", "one of the two"),
    ),
    "PRODUCT.PERIOD": (
        Words("{column} 的 until 不晚于 from", "until of {column} is not after from"),
        Words("from 早于 until（until 当日已不适用）", "from before until (on until itself it no longer applies)"),
    ),
    "PRODUCT.NEEDS_CALENDAR": (
        Words("schedule.adjustment 为 {value}，但没有日历", "schedule.adjustment is {value}, and there is no calendar"),
        Words("calendar: cn 或 weekends", "calendar: cn, or weekends"),
    ),
    "PRODUCT.BALLOON_ONLY": (
        Words("amortise_over 只用于气球贷，方法是 {value}", "amortise_over is for balloon plans, not for {value}"),
        Words("method: balloon，或去掉 amortise_over", "method: balloon, or no amortise_over"),
    ),
    "PRODUCT.NO_EFFECT": (
        Words("{detail}，因此 {column} 不起作用", "{detail}, so {column} has no effect"),
        Words("去掉它，或改正所依赖的条款", "leave it out, or change the term it depends on"),
    ),
}
WARNINGS = frozenset({"PRODUCT.NO_EFFECT"})


def fault(
    code: str,
    language: Language,
    *,
    file: str,
    row: int | None,
    column: str = "",
    value: str = "",
    detail: Words | str = "",
    near: str = "",
) -> Finding:
    """A finding in one language; ``near`` is the known word the writer may have meant."""
    message, expected = FAULTS[code]
    told = detail if isinstance(detail, str) else detail.in_(language)
    hint = Words(f"；是否为 {near}？", f"; did you mean {near}?").in_(language) if near else ""
    filled = {"column": column, "value": value, "detail": told, "near": hint}
    return Finding(
        code=code,
        message=message.in_(language).format(**filled),
        file=file,
        row=row,
        column=column,
        value=value,
        expected=expected.in_(language).format(**filled),
        severity=Severity.WARNING if code in WARNINGS else Severity.ERROR,
    )
