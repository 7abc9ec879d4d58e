/* Ageing of many loans, event by event instead of day by day.
 *
 * Equals ageing/rules.py age() by another road: between two events nothing changes but what grows in proportion
 * to days, so a whole stretch is accrued at once and its last evening stands for all of them. Events are value
 * dates of postings, effective dates of versions and, only where they matter, due dates that meet held credit,
 * evenings that end a retroactive grace, and the first late day under a materiality rule.
 */
#include <stdlib.h>

#include "../loans/account.h"

#define NPL_DAYS 90

/* PostingKind */
enum {
    DISBURSEMENT = 1, PAYMENT = 2, REVERSAL = 3, REFUND = 4, FEE_CHARGED = 5, PENALTY_ADJUSTMENT = 6, WAIVER = 7, WRITE_OFF = 8,
    RECOVERY = 9, INTEREST_PAUSE = 10, INTEREST_RESUME = 11, DELINQUENCY_PAUSE = 12, DELINQUENCY_RESUME = 13,
    RE_AMORTISE_NOW = 14
};

enum { HAS_VERSIONS = 1, HAS_SPECIAL = 2, HAS_REVERSAL = 4 };

/* A row of the loan block (ageing/kernels.py LOAN_FIELDS). */
typedef struct {
    i64 product, principal, rate, per, own_rate, own_per, started_on, written_on, changed_on, flags;
    i64 place; /* the column of the outputs its outcome goes to */
} Loan;

typedef struct {
    const i32 *due, *number, *version, *effective;
    const i64 *principal, *interest, *fee;
} Schedule;

typedef struct {
    const i32 *value;
    const uint8_t *kind;
    const i64 *amount;
    const uint8_t *component;
    const i32 *number, *reversed_by;
    const i64 *booked; /* NULL unless known_at is given */
} Postings;

/* Outputs, one column a loan; rows in the order of ageing/kernels.py INTS and AMOUNTS. */
enum {
    DAYS, DELINQUENT, OLDEST_ON, MISSED, NEXT_ON, LAST_ON, WORST, BUCKET, MATERIAL_DAYS, CONSECUTIVE, MISSED_EVER,
    FIRST_DEFAULT, LAST_LATE_ON, LAST_NPL_ON, LAST_MISSED_ON, OBSERVED_ON, OBSERVED_SECOND_ON, FIRST_OPEN_ON, INTS
};
enum {
    OVERDUE_P, OVERDUE_I, OVERDUE_F, PENALTY_AT, COMPOUND_AT, ARREARS, OUTSTANDING, PAYOFF_AT, CREDIT_AT, NEXT_MINOR,
    LAST_MINOR, AMOUNTS
};
#define ITEM_META 5
#define ITEM_BLOCK 35

/* What the evenings add (ageing.rules.Diary). */
typedef struct { i32 worst, last_late, last_npl, material_since; } Diary;

typedef struct { i32 from, until; } Pause;

/* One loan's life while it is replayed. */
typedef struct {
    Account a;
    Diary diary;
    Pause *pause;
    i32 pauses;
    i32 last_on;
    i64 last_minor;
    i32 start_of_day; /* days past due at the start of the day, where a switch asks */
    i64 settled;      /* instalments that were paid promptly and are not in the account */
} Life;

/* loans.account.is_late */
static inline int is_late(const Account *a, const Item *it, i32 day) {
    const Terms *t = a->terms;
    if (it->due > (t->rule == DUE_DAY_COUNTS ? day : day - 1)) return 0;
    if (open_scheduled(it) > t->tolerance) return 1;
    return t->residue && it->grown && (open_amount(a, it, PENALTY) > 0 || open_amount(a, it, COMPOUND) > 0);
}

/* loans.replay.oldest_late */
static const Item *oldest_late(const Account *a, i32 day) {
    for (i32 k = a->first; k < a->count; k++) {
        const Item *it = &a->item[a->order[k]];
        if (it->due > day) return NULL;
        if (is_late(a, it, day)) return it;
    }
    return NULL;
}

/* Year, month, day of month of a day number (proleptic Gregorian, by 400-year eras from 1 March). */
static void civil(i32 day, i32 *year, i32 *month, i32 *of_month) {
    i32 z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    i32 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    i32 doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
    *of_month = doy - (153 * mp + 2) / 5 + 1;
}

