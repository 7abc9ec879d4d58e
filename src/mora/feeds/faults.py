"""Every code a loan book's rows and files can be given, with its sentence in two languages and what would be accepted.

``{value}``, ``{column}`` and ``{detail}`` are filled in where the fault is found. docs/errors.md shows each one as it
comes out of running a broken input.
"""

# ruff: noqa: E501 - a fault a line, both languages side by side, reads as the table it is

from __future__ import annotations

from dataclasses import dataclass

from mora.core.errors import BadInput
from mora.core.findings import Finding, Severity
from mora.core.words import Language, Words


@dataclass(frozen=True, slots=True)
class Fault:
    """What a code means."""

    message: Words
    expected: Words
    severity: Severity = Severity.ERROR


def _fault(zh: str, en: str, expected_zh: str = "", expected_en: str = "") -> Fault:
    return Fault(Words(zh, en), Words(expected_zh or expected_en, expected_en or expected_zh))


def _warning(zh: str, en: str, expected_zh: str = "", expected_en: str = "") -> Fault:
    return Fault(Words(zh, en), Words(expected_zh, expected_en), Severity.WARNING)


_DATE = ("年在前的日期，如 2026-01-05（也接受 2026/1/5 和 20260105）",
         "a date with the year first, such as 2026-01-05 (2026/1/5 and 20260105 are read too)")  # fmt: skip
_AMOUNT = ("小数点写法、无千分位，如 1234.50", "a plain decimal with a point and no separators, such as 1234.50")
_MEND = (
    "改正后与该贷款的计划和流水一起再次导入",
    "mend it and import it again together with the loan's schedule and postings",
)

