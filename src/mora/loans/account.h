/* One loan's account: rounding, accrual and the waterfall. Each function names the plain one it equals
 * (loans/account.py, loans/replay.py). Amounts are minor units; days are day numbers; nothing allocates.
 *
 * Layouts shared with Python: Terms is a row of loans/columns.py encode(), all int64.
 */
#ifndef MORA_ACCOUNT_H
#define MORA_ACCOUNT_H

#include <stdint.h>
#include <string.h>

#define NO_DAY (-2147483647 - 1)
#define FAR 2147483647

typedef int64_t i64;
typedef int32_t i32;
typedef unsigned __int128 u128;

enum { PRINCIPAL, INTEREST, FEE, PENALTY, COMPOUND, COMPONENTS }; /* Component - 1 */
enum { PAST_DUE, DUE_TODAY, IN_ADVANCE };
enum { HALF_UP, HALF_EVEN, DOWN, UP };
enum { BY_ITEM, BY_LOAN, BY_SPELL, BY_DAY };
enum { NEXT, LAST, RE_AMORTISE, HOLD };
enum { OLDEST_UNPAID, DUE_DAY_COUNTS, MBA, OTS };
enum { PAYOFF_DUE, PAYOFF_ALL, PAYOFF_ACCRUED };

#define MAX_STEPS 15
typedef struct { i64 state, count, components[5]; } Step;
typedef struct { i64 count; Step step[MAX_STEPS]; } Steps;

typedef struct {
    i64 early, switch_beyond, switch_start_of_day, switch_from, switch_until;
    i64 base_with_interest, rounding, unit, grace, retroactive, compound, cap_percent, from_pause;
    i64 reduces, recovery_income, everything, fee_on_instalment, waiver_refused, every_view;
    i64 write_off_order[COMPONENTS];
    i64 exact_due, exact_early; /* money equal to the one open item due today (next) settles it in any order */
    i64 rule, residue, tolerance, material_abs, material_ppm, late_grace, late_threshold, count_fees, count_ever;
    i64 payoff, next_after, last_sums;
    Steps steps, switch_steps;
} Terms;

/* What grows on an item by one kind of interest (loans.account.Accrual). */
typedef struct { i64 unit_days, fixed, gone, spell_base, spell_last, held; } Growth;

typedef struct {
    i32 due, number, version, arrival;
    uint8_t is_fee, ever, never, grown;
    i64 open[3];
    i64 paid[COMPONENTS];
    /* From here on undefined until `grown`: most items are paid in time and never need it. */
    i64 adjusted;     /* penalty added by hand */
    Growth growth[2]; /* penalty, compound */
} Item;

/* Kept only when instalments are asked for. */
typedef struct { i64 advance[COMPONENTS], late[COMPONENTS], waived[COMPONENTS], written[COMPONENTS], asked[3]; } Detail;

typedef struct {
    const Terms *terms;
    Item *item, *kept;
    Detail *detail; /* NULL when instalments are not asked for */
    i32 *order;     /* live items in item order */
    i32 first;      /* everything before it in the order has nothing open */
    i32 count, used, arrivals;
    i32 carrier[2];
    i64 credit, cap, topped;
    i64 rate, per;  /* one day's interest on one minor unit is rate / per */
    int capped, stopped, paused;
} Account;

/* From now on the item may carry penalty or compound interest. */
static inline void start_growth(Item *it) {
    if (it->grown) return;
    it->grown = 1;
    it->adjusted = 0;
    memset(it->growth, 0, sizeof it->growth);
    it->growth[0].spell_last = it->growth[1].spell_last = NO_DAY;
}

static inline i64 least(i64 a, i64 b) { return a < b ? a : b; }
static inline i64 most(i64 a, i64 b) { return a > b ? a : b; }

/* The same fraction in lowest terms, so that products with it stay within 64 bits where they can. */
static inline void lowest_terms(i64 *over, i64 *under) {
    i64 a = *over, b = *under;
    while (b) {
        i64 rest = a % b;
        a = b;
        b = rest;
    }
    *over /= a;
    *under /= a;
}