/* core.dates.whole_months: a month is whole when the corresponding day, or the month's last day, is reached. */
static i32 whole_months(i32 start, i32 end) {
    if (end <= start) return 0;
    i32 y1, m1, d1, y2, m2, d2, y3, m3, d3;
    civil(start, &y1, &m1, &d1);
    civil(end, &y2, &m2, &d2);
    civil(end + 1, &y3, &m3, &d3);
    i32 months = (y2 - y1) * 12 + m2 - m1;
    return d2 >= d1 || m3 != m2 ? months : months - 1;
}

/* loans.replay.count_days */
static i32 count_days(i32 due, i32 day, i64 rule) {
    if (rule == OLDEST_UNPAID) return day - due;
    if (rule == DUE_DAY_COUNTS) return day - due + 1;
    return 30 * whole_months(due, rule == MBA ? day + 1 : day);
}

static i32 days_late(const Account *a, i32 day) {
    const Item *oldest = oldest_late(a, day);
    return oldest ? count_days(oldest->due, day, a->terms->rule) : 0;
}

/* ageing.rules.Diary.evening for every evening of [since, day], nothing having changed in between. */
static void observe(Account *a, Diary *diary, i32 day, i32 since) {
    const Terms *t = a->terms;
    const Item *oldest = NULL;
    i64 arrears = 0;
    i32 last_due = t->rule == DUE_DAY_COUNTS ? day : day - 1;
    for (i32 k = a->first; k < a->count; k++) {
        Item *it = &a->item[a->order[k]];
        if (it->due > last_due) break;
        if (!is_late(a, it, day)) continue;
        if (!oldest) oldest = it;
        it->ever = 1;
        if (open_scheduled(it) > t->tolerance) arrears += open_scheduled(it); /* residue alone is never material */
    }
    if (oldest) {
        i32 days = count_days(oldest->due, day, t->rule);
        if (days > diary->worst) diary->worst = days;
        if (days > 0) diary->last_late = day;
        if (days > NPL_DAYS) diary->last_npl = day;
    }
    if (t->material_abs < 0) return;
    i64 exposure = 0;
    for (i32 k = a->first; k < a->count; k++) exposure += a->item[a->order[k]].open[PRINCIPAL];
    int material = arrears > t->material_abs && (u128)arrears * 1000000 > (u128)t->material_ppm * (u128)exposure;
    if (!material) diary->material_since = NO_DAY;
    else if (diary->material_since == NO_DAY) diary->material_since = since;
}

/* The next day after `after` on which dues alone change something; FAR when none. */
static i32 next_event(const Account *a, i32 after) {
    const Terms *t = a->terms;
    i32 grace = t->retroactive ? (i32)t->grace : 0, found = FAR;
    int material = t->material_abs >= 0;
    if (!a->credit && !grace && !material) return FAR;
    for (i32 k = a->first; k < a->count; k++) {
        const Item *it = &a->item[a->order[k]];
        if (it->due > found) break;
        if (!open_scheduled(it)) continue;
        if (a->credit && it->due > after && it->due < found) found = it->due;
        if (grace && it->due + grace > after && it->due + grace < found) found = it->due + grace;
        if (material) {
            i32 late_from = t->rule == DUE_DAY_COUNTS ? it->due : it->due + 1;
            if (late_from > after && late_from < found) found = late_from;
        }
    }
    return found;
}

/* loans.replay._steps */
static const Steps *steps_for(const Life *life, i32 day) {
    const Terms *t = life->a.terms;
    if (t->switch_beyond < 0 || day < t->switch_from || day >= t->switch_until) return &t->steps;
    i32 days = t->switch_start_of_day ? life->start_of_day : days_late(&life->a, day);
    return days > t->switch_beyond ? &t->switch_steps : &t->steps;
}

/* Account.instalment; the item's row, or -1. */
static i32 find_instalment(const Account *a, i32 number) {
    i32 found = -1;
    for (i32 k = 0; k < a->count; k++) {
        i32 i = a->order[k];
        const Item *it = &a->item[i];
        if (!it->is_fee && it->number == number && (found < 0 || it->version > a->item[found].version)) found = i;
    }
    return found;
}

static void waive_item(Account *a, i32 i, int component, i64 amount) {
    take(&a->item[i], component, amount);
    if (a->detail) a->detail[i].waived[component] += amount;
}