ROW_FAULTS: dict[str, Fault] = {
    # the row itself
    "BOOK.FIELDS": _fault("该行的字段数不对：{detail}", "the row does not have the header's number of fields: {detail}",
                          "字段数与表头一致；含逗号或换行的值放在双引号内",
                          "as many fields as the header; a value with a comma or line break goes in double quotes"),
    "BOOK.MISSING_VALUE": _fault("{column} 没有值", "{column} has no value", "每行都有值", "a value in every row"),
    "BOOK.CONTROL": _fault("{column} 含控制字符", "{column} contains a control character", "只含可见字符", "printable characters only"),
    "BOOK.ID_LENGTH": _fault("{column} 超过 64 个字符", "{column} is longer than 64 characters", "至多 64 个字符",
                             "at most 64 characters"),
    "BOOK.TEXT_LENGTH": _fault("{column} 超过 1000 个字符", "{column} is longer than 1,000 characters", "至多 1000 个字符",
                               "at most 1,000 characters"),
    "BOOK.CHOICE": _fault("{column} 不认识“{value}”{detail}", "{column} does not know {value!r}{detail}", "见可选值", "one of the words listed"),
    "BOOK.NUMBER": _fault("“{value}”不是正整数", "{value!r} is not a whole number from 1 to 1,000,000", "如 12", "such as 12"),
    # dates
    "BOOK.DATE": _fault("“{value}”不是日期", "{value!r} is not a date", *_DATE),
    "BOOK.DATE_ORDER": _fault("“{value}”日在前还是月在前无法判断", "{value!r} does not say whether day or month comes first", *_DATE),
    "BOOK.DATE_SERIAL": _fault("“{value}”像电子表格的日期序号{detail}", "{value!r} looks like a spreadsheet's day number{detail}", *_DATE),
    "BOOK.DATE_TIME": _fault("“{value}”带有时刻，此处只要日期", "{value!r} has a time of day where a date is wanted", *_DATE),
    "BOOK.DATE_RANGE": _fault("“{value}”不在 1950 至 2199 年之间", "{value!r} is outside the years 1950 to 2199", *_DATE),
    "BOOK.INSTANT": _fault("“{value}”不是带时区的时刻", "{value!r} is not an instant with its offset", "如 2026-01-05T09:30:00+08:00",
                           "such as 2026-01-05T09:30:00+08:00 or 2026-01-05T01:30:00Z"),
    "BOOK.MATURITY": _fault("到期日 {value} 早于起息日 {detail}", "matures_on {value} is before started_on {detail}",
                            "不早于起息日", "started_on or later"),
    # amounts
    "BOOK.AMOUNT": _fault("“{value}”不是普通小数", "{value!r} is not a plain decimal", *_AMOUNT),
    "BOOK.AMOUNT_COMMA": _fault("“{value}”用逗号作小数点", "{value!r} has a decimal comma", *_AMOUNT),
    "BOOK.AMOUNT_THOUSANDS": _fault("“{value}”有千分位分隔符", "{value!r} has thousands separators", *_AMOUNT),
    "BOOK.AMOUNT_DECIMALS": _fault("“{value}”的小数位多于{detail}，可能是浮点误差",
                                   "{value!r} has more decimals than {detail}; is it float noise?",
                                   "按币种小数位四舍五入后的金额", "the amount rounded to the currency's minor unit by its owner"),
    "BOOK.AMOUNT_HUGE": _fault("“{value}”超过单笔上限（10^15 个最小单位）", "{value!r} is above the largest amount (10^15 minor units)",
                               "不超过 10^15 个最小单位", "at most 10^15 minor units, ten trillion in most currencies"),
    "BOOK.AMOUNT_NEGATIVE": _fault("{column} 为负：{value}", "{column} is negative: {value}", "零或正数；更正用另一笔流水",
                                   "zero or more; a correction is another posting"),
    "BOOK.AMOUNT_ZERO": _fault("{column} 为零，{detail}须有金额", "{column} is zero, and {detail} needs an amount", "大于零", "above zero"),
    "BOOK.AMOUNT_NOT_ZERO": _fault("{detail}不带金额，却写了 {value}", "{detail} moves no money, but says {value}", "0", "0"),
    "BOOK.CURRENCY_CODE": _fault("“{value}”不是三个大写字母的币种", "{value!r} is not three capital letters", "如 CNY", "such as CNY"),
    "BOOK.CURRENCY": _fault("币种 {value} 与贷款的 {detail} 不同", "currency {value} is not the loan's, {detail}", "与贷款同一币种",
                            "the loan's own currency"),
    # rates
    "BOOK.RATE": _fault("“{value}”不是利率小数", "{value!r} is not a rate of zero or more", "4.5% 写作 0.045", "4.5 % is written 0.045"),
    "BOOK.RATE_PERCENT": _fault("“{value}”大于 10（1000%），像是百分数", "{value!r} is above 10 (1000 %) and looks like a percentage",
                                "4.5% 写作 0.045", "4.5 % is written 0.045"),
    "BOOK.RATE_DECIMALS": _fault("“{value}”多于十位小数", "{value!r} has more than ten decimals", "至多十位小数", "at most ten decimals"),
    # the same thing twice
    "BOOK.DUPLICATE": _fault("与{detail}完全相同的一行，只留一行", "the same row again, word for word; one is kept ({detail})",
                             "每行只出现一次", "each row once"),
    "BOOK.DUPLICATE_DIFFERS": _fault("同一个键出现不同内容，无法取舍：{detail}", "two rows have this key and differ; neither is kept ({detail})",
                                     "一个键一行", "one row for one key"),
    "BOOK.CONFLICT": _fault("账簿中已有此键且内容不同：{detail}", "the book already holds this key with other content: {detail}",
                            "不可更改的内容保持原样；更正用新的流水或新的计划版本",
                            "what is fixed stays as it is; a correction is another posting or another schedule version"),
    # one table against another
    "BOOK.UNKNOWN_LOAN": _fault("没有贷款“{value}”", "there is no loan {value!r}", "loans 中或账簿里已有的 loan_id",
                                "a loan_id of this import's loans or of the book"),
    "BOOK.LOAN_SET_ASIDE": _fault("其贷款“{value}”被搁置：{detail}", "its loan {value!r} is set aside: {detail}", *_MEND),
    "BOOK.UNKNOWN_PRODUCT": _fault("products.yaml 中没有产品“{value}”{detail}", "products.yaml has no product {value!r}{detail}",
                                   "products.yaml 中的产品名", "a product named in products.yaml"),
    "BOOK.BEFORE_START": _fault("起息日 {value} 早于贷款起息日 {detail}", "value date {value} is before the loan's started_on {detail}",
                                "不早于贷款起息日", "the loan's started_on or later"),
    "BOOK.UNKNOWN_INSTALMENT": _fault("计划中没有第 {value} 期", "the loan's schedule has no instalment {value}", "计划中的期次",
                                      "an n of the loan's schedule"),
    # schedules
    "BOOK.SCHEDULE_MISSING": _fault("该贷款没有还款计划（第 1 版）", "the loan has no schedule (version 1)", "每笔贷款都有第 1 版计划",
                                    "version 1 of a schedule for every loan"),
    "BOOK.SCHEDULE_SUM": _fault("第 1 版计划本金合计不等于贷款本金：{detail}", "principal of schedule version 1 does not sum to the loan's: {detail}",
                                "合计与贷款本金分毫不差", "the same sum, to the minor unit"),
    "BOOK.SCHEDULE_ZERO": _fault("第 {detail} 版计划没有金额", "schedule version {detail} asks for nothing", "本金、利息、费用合计大于零",
                                 "principal, interest and fees of more than zero in all"),
    "BOOK.SCHEDULE_ORDER": _fault("第 {detail} 版计划的期次与应还款日顺序不一致", "instalment numbers and due dates of schedule version {detail} are not in the same order",
                                  "期次大者应还款日不早", "a later n is not due earlier"),
    "BOOK.SCHEDULE_ROW": _fault("计划中有一行读不出", "a row of its schedule cannot be read", *_MEND),
    "BOOK.SCHEDULE_LONG": _fault("计划超过 9000 行", "the schedule has more than 9,000 rows", "至多 9000 行", "at most 9,000 rows"),
    "BOOK.VERSION_DATE": _fault("第 {detail} 版计划缺生效日或生效日不一", "schedule version {detail} has no effective_on, or several",
                                "第二版起，每行同一个 effective_on", "from version 2 on, the same effective_on in all rows of the version"),
    "BOOK.VERSION_ORDER": _fault("第 {detail} 版计划早于前一版生效", "schedule version {detail} takes effect before the one it replaces",
                                 "版本号大者不早生效", "a later version takes effect on the same day or later"),
    # postings
    "BOOK.WAIVER_COMPONENT": _fault("减免没有写明成分", "a waiver must name its component", "principal, interest, fee, penalty, compound"),
    "BOOK.REVERSAL_UNNAMED": _fault("冲正没有写明所冲流水", "a reversal must name the posting it reverses", "reverses 填 posting_id",
                                    "the posting_id in reverses"),
    "BOOK.REVERSES_UNASKED": _fault("只有冲正才填 reverses，此处为“{value}”", "only a reversal names a posting in reverses, not this one ({value!r})",
                                    "空", "an empty cell"),
    "BOOK.REVERSAL_UNKNOWN": _fault("所冲流水“{value}”不存在或已搁置", "the posting it reverses, {value!r}, is not there or is set aside",
                                    "同一贷款的一笔流水", "a posting of the same loan"),
    "BOOK.REVERSAL_OTHER_LOAN": _fault("所冲流水“{value}”属于另一笔贷款", "the posting it reverses, {value!r}, belongs to another loan",
                                       "同一贷款的一笔流水", "a posting of the same loan"),
    "BOOK.REVERSAL_LATER": _fault("所冲流水“{value}”晚于冲正本身", "the posting it reverses, {value!r}, is later than the reversal",
                                  "起息日不晚于冲正的流水", "a posting with the same value date or an earlier one"),
    "BOOK.REVERSAL_KIND": _fault("所冲流水“{value}”是{detail}，不能冲正", "the posting it reverses, {value!r}, is a {detail}, which cannot be reversed",
                                 "可冲正的种类", "a kind that can be reversed (see the book format)"),
    "BOOK.REVERSAL_AMOUNT": _fault("冲正金额 {value} 与所冲流水的 {detail} 不同", "the reversal says {value}, the posting it reverses {detail}",
                                   "与所冲流水相同的金额", "the same amount as the posting it reverses"),
    "BOOK.REVERSAL_TWICE": _fault("流水“{value}”已被冲正", "the posting {value!r} is reversed already", "一笔流水至多冲正一次",
                                  "one reversal for one posting"),
}  # fmt: skip
"""Set the row aside."""