/* core.money.round_ratio(a * b, divisor); a, b >= 0, divisor > 0; exact in 128 bits. */
static inline i64 mul_div(i64 a, i64 b, i64 divisor, i64 rounding) {
    u128 product = (u128)a * (u128)b;
    i64 whole, rest;
    if (product <= (u128)INT64_MAX) {
        whole = (i64)product / divisor;
        rest = (i64)product % divisor;
    } else {
        whole = (i64)(product / (u128)divisor);
        rest = (i64)(product % (u128)divisor);
    }
    switch (rounding) {
    case HALF_UP: return whole + (rest >= divisor - rest);
    case HALF_EVEN: return whole + (rest > divisor - rest || (rest == divisor - rest && (whole & 1)));
    case UP: return whole + (rest > 0);
    default: return whole;
    }
}

static inline i64 interest_on(const Account *a, i64 unit_days) {
    return unit_days ? mul_div(unit_days, a->rate, a->per, a->terms->rounding) : 0;
}

/* Item.charged(PENALTY or COMPOUND); kind 0 or 1. */
static inline i64 grown(const Account *a, const Item *it, int kind) {
    return it->growth[kind].fixed + interest_on(a, it->growth[kind].unit_days);
}

/* Item.open(component) */
static inline i64 open_amount(const Account *a, const Item *it, int component) {
    if (component <= FEE) return it->open[component];
    if (!it->grown) return 0;
    return most(0, grown(a, it, component - PENALTY) - it->growth[component - PENALTY].gone);
}

/* Item.open_scheduled() */
static inline i64 open_scheduled(const Item *it) { return it->open[0] + it->open[1] + it->open[2]; }

static inline void take(Item *it, int component, i64 amount) {
    if (component <= FEE) it->open[component] -= amount;
    else if (amount) it->growth[component - PENALTY].gone += amount; /* something open means it has grown */
}

/* Account._pay */
static inline void pay(Account *a, i32 i, int component, i64 amount, i32 day) {
    Item *it = &a->item[i];
    take(it, component, amount);
    it->paid[component] += amount;
    if (a->detail) {
        if (it->due > day) a->detail[i].advance[component] += amount;
        else if (it->due < day) a->detail[i].late[component] += amount;
    }
}

/* Accrual.add for `days` days ending with `day`. */
static void grow(const Account *a, Item *it, int kind, i64 days, i32 day, i64 base) {
    Growth *g = &it->growth[kind];
    start_growth(it);
    if (a->terms->unit == BY_DAY) {
        g->fixed += days * interest_on(a, base);
        return;
    }
    if (a->terms->unit == BY_SPELL) {
        if (g->spell_base != base || g->spell_last != day - days) {
            g->fixed += interest_on(a, g->unit_days);
            g->unit_days = 0;
        }
        g->spell_base = base;
        g->spell_last = day;
    }
    g->unit_days += base * days;
}

/* Account._growing: the item, or the first that accrued when the unit is the loan. */
static Item *carrier(Account *a, i32 i, int kind) {
    if (a->terms->unit != BY_LOAN) return &a->item[i];
    if (a->carrier[kind] < 0) a->carrier[kind] = i;
    a->first = 0; /* the carrier may have been settled and passed over */
    return &a->item[a->carrier[kind]];
}

/* Account._accrue_item for every late item and every day of (after, day], what is open being unchanged over them. */
static void accrue_days(Account *a, i64 after, i32 day) {
    const Terms *t = a->terms;
    for (i32 k = a->first; k < a->count; k++) {
        i32 i = a->order[k];
        Item *it = &a->item[i];
        if (it->due >= day) break;
        i64 interest = it->open[INTEREST];
        i64 base = it->open[PRINCIPAL] + (t->base_with_interest ? interest : 0);
        i64 compound = t->compound ? interest : 0;
        if (!base && !compound) continue;
        i64 free_until = it->due + t->grace;
        if (t->retroactive && t->grace) {
            i64 held = least(day, free_until) - most(after, it->due);
            if (held > 0) {
                start_growth(it);
                it->growth[0].held += base * held;
                it->growth[1].held += compound * held;
            }
        }
        i64 days = day - most(after, free_until);
        if (it->never || days <= 0) continue;
        if (base) grow(a, carrier(a, i, 0), 0, days, day, base);
        if (compound) grow(a, carrier(a, i, 1), 1, days, day, compound);
    }
}

/* Account.accrued_minor: what grew, topped-up charges included, hand adjustments left out. */
static i64 accrued_total(const Account *a) {
    i64 total = 0;
    for (i32 k = 0; k < a->count; k++) {
        const Item *it = &a->item[a->order[k]];
        if (it->grown) total += grown(a, it, 0) + grown(a, it, 1) - it->adjusted;
    }
    return total;
}