/* loans.replay._waive */
static void waive(Account *a, int component, i64 amount, i32 number, i32 day) {
    if (component < 0 || amount <= 0) return;
    i32 named = -1;
    i64 available = 0;
    if (number >= 0) {
        named = find_instalment(a, number);
        if (named < 0) return;
        available = open_amount(a, &a->item[named], component);
    } else {
        for (i32 k = 0; k < a->count && a->item[a->order[k]].due <= day; k++)
            available += open_amount(a, &a->item[a->order[k]], component);
    }
    if (amount > available && a->terms->waiver_refused) return;
    if (named >= 0) {
        waive_item(a, named, component, least(amount, available));
        return;
    }
    for (i32 k = 0; k < a->count && amount && a->item[a->order[k]].due <= day; k++) {
        i32 i = a->order[k];
        i64 used = least(amount, open_amount(a, &a->item[i], component));
        waive_item(a, i, component, used);
        amount -= used;
    }
}

/* loans.replay._adjust_penalty for a positive amount */
static void adjust_penalty(Account *a, i64 amount, i32 number, i32 day) {
    i32 target = -1;
    if (number >= 0) {
        target = find_instalment(a, number);
    } else {
        for (i32 k = 0; k < a->count && target < 0 && a->item[a->order[k]].due < day; k++)
            if (!settled(a, &a->item[a->order[k]])) target = a->order[k];
        if (target < 0 && a->count) target = a->order[0];
    }
    if (target < 0) return;
    start_growth(&a->item[target]);
    a->item[target].growth[0].fixed += amount;
    a->item[target].adjusted += amount;
    a->first = 0;
}

/* loans.replay._write_off */
static void write_off(Account *a, i64 amount) {
    if (!a->terms->reduces) {
        a->stopped = 1;
        return;
    }
    i64 left = amount ? amount : INT64_MAX;
    for (int place = 0; place < COMPONENTS && a->terms->write_off_order[place]; place++) {
        int component = (int)a->terms->write_off_order[place] - 1;
        for (i32 k = 0; k < a->count; k++) {
            i32 i = a->order[k];
            i64 used = least(left, open_amount(a, &a->item[i], component));
            take(&a->item[i], component, used);
            if (a->detail) a->detail[i].written[component] += used;
            left -= used;
        }
    }
    advance_first(a);
}

/* loans.replay._take_effect for the version that begins at schedule row `row`. */
static void take_effect(Life *life, const Schedule *s, i64 row, i64 end, i32 day) {
    Account *a = &life->a;
    i64 money = 0;
    i32 live = 0;
    for (i32 k = 0; k < a->count; k++) {
        i32 i = a->order[k];
        Item *it = &a->item[i];
        if (it->due >= day && !it->is_fee) {
            for (int c = 0; c < COMPONENTS; c++) money += it->paid[c];
            continue;
        }
        if (it->due < day && a->terms->everything)
            for (int c = 0; c < 3; c++) {
                if (a->detail) a->detail[i].asked[c] -= it->open[c];
                it->open[c] = 0;
            }
        a->order[live++] = i;
    }
    a->count = live;
    a->first = 0;
    for (i32 version = s->version[row]; row < end && s->version[row] == version; row++)
        insert(a, add_item(a, s->due[row], 0, s->number[row], version, s->principal[row], s->interest[row],
                           s->fee[row]));
    advance_first(a);
    if (money) a->credit += pour(a, money, day, steps_for(life, day), 1);
}

/* Account.apply_credit */
static void apply_credit(Life *life, i32 day) {
    life->a.credit = pour(&life->a, life->a.credit, day, steps_for(life, day), 0);
}

static int something_due(const Account *a, i32 day) {
    for (i32 k = first_from(a, day); k < a->count && a->item[a->order[k]].due == day; k++)
        if (open_scheduled(&a->item[a->order[k]])) return 1;
    return 0;
}

/* loans.replay._pause_interest for one posting */
static void pause_interest(Account *a, uint8_t kind) {
    if (kind == INTEREST_PAUSE) a->paused = 1;
    else if (kind == INTEREST_RESUME) a->paused = 0;
}