FILE_FAULTS: dict[str, Fault] = {
    "BOOK.NO_FEED": _fault("目录中没有可读的文件{detail}", "the directory holds nothing that can be read{detail}",
                           "loans.csv、loans.xlsx 或 loans.parquet 等", "loans.csv, loans.xlsx or loans.parquet, and so on (see the book format)"),
    "BOOK.UNKNOWN_FEED": _fault("没有名为“{value}”的来源", "there is no feed {value!r}", "{detail}", "{detail}"),
    "BOOK.MIXED": _fault("目录中有多种来源：{detail}", "the directory can be read in more than one way: {detail}", "用 --feed 指明一种",
                         "say which with --feed"),
    "BOOK.MISSING_COLUMN": _fault("缺少必需的列 {column}{detail}", "the required column {column} is missing{detail}", "表头含全部必需列",
                                  "a header with every required column"),
    "BOOK.DUPLICATE_COLUMN": _fault("列 {column} 出现两次", "the column {column} appears twice", "每列一次", "each column once"),
    "BOOK.EMPTY_FILE": _fault("文件是空的", "the file is empty", "至少有表头", "at least a header"),
    "BOOK.ENCODING": _fault("无法解码：{detail}", "the text cannot be decoded: {detail}", "UTF-8、带 BOM 的 UTF-16 或 GB18030",
                            "UTF-8, UTF-16 with a byte order mark, or GB18030"),
    "BOOK.SEPARATOR": _fault("表头不是以逗号分隔，像是{detail}", "the header is not separated by commas but, it seems, by {detail}",
                             "逗号分隔", "commas between fields"),
    "BOOK.TRUNCATED": _fault("Parquet 文件不完整：{detail}", "the Parquet file is cut short or damaged: {detail}", "完整的文件", "the whole file; copy it again"),
    "BOOK.WORKBOOK": _fault("工作簿无法读取：{detail}", "the workbook cannot be read: {detail}", "xlsx 文件，工作表名为表名", "an xlsx file whose sheets are named like the tables"),
    "BOOK.FLOAT": _fault("列 {column} 是浮点数，金额和利率不能用浮点", "the column {column} is {detail}; money and rates are never floats",
                         "金额用 int64 的 ..._minor，利率用 int64 的 ..._e12；或用字符串、decimal",
                         "int64 minor units in a column ending in _minor, int64 parts of 10^-12 in one ending in _e12, a decimal, or text"),
    "BOOK.TYPE": _fault("列 {column} 的类型是 {detail}", "the column {column} has type {detail}", "见账簿格式", "a type the book format names"),
    "BOOK.MIXED_TYPES": _fault("金额列有的带 _minor 有的不带：{detail}", "some amounts end in _minor and some do not: {detail}",
                               "一个文件只用一种写法", "one way for all amounts of a file"),
    "BOOK.NO_LOANS": _fault("账簿是空的，而这次没有 loans", "the book is empty and this import brings no loans", "先导入 loans", "loans first, or together"),
    "BOOK.NOT_A_BOOK": _fault("{detail} 不是账簿目录", "{detail} is not a book", "由 mora import 建立的目录，或一个空目录",
                              "a directory made by mora import, or an empty or new one"),
    "BOOK.LOCKED": _fault("另一个进程（{detail}）正在写这个账簿", "another process ({detail}) is writing to this book", "等它结束", "wait until it has ended"),
    "BOOK.PRODUCTS": _fault("产品条款有误：{detail}", "the product terms are wrong: {detail}", "见账簿格式", "see the book format"),
    "BOOK.PRODUCT_GONE": _fault("账簿中的贷款还在用产品“{value}”", "loans of the book still use the product {value!r}", "保留该产品",
                                "product terms that keep it"),
}  # fmt: skip
"""Refuse the import; the book stays as it was."""