static void keep(Account *a) { memcpy(a->kept, a->item, sizeof(Item) * a->used); }

static void bring_back(Account *a, const i32 carriers[2]) {
    memcpy(a->item, a->kept, sizeof(Item) * a->used);
    a->carrier[0] = carriers[0];
    a->carrier[1] = carriers[1];
}

/* Account._top_up: the last charge before the cap, on the oldest late item with something open (or on `only`). */
static void top_up(Account *a, i64 amount, i32 day, i32 only) {
    a->capped = 1;
    for (i32 k = 0; k < a->count; k++) {
        i32 i = a->order[k];
        if (only < 0 && a->item[i].due >= day) return;
        if ((only < 0 || i == only) && open_scheduled(&a->item[i])) {
            start_growth(&a->item[i]);
            a->item[i].growth[0].fixed += amount;
            a->first = 0;
            return;
        }
    }
}

/* Account.accrue for every day of (after, day]. With a cap, the day that would pass it is found by bisection:
 * the total never falls as days are added. */
static void accrue(Account *a, i64 after, i32 day) {
    if (a->stopped || a->paused || a->capped || day <= after || a->first >= a->count) return;
    i32 earliest = a->item[a->order[a->first]].due;
    if (earliest >= day) return;
    if (a->terms->cap_percent < 0) {
        accrue_days(a, after, day);
        return;
    }
    const i32 carriers[2] = {a->carrier[0], a->carrier[1]};
    keep(a);
    accrue_days(a, after, day);
    if (accrued_total(a) <= a->cap) return;
    i32 start = (i32)most(after, earliest), low = 0, high = day - start;
    while (high - low > 1) {
        i32 middle = (low + high) / 2;
        bring_back(a, carriers);
        accrue_days(a, start, start + middle);
        if (accrued_total(a) <= a->cap) low = middle;
        else high = middle;
    }
    bring_back(a, carriers);
    if (low) accrue_days(a, start, start + low);
    top_up(a, a->cap - accrued_total(a), start + low + 1, -1);
}

/* Account.end_grace */
static void end_grace(Account *a, i32 i) {
    Item *it = &a->item[i];
    if (!open_scheduled(it)) {
        it->never = 1;
        return;
    }
    if (a->stopped || a->capped) return;
    const i32 carriers[2] = {a->carrier[0], a->carrier[1]};
    int limited = a->terms->cap_percent >= 0;
    i64 before = 0;
    if (limited) {
        keep(a);
        before = accrued_total(a);
    }
    for (int kind = 0; kind < 2; kind++) {
        i64 held = it->grown ? it->growth[kind].held : 0;
        if (!held) continue;
        Item *target = carrier(a, i, kind);
        start_growth(target);
        if (a->terms->unit == BY_SPELL || a->terms->unit == BY_DAY)
            target->growth[kind].fixed += interest_on(a, held);
        else
            target->growth[kind].unit_days += held;
    }
    if (limited && accrued_total(a) > a->cap) {
        bring_back(a, carriers);
        top_up(a, a->cap - before, 0, i);
    }
}

/* Position in the order of the first live item due on or after `day`. */
static i32 first_from(const Account *a, i32 day) {
    i32 low = 0, high = a->count;
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (a->item[a->order[middle]].due < day) low = middle + 1;
        else high = middle;
    }
    return low;
}

static inline int settled(const Account *a, const Item *it) {
    return !open_scheduled(it)
        && !(it->grown && (open_amount(a, it, PENALTY) || open_amount(a, it, COMPOUND)));
}

static inline void advance_first(Account *a) {
    while (a->first < a->count && settled(a, &a->item[a->order[a->first]])) a->first++;
}

/* Account._pour_items over order[start : stop : stride]. */
static i64 pour_range(Account *a, i64 money, i32 day, i32 start, i32 stop, i32 stride, const Step *step) {
    for (i32 k = start; k != stop && money; k += stride) {
        i32 i = a->order[k];
        for (i64 c = 0; c < step->count; c++) {
            int component = (int)step->components[c] - 1;
            i64 amount = least(money, open_amount(a, &a->item[i], component));
            if (amount > 0) {
                pay(a, i, component, amount, day);
                money -= amount;
            }
        }
    }
    return money;
}