/* loans.replay._act */
static void act(Life *life, const Postings *p, i64 at, i32 day) {
    Account *a = &life->a;
    const Terms *t = a->terms;
    i64 money = p->amount[at];
    i32 number = p->number ? p->number[at] : -1;
    switch (p->kind[at]) {
    case RECOVERY:
        if (t->reduces && t->recovery_income) break;
        /* fall through */
    case PAYMENT:
        a->credit += pour(a, money, day, steps_for(life, day), 1);
        break;
    case REFUND:
        a->credit -= least(money, a->credit);
        break;
    case FEE_CHARGED: {
        i32 target = t->fee_on_instalment && number >= 0 ? find_instalment(a, number) : -1;
        if (target < 0) {
            insert(a, add_item(a, day, 1, 0, 0, 0, 0, money));
        } else {
            a->item[target].open[FEE] += money;
            if (a->detail) a->detail[target].asked[FEE] += money;
            a->first = 0;
        }
        break;
    }
    case PENALTY_ADJUSTMENT:
        if (money > 0) adjust_penalty(a, money, number, day);
        else waive(a, PENALTY, -money, number, day);
        break;
    case WAIVER:
        waive(a, p->component ? (int)p->component[at] - 1 : -1, money, number, day);
        break;
    case WRITE_OFF:
        write_off(a, money);
        break;
    case DELINQUENCY_PAUSE:
        if (!life->pauses || life->pause[life->pauses - 1].until != FAR)
            life->pause[life->pauses++] = (Pause){day, FAR};
        break;
    case DELINQUENCY_RESUME:
        if (life->pauses && life->pause[life->pauses - 1].until == FAR) life->pause[life->pauses - 1].until = day;
        break;
    case RE_AMORTISE_NOW:
        if (!money) {
            money = a->credit;
            a->credit = 0;
        }
        a->credit += re_amortise(a, money, day);
        advance_first(a);
        break;
    default:
        pause_interest(a, p->kind[at]);
    }
}

/* loans.replay.visible: mark the postings [from, to) that this view does not see. */
static void hide(const Postings *p, i64 from, i64 to, i32 as_of, i64 known_at, int every_view, uint8_t *hidden) {
    for (i64 at = from; at < to; at++) {
        int gone = p->kind[at] == REVERSAL || (known_at >= 0 && p->booked[at] > known_at);
        if (p->reversed_by && p->reversed_by[at] >= 0) {
            i64 by = from + p->reversed_by[at];
            int known = known_at < 0 || p->booked[by] <= known_at;
            gone |= known && (p->value[by] <= as_of || every_view);
        }
        hidden[at - from] = (uint8_t)gone;
    }
}

/* First row of the version next to take effect after (day, version); -1 when none. */
static i64 next_version(const Schedule *s, i64 row, i64 end, i32 day, i32 version) {
    i64 found = -1;
    for (; row < end; row++) {
        i32 on = s->effective[row];
        if (on == NO_DAY || on < day || (on == day && s->version[row] <= version)) continue;
        if (found < 0 || on < s->effective[found]
            || (on == s->effective[found] && s->version[row] < s->version[found]))
            found = row;
    }
    return found;
}

/* ageing.rules._observation */
static void observation(const Account *a, i64 changed_on, i32 *start, i32 *second) {
    *start = *second = NO_DAY;
    if (changed_on == NO_DAY) return;
    for (i32 k = 0; k < a->count && *start == NO_DAY; k++) {
        const Item *it = &a->item[a->order[k]];
        if (it->due > changed_on && !it->is_fee) *start = it->due;
    }
    if (*start == NO_DAY) return;
    for (i32 k = 0; k < a->count; k++) {
        const Item *it = &a->item[a->order[k]];
        if (it->ever && it->due > *start) *start = it->due;
    }
    i32 found = NO_DAY, count = 0;
    for (i32 k = 0; k < a->count && count < 2; k++) {
        const Item *it = &a->item[a->order[k]];
        if (!it->is_fee && it->due > *start && it->due != found) {
            found = it->due;
            count++;
        }
    }
    if (count == 2) *second = found;
}

static void put(i32 *ints, i64 *amounts, i64 n, i64 at, const i32 *whole, const i64 *money) {
    for (int row = 0; row < INTS; row++) ints[row * n + at] = whole[row];
    for (int row = 0; row < AMOUNTS; row++) amounts[row * n + at] = money[row];
}

/* How far a loan was paid exactly and in time, item by item: everything before `row` and `at` is settled. */
typedef struct { i64 row, at; i32 last_on; i64 last_minor; int plain; } Prompt;

/* Whether a payment of exactly what item `row` asks for, on its due date or before, settles it and nothing else:
 * on the due date when nothing else falls due with it; before it when early money goes to the next item, or when it is
 * held until a due date that comes before any other posting. */
static int settles(const Terms *t, const Schedule *s, i64 row, i64 s1, const Postings *p, i64 at, i64 end, i32 as_of) {
    i32 due = s->due[row];
    int alone = row + 1 == s1 || s->due[row + 1] != due;
    if (p->value[at] == due) return alone;
    if (t->exact_early) return 1;
    return t->early == HOLD && alone && due <= as_of && (at + 1 == end || p->value[at + 1] >= due);
}

