//! What a date says before it is reckoned out.

/// Which year is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    At(i16),
    /// So many years after that of the reference: `去年` is -1.
    Off(i32),
    /// So many years after that of the date before: `同年` is 0, `次年` 1.
    Same(i32),
}

/// Which month is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Month {
    At(i8),
    Off(i32),
    Same(i32),
}

/// Which part of the year, or of the month where one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Day(i8),
    /// From the first of these months to the last.
    Months(i8, i8),
    /// `第三季度`, `前三季度` (1, 3).
    Quarters(i8, i8),
    /// The quarter before or after that of the reference.
    QuarterOff(i32),
    Half(i8),
    /// 1 is spring.
    Season(i8),
    /// `年初`, `月初`
    Start,
    /// `年中`, `中旬`
    Middle,
    /// `年底`, `月底`
    End,
    /// `上旬`, `下旬`
    Third(i8),
    /// `第二周`
    Week(i8),
    /// `最后一个周三` is (-1, 3), `第一个星期一` (1, 1).
    Weekday(i8, i8),
    /// `前五天`
    FirstDays(i8),
    /// `最后五天`
    LastDays(i8),
}

/// What a number of them is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A date or period as the words say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr {
    Calendar {
        year: Option<Year>,
        month: Option<Month>,
        part: Part,
    },
    /// A day of the lunar calendar.
    Lunar,
    /// So many days after the reference: `昨天` is -1.
    Days(i32),
    /// So many days after the date before in the text: `当天`, `次日`.
    SameDay(i32),
    /// So many weeks after that of the reference, and a day of it from 1 (Monday) to 7.
    Week(i32, Option<i8>),
    Weekend(i32),
    /// A day of the week alone.
    Weekday(i8),
    /// `近三年`, `未来两天`.
    Rolling {
        count: i32,
        unit: Unit,
        ahead: bool,
    },
    /// `三天前`, `两年后`: the day, month or year so far off.
    Shift(i32, Unit),
    /// A century by its number, or so many after that of the reference, and a decade of it;
    /// then a third of what it is.
    Century {
        century: Option<Century>,
        decade: Option<i16>,
        third: Option<i8>,
    },
    /// The five years of a plan: `“十四五”期间`.
    Plan(i16),
    Vague,
    Range(Box<Expr>, Box<Expr>),
}

/// Which century is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Century {
    At(i16),
    Off(i32),
}

impl Expr {
    /// A day, month or part of the year without the year or without the month.
    pub(super) const fn in_year(month: Option<Month>, part: Part) -> Self {
        Self::Calendar { year: None, month, part }
    }
}

/// Whether a date can begin with a character.
pub(super) const fn may_begin(c: char) -> bool {
    matches!(
        c,
        '0'..='9' | 'Q' | '零' | '〇' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
    ) || matches!(c, '廿' | '卅' | '几' | '数' | '半' | '\'' | '"' | '“' | '「' | '『')
        || matches!(c, '今' | '昨' | '前' | '明' | '后' | '大' | '上' | '下' | '本' | '这' | '当' | '同' | '次' | '翌')
        || matches!(c, '去' | '近' | '最' | '过' | '未' | '年' | '月' | '春' | '夏' | '秋' | '冬' | '农' | '公' | '民')
        || matches!(c, '日' | '不' | '周' | '星' | '礼' | '从' | '自' | '在' | '第' | '首' | '岁' | '接' | '往' | '正')
        || matches!(c, '腊' | '目' | '现' | '此' | '新' | '每' | '全')
        || super::era::begins_era(c)
}