WARNINGS: dict[str, Fault] = {
    "BOOK.EXTRA_COLUMN": _warning("列 {column} 不在格式中，未保留{detail}", "the column {column} is not part of the format and is not kept{detail}"),
    "BOOK.FACT_COLUMN": _warning("列 {column} 作为事实保留{detail}", "the column {column} is kept as a fact{detail}"),
    "BOOK.RESERVED_COLUMN": _warning("列名 {column} 由账簿自用，未保留", "the name {column} belongs to the book; the column is not kept"),
    "BOOK.UNKNOWN_FILE": _warning("文件未读取{detail}", "the file was not read{detail}"),
    "BOOK.DERIVED": _warning("来源没有逐笔还款，还款及其日期由其他数据推出：{detail}", "the source holds no payments; they and their days are derived: {detail}"),
    "BOOK.RATE_HIGH": _warning("有 {value} 行年利率不低于 100%，请确认不是百分数", "rows with a yearly rate of 100 % or more: {value}; are they percentages?",
                               "4.5% 写作 0.045", "4.5 % is written 0.045"),
}  # fmt: skip
"""Used as it is; somebody should look."""

FAULTS = ROW_FAULTS | FILE_FAULTS | WARNINGS


def sentence(code: str, language: Language, *, column: str = "", value: str = "", detail: str = "") -> str:
    """The message of a fault in one language. ``detail`` may hold both, as ``zh|en``."""
    return _fill(FAULTS[code].message, language, column, value, detail)