/* Most of a book: payments that each equal the next item, on or before its due date. They settle it whatever the
 * order of components (settle_exactly), so they need no account. Only for loans without versions, reversals or a
 * change of terms, whose settled items nobody will ask for again. */
static Prompt prompt_part(const Loan *loan, const Terms *t, const Schedule *s, i64 s0, i64 s1, const Postings *p,
                          i64 p0, i64 end, i32 as_of) {
    Prompt done = {s0, p0, NO_DAY, 0, 0};
    if ((loan->flags & (HAS_VERSIONS | HAS_REVERSAL)) || loan->changed_on != NO_DAY || !t->exact_due) return done;
    if (loan->flags & HAS_SPECIAL)
        for (i64 at = p0; at < end; at++) {
            /* Penalty by hand may go to the first item of all, and a fee to one it names: those must be there. */
            if (p->kind[at] == PENALTY_ADJUSTMENT) return done;
            if (p->kind[at] == FEE_CHARGED && t->fee_on_instalment) return done;
        }
    done.plain = 1;
    while (done.at < end && done.row < s1) {
        i64 row = done.row, owed = s->principal[row] + s->interest[row] + s->fee[row];
        i32 day = p->value[done.at];
        if (p->kind[done.at] == DISBURSEMENT) {
            done.at++;
        } else if (!owed) {
            done.row++;
        } else if (p->kind[done.at] == PAYMENT && p->amount[done.at] == owed && day <= s->due[row]
                   && settles(t, s, row, s1, p, done.at, end, as_of)) {
            int again = t->last_sums && done.last_on == day;
            done.last_minor = (again ? done.last_minor : 0) + owed;
            done.last_on = day;
            done.row++;
            done.at++;
        } else {
            break;
        }
    }
    return done;
}

/* The position of a loan of which nothing is late and every posting was prompt; 0 when it is not one. */
static int write_resting(const Loan *loan, const Terms *t, const Schedule *s, i64 s0, i64 s1, const Prompt *done,
                         i64 end, i32 as_of, i64 n, i32 *ints, i64 *amounts) {
    if (!done->plain || done->at < end) return 0;
    i64 row = done->row, due; /* rows before `due` have fallen due: those of one version stand in order of due dates */
    while (row < s1 && !(s->principal[row] + s->interest[row] + s->fee[row])) row++;
    if (row < s1 && s->due[row] <= (t->rule == DUE_DAY_COUNTS ? as_of : as_of - 1)) return 0;
    i32 first_open = row < s1 ? s->due[row] : NO_DAY, next_from = t->next_after ? as_of + 1 : as_of, next_on = NO_DAY;
    i64 principal = 0, charges = 0, next_minor = 0;
    for (due = row; due < s1 && s->due[due] <= as_of; due++) charges += s->interest[due] + s->fee[due];
    for (i64 r = row; r < s1; r++) principal += s->principal[r];
    if (t->payoff == PAYOFF_ALL)
        for (i64 r = due; r < s1; r++) charges += s->interest[r] + s->fee[r];
    for (i64 r = row; r < s1 && (next_on == NO_DAY || s->due[r] == next_on); r++) {
        i64 owed = s->principal[r] + s->interest[r] + s->fee[r];
        if (!owed || s->due[r] < next_from) continue;
        next_on = s->due[r];
        next_minor += owed;
    }
    i64 payoff = principal + charges;
    if (t->payoff == PAYOFF_ACCRUED) {
        i32 passed = (i32)loan->started_on;
        i64 to_come = 0, coming = 0, next = s0;
        for (; next < s1 && s->due[next] <= as_of; next++) passed = (i32)most(passed, s->due[next]);
        if (next < s1 && next >= row) coming = s->interest[next]; /* else it is paid already */
        for (i64 r = due; r < s1; r++) to_come += s->principal[r];
        payoff += least(coming, mul_div(to_come * most(0, as_of - passed), loan->own_rate, loan->own_per, HALF_UP));
    }
    const i32 whole[INTS] = {
        [OLDEST_ON] = NO_DAY, [NEXT_ON] = next_on, [LAST_ON] = done->last_on,
        [LAST_LATE_ON] = NO_DAY, [LAST_NPL_ON] = NO_DAY, [LAST_MISSED_ON] = NO_DAY, [OBSERVED_ON] = NO_DAY,
        [OBSERVED_SECOND_ON] = NO_DAY, [FIRST_OPEN_ON] = first_open,
    };
    const i64 money[AMOUNTS] = {
        [OUTSTANDING] = principal, [PAYOFF_AT] = payoff, [NEXT_MINOR] = next_minor, [LAST_MINOR] = done->last_minor,
    };
    put(ints, amounts, n, loan->place, whole, money);
    return 1;
}