/* Account.re_amortise */
static i64 re_amortise(Account *a, i64 money, i32 day) {
    i32 start = first_from(a, day + 1);
    i64 total = 0, seen = 0, before = 0;
    for (i32 k = start; k < a->count; k++) total += a->item[a->order[k]].open[PRINCIPAL];
    i64 used = least(money, total);
    if (!used) return money;
    for (i32 k = start; k < a->count; k++) {
        i32 i = a->order[k];
        Item *it = &a->item[i];
        seen += it->open[PRINCIPAL];
        i64 upto = mul_div(used, seen, total, HALF_UP);
        pay(a, i, PRINCIPAL, upto - before, day);
        before = upto;
        i64 interest = it->open[INTEREST];
        it->open[INTEREST] = mul_div(interest, total - used, total, HALF_UP);
        if (a->detail) a->detail[i].asked[INTEREST] -= interest - it->open[INTEREST];
    }
    return money - used;
}

/* Account.pour; returns what found nothing to pay. */
static i64 pour(Account *a, i64 money, i32 day, const Steps *steps, int early) {
    i32 due_from = first_from(a, day), early_from = due_from;
    while (early_from < a->count && a->item[a->order[early_from]].due == day) early_from++;
    for (i64 s = 0; s < steps->count && money; s++) {
        const Step *step = &steps->step[s];
        if (step->state == PAST_DUE)
            money = pour_range(a, money, day, (i32)least(a->first, due_from), due_from, 1, step);
        else if (step->state == DUE_TODAY)
            money = pour_range(a, money, day, due_from, early_from, 1, step);
        else if (early && a->terms->early == RE_AMORTISE)
            money = re_amortise(a, money, day);
        else if (early && a->terms->early == LAST)
            money = pour_range(a, money, day, a->count - 1, early_from - 1, -1, step);
        else if (early && a->terms->early == NEXT)
            money = pour_range(a, money, day, (i32)most(a->first, early_from), a->count, 1, step);
    }
    advance_first(a);
    return money;
}

/* The commonest payment of all: nothing late, no credit, and money that equals one item to the unit.
 * Equals pour() where the terms say so; returns whether it was done. */
static int settle_exactly(Account *a, i64 money, i32 day) {
    if (a->credit || a->first >= a->count) return 0;
    i32 i = a->order[a->first], next = a->first + 1;
    Item *it = &a->item[i];
    if (it->due < day || it->grown || open_scheduled(it) != money) return 0;
    if (it->due == day) {
        if (!a->terms->exact_due || (next < a->count && a->item[a->order[next]].due == day)) return 0;
    } else if (!a->terms->exact_early) {
        return 0;
    }
    for (int component = PRINCIPAL; component <= FEE; component++)
        if (it->open[component]) pay(a, i, component, it->open[component], day);
    a->first = next;
    advance_first(a);
    return 1;
}

static int precedes(const Item *x, const Item *y) {
    if (x->due != y->due) return x->due < y->due;
    if (x->is_fee != y->is_fee) return x->is_fee < y->is_fee;
    if (x->number != y->number) return x->number < y->number;
    if (x->version != y->version) return x->version < y->version;
    return x->arrival < y->arrival;
}

/* A fresh item at the next free row, not yet in the order. */
static i32 add_item(Account *a, i32 due, int is_fee, i32 number, i32 version, i64 principal, i64 interest, i64 fee) {
    i32 i = a->used++;
    Item *it = &a->item[i];
    it->due = due;
    it->number = number;
    it->version = version;
    it->arrival = is_fee ? ++a->arrivals : 0;
    it->is_fee = (uint8_t)is_fee;
    it->ever = it->never = it->grown = 0;
    it->open[PRINCIPAL] = principal;
    it->open[INTEREST] = interest;
    it->open[FEE] = fee;
    memset(it->paid, 0, sizeof it->paid);
    if (a->detail) {
        Detail *d = &a->detail[i];
        memset(d, 0, sizeof *d);
        for (int c = 0; c < 3; c++) d->asked[c] = it->open[c];
    }
    return i;
}

/* Put an item into the order. */
static void insert(Account *a, i32 i) {
    i32 k = a->count++;
    while (k > 0 && precedes(&a->item[i], &a->item[a->order[k - 1]])) {
        a->order[k] = a->order[k - 1];
        k--;
    }
    a->order[k] = i;
    if (k < a->first) a->first = k;
}

#endif
