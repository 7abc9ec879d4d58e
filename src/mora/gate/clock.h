/* Local time by arithmetic: zones are tables of clock changes, instants are microseconds since 1970 in UTC.
 *
 * Equals gate/zones.py by another road: that one asks the zone database about single instants and steps through days on
 * which clocks change minute by minute; here a window's next opening follows from the stretch between two changes.
 */
#ifndef MORA_CLOCK_H
#define MORA_CLOCK_H

#include <stdint.h>

typedef int64_t i64;
typedef int32_t i32;
typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;

#define SECOND 1000000LL
#define DAY (86400 * SECOND)
#define NEVER INT64_MAX
#define NO_DAY (-2147483647 - 1)

/* Zone z holds stretches zone_start[z] .. zone_start[z + 1] - 1; stretch k runs in [change[k], change[k + 1]) with one
 * offset. Each zone's first change is INT64_MIN, and INT64_MAX follows its last. */
typedef struct {
    const i64 *zone_start, *change, *offset;
    const i64 *set_start; /* sets of zones: members set_zone[set_start[s]] .. */
    const i32 *set_zone;
    i64 zones, sets, windows;
    i64 limit; /* nothing is looked for from here on */
    i64 *hint; /* the stretch each zone was last seen in */
    struct Today *today; /* the day each zone was last seen in */
    struct Seen *seen; /* sets x windows x 2: the last answers about a rule's hours */
} Clock;

/* A local day without a clock change lies in [from, until); none on the day before either, or its midnight may have been
 * shown twice. */
typedef struct Today { i64 from, until, day; } Today;

/* From `from` on the hours open at `opens`; from there to `shuts` they are open. */
typedef struct Seen { i64 from, opens, shuts; } Seen;

static inline i64 floor_div(i64 a, i64 b) { return a / b - (a % b < 0); }

static inline i64 stretch(const Clock *c, i64 z, i64 t) {
    i64 k = c->hint[z];
    if (t >= c->change[k] && t < c->change[k + 1]) return k;
    i64 low = c->zone_start[z], high = c->zone_start[z + 1] - 1; /* the entry at high is the closing INT64_MAX */
    while (high - low > 1) {
        i64 middle = (low + high) / 2;
        if (c->change[middle] <= t) low = middle;
        else high = middle;
    }
    return c->hint[z] = low;
}

/* gate.zones.local(at, name).date() as a day number */
static inline i64 local_day(const Clock *c, i64 z, i64 t) {
    Today *today = &c->today[z];
    if (t >= today->from && t < today->until) return today->day;
    i64 k = stretch(c, z, t), day = floor_div(t + c->offset[k], DAY), from = day * DAY - c->offset[k];
    if (from - DAY >= c->change[k] && from + DAY <= c->change[k + 1]) *today = (Today){from, from + DAY, day};
    return day;
}

/* gate.zones.start_of_day: a midnight left out by a change comes at the change, one shown twice counts the first time */
static inline i64 start_of_day(const Clock *c, i64 z, i64 day) {
    if (day == c->today[z].day && c->today[z].until) return c->today[z].from;
    i64 clock = day * DAY, k = stretch(c, z, clock - DAY - DAY / 4), last = c->zone_start[z + 1] - 2;
    while (k < last) {
        i64 later = c->offset[k] > c->offset[k + 1] ? c->offset[k] : c->offset[k + 1];
        if (clock < c->change[k + 1] + later) break;
        k++;
    }
    return clock - c->offset[k];
}

static inline int inside(i64 clock, i64 from, i64 to) {
    return from <= to ? from <= clock && clock < to : clock >= from || clock < to;
}

/* The first instant from t on at which the clock of one zone shows a time in [from, to); from != to. */
static i64 zone_opens(const Clock *c, i64 z, i64 t, i64 from, i64 to) {
    while (t < c->limit) {
        i64 k = stretch(c, z, t), here = t + c->offset[k], clock = here - floor_div(here, DAY) * DAY;
        if (inside(clock, from, to)) return t;
        i64 then = t + (from >= clock ? from - clock : from - clock + DAY);
        if (then < c->change[k + 1]) return then;
        t = c->change[k + 1];
    }
    return NEVER;
}

/* gate.zones.next_inside: the first instant from t on that lies in [from, to) in every zone of a set */
static i64 opens_in_all(const Clock *c, i64 set, i64 t, i64 from, i64 to) {
    if (from == to) return NEVER;
    for (int moved = 1; moved;) {
        moved = 0;
        for (i64 m = c->set_start[set]; m < c->set_start[set + 1]; m++) {
            i64 opens = zone_opens(c, c->set_zone[m], t, from, to);
            if (opens == NEVER) return NEVER;
            if (opens > t) t = opens, moved = 1;
        }
    }
    return t;
}

/* gate.zones.next_outside: the first instant from t on that lies outside [from, to) in every zone of a set */
static i64 shut_in_all(const Clock *c, i64 set, i64 t, i64 from, i64 to) {
    return from == to ? t : opens_in_all(c, set, t, to, from);
}

/* The same as opens_in_all for the hours of a rule: an answer holds until the hours shut again, and two are kept, because
 * candidates of one day ask about today and about tomorrow. */
static inline i64 opens_seen(Clock *c, i64 set, i64 window, i64 t, i64 from, i64 to) {
    Seen *seen = &c->seen[2 * (set * c->windows + window)];
    if (t < seen->from || t >= seen->shuts) {
        Seen other = seen[1];
        seen[1] = seen[0], seen[0] = other;
        if (t < seen->from || t >= seen->shuts) {
            seen->from = t;
            seen->opens = opens_in_all(c, set, t, from, to);
            seen->shuts = NEVER;
            for (i64 m = c->set_start[set]; m < c->set_start[set + 1] && seen->opens != NEVER; m++) {
                i64 shuts = zone_opens(c, c->set_zone[m], seen->opens, to, from);
                if (shuts < seen->shuts) seen->shuts = shuts;
            }
        }
    }
    return t < seen->opens ? seen->opens : t;
}

/* Year, month (0-11) and day of month of a day number (proleptic Gregorian, by 400-year eras from 1 March). */
static void civil(i32 day, i32 *year, i32 *month, i32 *of_month) {
    i32 z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    i32 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    i32 doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *month = mp < 10 ? mp + 2 : mp - 10;
    *year = yoe + era * 400 + (*month <= 1);
    *of_month = doy - (153 * mp + 2) / 5 + 1;
}

static i32 day_of(i32 year, i32 month, i32 of_month) {
    i32 y = year - (month <= 1), era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    i32 doy = (153 * (month + (month > 1 ? -2 : 10)) + 2) / 5 + of_month - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* core.dates.add_months */
static i32 add_months(i32 day, i64 months) {
    static const i32 length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    i32 year, month, of_month;
    civil(day, &year, &month, &of_month);
    i64 index = (i64)year * 12 + month + months;
    year = (i32)floor_div(index, 12), month = (i32)(index - 12 * (i64)year);
    int leap = month == 1 && year % 4 == 0 && (year % 100 || year % 400 == 0);
    return day_of(year, month, of_month < length[month] + leap ? of_month : length[month] + leap);
}

#endif