/* ageing.rules._position and _standing, into the loan's column of outputs that are `n` wide. */
static void write_position(const Life *life, const Loan *loan, i32 as_of, i64 n, i32 *ints, i64 *amounts) {
    const Account *a = &life->a;
    const Terms *t = a->terms;
    i64 overdue[3] = {0, 0, 0}, penalty = 0, compound = 0, principal = 0, due_charges = 0, all_charges = 0;
    i64 next_minor = 0, to_come = 0; /* principal not yet due */
    i32 oldest_on = NO_DAY, missed = 0, ever = 0, missed_on = NO_DAY, next_on = FAR, consecutive = 0;
    i32 next_from = t->next_after ? as_of + 1 : as_of, last_due = t->rule == DUE_DAY_COUNTS ? as_of : as_of - 1;
    i32 passed = (i32)loan->started_on;
    int first_default = 0, seen_schedule = life->settled > 0;
    const Item *coming = NULL;
    for (i32 k = 0; k < a->count; k++) {
        const Item *it = &a->item[a->order[k]];
        i64 charges = it->open[INTEREST] + it->open[FEE], owed = it->open[PRINCIPAL] + charges;
        principal += it->open[PRINCIPAL];
        all_charges += charges;
        if (!seen_schedule && !it->is_fee) {
            seen_schedule = 1;
            first_default = it->ever;
        }
        if (it->ever) {
            ever++;
            if (it->due > missed_on) missed_on = it->due;
            if (t->count_ever && (t->count_fees || !it->is_fee)) missed++;
        }
        if (it->grown) {
            penalty += open_amount(a, it, PENALTY);
            compound += open_amount(a, it, COMPOUND);
        }
        if (it->due <= as_of) {
            due_charges += charges;
            if (!it->is_fee && it->due > passed) passed = it->due;
        } else if (!it->is_fee) {
            to_come += it->open[PRINCIPAL];
            if (!coming) coming = it;
        }
        if (it->due <= last_due) {
            int late = k >= a->first && is_late(a, it, as_of);
            if (late) {
                if (oldest_on == NO_DAY) oldest_on = it->due;
                for (int c = 0; c < 3; c++) overdue[c] += it->open[c];
                if (!t->count_ever && (t->count_fees || !it->is_fee)) missed++;
            }
            if (!it->is_fee) consecutive = late ? consecutive + 1 : 0;
        }
        if (owed && it->due >= next_from && it->due <= next_on) {
            next_on = it->due;
            next_minor += owed;
        }
    }
    i32 days = 0, delinquent = 0;
    if (oldest_on != NO_DAY) {
        days = count_days(oldest_on, as_of, t->rule);
        i32 counted = days;
        for (i32 j = 0; j < life->pauses; j++)
            counted -= (i32)most(0, least(life->pause[j].until, as_of) - most(life->pause[j].from, oldest_on));
        if (t->late_threshold) delinquent = counted > t->late_grace ? (i32)most(0, counted) : 0;
        else delinquent = (i32)most(0, counted - t->late_grace);
    }
    i64 payoff = principal + penalty + compound + (t->payoff == PAYOFF_ALL ? all_charges : due_charges);
    if (t->payoff == PAYOFF_ACCRUED && coming) {
        i64 running = mul_div(to_come * most(0, as_of - passed), loan->own_rate, loan->own_per, HALF_UP);
        payoff += least(coming->open[INTEREST], running);
    }
    static const i32 edges[7] = {1, 31, 61, 91, 121, 151, 181};
    i32 bucket = 0, observed, second;
    while (bucket < 7 && days >= edges[bucket]) bucket++;
    observation(a, loan->changed_on, &observed, &second);
    const i32 whole[INTS] = {
        days, delinquent, oldest_on, missed, next_on == FAR ? NO_DAY : next_on, life->last_on, life->diary.worst,
        bucket, life->diary.material_since == NO_DAY ? 0 : as_of - life->diary.material_since + 1, consecutive, ever,
        first_default, life->diary.last_late, life->diary.last_npl, missed_on, observed, second,
        a->first < a->count ? a->item[a->order[a->first]].due : NO_DAY,
    };
    const i64 money[AMOUNTS] = {
        overdue[0], overdue[1], overdue[2], penalty, compound, overdue[0] + overdue[1] + overdue[2] + penalty + compound,
        principal, most(0, payoff - a->credit), a->credit, next_minor, life->last_minor,
    };
    put(ints, amounts, n, loan->place, whole, money);
}