def accepted(code: str, language: Language, *, column: str = "", value: str = "", detail: str = "") -> str:
    """What would be accepted instead."""
    return _fill(FAULTS[code].expected, language, column, value, detail)


def _fill(words: Words, language: Language, column: str, value: str, detail: str) -> str:
    zh, bar, en = detail.partition("|")
    chosen = (zh if language is Language.ZH else en) if bar else detail
    return words.in_(language).format(column=column, value=visible(value), detail=chosen)


def visible(text: str) -> str:
    """The text with control characters written out (``\\x07``), so that showing it does nothing to a terminal."""
    return "".join(letter if letter >= " " and letter != "\x7f" else f"\\x{ord(letter):02x}" for letter in text)


@dataclass(frozen=True, slots=True)
class Told:
    """A fault at a place, not yet in a language."""

    code: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    detail: str = ""
    """Fills ``{detail}``; ``zh|en`` where the languages differ."""

    def finding(self, language: Language = Language.EN) -> Finding:
        """The same in one language."""
        filled = {"column": self.column, "value": self.value, "detail": self.detail}
        return Finding(
            code=self.code,
            message=sentence(self.code, language, **filled),
            file=self.file,
            row=self.row,
            column=self.column,
            value=visible(self.value),
            expected=accepted(self.code, language, **filled),
            severity=FAULTS[self.code].severity,
        )

    def line(self, language: Language) -> str:
        """The fault on one line, in one language: where, code, what, and what would be accepted."""
        finding = self.finding(language)
        if language is Language.EN:
            return str(finding)
        where = finding.file + (f":{finding.row}" if finding.row is not None else "")
        value = f"，值 {finding.value}" if finding.value else ""
        cell = f"（列 {finding.column}{value}）" if finding.column else ""
        wanted = f"；应为：{finding.expected}" if finding.expected else ""
        return f"{where}{'：' if where else ''}[{finding.code}] {finding.message}{cell}{wanted}"


class RefusedBook(BadInput):
    """An import that is refused whole; says why in either language."""

    def __init__(self, *told: Told) -> None:
        self.told = told
        findings = tuple(t.finding() for t in told)
        super().__init__(str(findings[0]), findings, told[0].line(Language.ZH))


def refused(code: str, *, file: str = "", column: str = "", value: str = "", detail: str = "") -> RefusedBook:
    """The exception that refuses an import for one reason."""
    return RefusedBook(Told(code, file=file, column=column, value=value, detail=detail))