/* ageing.rules.item_positions, appended at row `written`; returns the next free row. */
static i64 write_items(const Account *a, i64 at, i64 written, i64 *meta, i64 *block) {
    for (i32 k = 0; k < a->count; k++, written++) {
        i32 i = a->order[k];
        const Item *it = &a->item[i];
        const Detail *d = &a->detail[i];
        const i64 head[ITEM_META] = {at, it->number, it->version, it->is_fee, it->due};
        memcpy(meta + written * ITEM_META, head, sizeof head);
        for (int c = 0; c < COMPONENTS; c++) {
            i64 asked = c <= FEE ? d->asked[c] : it->grown ? grown(a, it, c - PENALTY) : 0;
            const i64 cell[7] = {asked, it->paid[c], d->advance[c], d->late[c], d->waived[c], d->written[c],
                                 open_amount(a, it, c)};
            memcpy(block + written * ITEM_BLOCK + c * 7, cell, sizeof cell);
        }
    }
    return written;
}

/* loans.replay.replay with ageing.rules.Diary watching, for one loan. */
static void live(Life *life, const Loan *loan, const Schedule *s, i64 s0, i64 s1, const Postings *p, i64 p0, i64 end,
                 uint8_t *hidden, i32 as_of, i64 known_at) {
    Account *a = &life->a;
    const Terms *t = a->terms;
    int filtered = known_at >= 0 || (loan->flags & HAS_REVERSAL);
    if (filtered) hide(p, p0, end, as_of, known_at, (int)t->every_view, hidden);
    i32 stop_on = loan->written_on != NO_DAY && !t->reduces ? (i32)loan->written_on : FAR;
    i64 row = s0;
    for (; row < s1 && (!s->version || s->version[row] == s->version[s0]); row++) {
        i32 number = s->number ? s->number[row] : 0, version = s->version ? s->version[row] : 1;
        a->order[a->count++] =
            add_item(a, s->due[row], 0, number, version, s->principal[row], s->interest[row], s->fee[row]);
    }
    advance_first(a);
    i64 version = loan->flags & HAS_VERSIONS ? next_version(s, row, s1, NO_DAY, 0) : -1;
    int apart = t->residue || t->from_pause; /* the last day's accrual must not be seen the evening before */
    i64 at = p0;
    i32 prev = NO_DAY;
    for (;;) {
        while (filtered && at < end && hidden[at - p0]) at++;
        i32 day = as_of;
        if (at < end && p->value[at] < day) day = p->value[at];
        if (version >= 0 && s->effective[version] < day) day = s->effective[version];
        day = (i32)least(day, next_event(a, prev));
        /* (a) accrue; the evenings since the last event are seen on the way */
        int growing = a->first < a->count && a->item[a->order[a->first]].due < day;
        if (growing) accrue(a, prev, (i32)least(apart ? day - 1 : day, stop_on));
        if (prev < day && (growing || t->material_abs >= 0)) observe(a, &life->diary, day - 1, prev);
        if (t->from_pause)
            for (i64 q = at; q < end && p->value[q] == day; q++)
                if (!filtered || !hidden[q - p0]) pause_interest(a, p->kind[q]);
        if (growing && apart) accrue(a, most(prev, day - 1), (i32)least(day, stop_on));
        if (t->switch_beyond >= 0 && t->switch_start_of_day) life->start_of_day = days_late(a, day);
        /* (b) versions effective today */
        while (version >= 0 && s->effective[version] == day) {
            take_effect(life, s, version, s1, day);
            version = next_version(s, row, s1, day, s->version[version]);
        }
        /* (c) held credit meets what falls due */
        if (a->credit && something_due(a, day)) apply_credit(life, day);
        /* (d) postings of today, in booked order */
        for (; at < end && p->value[at] == day; at++) {
            if (filtered && hidden[at - p0]) continue;
            uint8_t kind = p->kind[at];
            if (kind == PAYMENT || kind == RECOVERY) {
                int again = t->last_sums && life->last_on == day;
                life->last_minor = (again ? life->last_minor : 0) + p->amount[at];
                life->last_on = day;
            }
            if (kind == PAYMENT && settle_exactly(a, p->amount[at], day)) continue;
            act(life, p, at, day);
            if (a->credit) apply_credit(life, day);
        }
        if (stop_on < day) a->stopped = 1;
        if (t->retroactive && t->grace)
            for (i32 k = first_from(a, day - (i32)t->grace);
                 k < a->count && a->item[a->order[k]].due == day - (i32)t->grace; k++)
                end_grace(a, a->order[k]);
        prev = day;
        if (day >= as_of) break;
    }
    observe(a, &life->diary, as_of, as_of); /* (e) the last evening */
}

/* Age `n` loans to the evening of `as_of`; returns the item rows written, or -1 when memory is short.
 *
 * s_start, p_start: n + 1 offsets of each loan's schedule rows (by version, then item order) and postings (in
 * acting order). Of the schedule, number, version and effective may be NULL where no loan has versions or postings
 * that name an instalment; of the postings, component, named and reversed_by where none is special. booked and known_at: microseconds since 1970; known_at -1 for everything.
 * meta, block: room for all schedule rows plus postings, or NULL. */
i64 mora_age(i64 n, const Loan *loans, const i64 *s_start, const i64 *p_start, const i32 *due, const i32 *number,
             const i32 *version, const i32 *effective, const i64 *principal, const i64 *interest, const i64 *fee,
             const i32 *value, const uint8_t *kind, const i64 *amount, const uint8_t *component,
             const i32 *named, const i32 *reversed_by, const i64 *booked, const Terms *terms, i32 as_of, i64 known_at,
             i64 capacity, i32 *ints, i64 *amounts, i64 *meta, i64 *block) {
    const Schedule s = {due, number, version, effective, principal, interest, fee};
    const Postings p = {value, kind, amount, component, named, reversed_by, booked};
    Life life;
    Item *item = malloc(sizeof(Item) * capacity), *kept = malloc(sizeof(Item) * capacity);
    Detail *detail = meta ? malloc(sizeof(Detail) * capacity) : NULL;
    i32 *order = malloc(sizeof(i32) * capacity);
    uint8_t *hidden = malloc(capacity);
    Pause *pause = malloc(sizeof(Pause) * capacity);
    i64 written = -1;
    if (item && kept && order && hidden && pause && (detail || !meta)) {
        written = 0;
        for (i64 at = 0; at < n; at++) {
            const Loan *loan = &loans[at];
            memset(&life, 0, sizeof life);
            life.pause = pause;
            life.last_on = NO_DAY;
            life.diary = (Diary){0, NO_DAY, NO_DAY, NO_DAY};
            life.a = (Account){.terms = &terms[loan->product], .item = item, .kept = kept, .detail = detail,
                               .order = order, .carrier = {-1, -1}, .rate = loan->rate, .per = loan->per};
            if (life.a.terms->cap_percent >= 0)
                life.a.cap = mul_div(loan->principal, life.a.terms->cap_percent, 100, HALF_UP);
            i64 s0 = s_start[at], s1 = s_start[at + 1], p0 = p_start[at], end = p_start[at + 1];
            while (end > p0 && p.value[end - 1] > as_of) end--;
            if (!meta && known_at < 0) {
                Prompt done = prompt_part(loan, life.a.terms, &s, s0, s1, &p, p0, end, as_of);
                if (write_resting(loan, life.a.terms, &s, s0, s1, &done, end, as_of, n, ints, amounts)) continue;
                /* Interest accrued to the day looks back at the last due date, so such a loan is lived whole. */
                if (life.a.terms->payoff != PAYOFF_ACCRUED) {
                    life.settled = done.row - s0;
                    life.last_on = done.last_on;
                    life.last_minor = done.last_minor;
                    s0 = done.row;
                    p0 = done.at;
                }
            }
            lowest_terms(&life.a.rate, &life.a.per);
            live(&life, loan, &s, s0, s1, &p, p0, end, hidden, as_of, known_at);
            write_position(&life, loan, as_of, n, ints, amounts);
            if (meta) written = write_items(&life.a, at, written, meta, block);
        }
    }
    free(item);
    free(kept);
    free(detail);
    free(order);
    free(hidden);
    free(pause);
    return written;
}

/* For the test that both sides agree on layouts. */
i64 mora_age_layout(int what) {
    const i64 widths[] = {sizeof(Terms) / 8, sizeof(Loan) / 8, INTS, AMOUNTS, ITEM_META, ITEM_BLOCK};
    return widths[what];
}
