/* Verdicts for many candidates.
 *
 * Equals gate/verdict.py Gate.ask() by another road. Law and a lender's rules come in as items: one question of one
 * version of one rule, with its figures. Candidates that look alike (place, channel, purpose, who acts, role, debt)
 * share the list of items that can speak about them; what remains per candidate are its own facts, a walk back over
 * its history, and its holds and permissions where it has any. Each question names the plain one it equals.
 */
/* Loops here run once or twice: unrolling and vectorising them costs a tenth. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O2")
#endif

#include <stdlib.h>
#include <string.h>

#include "clock.h"

/* In the order of gate/terms.py. */
enum { VOICE, VOICE_ROBOT, VOICE_NOTICE, SMS, EMAIL, IM, LETTER, VISIT, INTERVIEW, CHANNELS };
enum { COLLECT, LOCATE, INFORM, REPLY, PURPOSES };
enum { BY_LENDER, BY_AGENCY, BY_SERVICER, ACTOR_KINDS };
enum { PERSON, AUTOMATIC, MODES };
enum {
    BANK, CONSUMER_FINANCE, MICRO_LOAN, PRIVATE_LENDER, INSURER, PAYMENT_FIRM, TRANSFEREE, OTHER_LENDER, LENDER_KINDS
};
enum { DEBTOR, CO_BORROWER, GUARANTOR, SPOUSE, HEIR, EXECUTOR, GUARDIAN, ATTORNEY, CONTACT, ROLES };
enum { AT_MOBILE, AT_HOME, AT_WORK, AT_EMAIL, AT_IM, AT_ADDRESS, AT_BRANCH, AT_OTHER, POINT_KINDS };
enum {
    NO_ANSWER, BUSY, NOT_IN_SERVICE, REJECTED, VOICEMAIL, DROPPED, CONNECTED, RIGHT_PARTY, WRONG_PARTY, THIRD_PARTY,
    THIRD_PARTY_REFUSED, SENT, DELIVERED, UNDELIVERABLE, NOT_MET, RESULTS
};
enum {
    DISPUTE, COMPLAINT, HARDSHIP, PLAN_BEING_MADE, PLAN_IN_FORCE, REPRESENTED, BANKRUPTCY, DEATH, BREATHING_SPACE,
    BREATHING_SPACE_CRISIS, MILITARY, VULNERABLE, CEASE_REQUESTED, OPTED_OUT, INCONVENIENT_TIME, INCONVENIENT_PLACE,
    EMPLOYER_FORBIDS, NO_WORK_CALLS, BARRED_STATED, FRAUD, HOLD_KINDS
};
enum { CONSENT, AGREEMENT, DEBTOR_CALLED, COURT_ORDER, PERMISSION_KINDS };
enum { NOTE, EXCUSED, WARN, REFUSE, EFFECTS };
enum { ALLOWED, WARNED, REFUSED, OUTCOMES };
enum { CN, US, UK, EU, ROOTS };

/* In the order of gate/kernels.py. */
enum {
    Q_HOURS, Q_EFFECTIVE_CALLS, Q_CONNECTED_NOTICES, Q_UNANSWERED, Q_SEVEN_IN_SEVEN, Q_AFTER_CONVERSATION,
    Q_MASSACHUSETTS, Q_NEW_YORK_CITY, Q_ONLY_LIABLE, Q_ONLY_WHEN_LOST, Q_NO_THIRD_PARTY, Q_SPOUSE, Q_HEIR, Q_GUARANTOR,
    Q_CONSUMER_ONLY, Q_OF_AGE, Q_IDENTITY, Q_LETTER, Q_OPT_OUT, Q_ESIGN, Q_ELECTRONIC, Q_SAFE_ADDRESS, Q_SUIT, Q_VISIT,
    Q_VALIDATION, Q_LISTED, Q_OUTSOURCING, Q_PROCESSOR, Q_RECORD, Q_TRAINED, Q_NOT_TOLD, Q_IN_FORM, Q_PLACED, Q_OWED,
    Q_RESTS, Q_CEASE, Q_DISPUTED, Q_BREATHING_SPACE, Q_CRISIS, Q_PLAN_BEING_MADE, Q_ORAL_AT_WORK, QUESTIONS
};
enum {
    F_IDENTIFIED, F_VOLUNTEERS, F_RENOUNCED, F_POINTS_INVALID, F_DECEASED, F_INCAPACITATED, F_LISTED_KNOWN, F_LISTED,
    F_UNLAWFUL, F_SHOWS, F_RECORDS, F_APPOINTED, F_ENTRY_REFUSED, F_DISCLOSES_KNOWN, F_DISCLOSES, F_REQUIRED,
    F_CONSENTED, F_SUIT, FACTS
};
enum {
    C_EFFECTIVE, C_NOTICES, C_UNANSWERED, C_CALLS, C_CONVERSATION, C_MASSACHUSETTS, C_NEW_YORK_CITY, C_FAILED, C_ASKED,
    COUNTERS
};
#define FROM_INBOUND 1
#define FROM_CONSENT 2
#define FROM_WORK 4
#define BY_CONSENT 1
#define NOT_CONNECTED 2
#define TO_PROFESSIONALS 4
#define NOBODY (-1)
#define NO_AMOUNT INT64_MIN
#define ARGS 8

#define BIT(n) (1u << (n))
#define CALLS (BIT(VOICE) | BIT(VOICE_ROBOT) | BIT(VOICE_NOTICE))
#define TALKS (BIT(VOICE) | BIT(VOICE_ROBOT))
#define WRITTEN (BIT(SMS) | BIT(EMAIL) | BIT(IM) | BIT(LETTER))
#define ELECTRONIC (BIT(SMS) | BIT(EMAIL) | BIT(IM))
#define FACE_TO_FACE (TALKS | BIT(VISIT) | BIT(IM) | BIT(INTERVIEW))
#define ANSWERED (BIT(CONNECTED) | BIT(RIGHT_PARTY))
#define UNANSWERED \
    (BIT(NO_ANSWER) | BIT(BUSY) | BIT(NOT_IN_SERVICE) | BIT(REJECTED) | BIT(VOICEMAIL) | BIT(DROPPED))
#define FAILED (UNANSWERED | BIT(WRONG_PARTY) | BIT(NOT_MET))
#define EVERY (~0u)
#define ABOUT_WORK (BIT(EMPLOYER_FORBIDS) | BIT(NO_WORK_CALLS))
#define ALSO_INFORM \
    (BIT(OPTED_OUT) | BIT(INCONVENIENT_TIME) | BIT(INCONVENIENT_PLACE) | BIT(REPRESENTED) | BIT(BREATHING_SPACE) | \
     BIT(BREATHING_SPACE_CRISIS) | ABOUT_WORK)
/* gate.owed.GOOD_ANSWER by bit: identity, balance, transit, dispute, complaint, time-barred, guarantor, owned,
 * insolvency, death */
#define GOOD (BIT(0) | BIT(1) | BIT(6) | BIT(7))
#define TIME_BARRED BIT(5)
#define IN_SCOPE BIT(6)
#define ALL_OWED 0x3ffu

#define HORIZON (366 * DAY)

/* Law and house rules, encoded by gate/items.py; all int64. */
typedef struct {
    i64 root;               /* 0-3, or -1: the lender's own, by the first place named */
    i64 ident;              /* its bit; versions of one rule of the lender's own are apart here and share it */
    i64 actors, kinds;      /* clauses.fits_actor: words of the scope, those of them that name kinds of lenders */
    i64 products, channels; /* kinds of debt; bits of Channel */
    i64 accepts, calls;     /* kinds of permissions that set it aside; whether it is a call rule of Regulation F */
    i64 first, last;        /* its versions */
} Rule;

/* Instants by root, because a lender's own rule turns at the midnight of the request's first place. */
typedef struct { i64 from[ROOTS], until[ROOTS], over[ROOTS], first, last; } Version;

typedef struct { i64 question, strength, arg[ARGS]; } Item;

/* A parameter that another rule's question reads, by instant: from, until, value. */
typedef struct { i64 from, until, value; } Aside;

/* One distinct pair of places and zones. */
typedef struct {
    i64 first_root;
    i64 set[ROOTS], every; /* sets of zones: by jurisdiction, and of all places together */
} Where;

typedef struct { i64 months; i32 day, on; } Training;

typedef struct {
    Clock clock;
    Training training[2]; /* the last answers of trained_since */
    /* rules */
    const Rule *rule;
    const Version *version;
    const Item *item;
    const Aside *lost_after, *left_out;
    i64 rules, lost_afters, left_outs;
    const Where *where_table;
    const i32 *hours_set; /* where x rules: the zones of its hours, -1 where it does not speak */
    /* candidates; optional columns are NULL where nothing is known of any */
    const i64 *at;
    const i32 *where, *party, *actor;
    const u8 *channel, *purpose, *lender, *actor_kind, *mode, *role;
    const i32 *debtor, *point;
    const u8 *point_kind, *basis;
    const u32 *facts;
    const i32 *trained_on, *born_on, *used_on, *checked_on, *notice_on, *guarantee_last;
    const i32 *guarantee_claimed_on, *contract_until, *visitors;
    const i64 *guarantee_limit, *estate_value, *contains; /* contains: a word bit each; -1 when nobody checked */
    /* claims: of candidate i from claim_start[i]; NULL: one each */
    const i64 *claim_start;
    const i32 *claim, *debt;
    const u32 *kinds;
    const i64 *amount;
    const i32 *barred_from, *outsourcing_on, *notified_on, *in_form_on, *validation_on;
    const u32 *owed; /* ten bits known, ten bits answered yes from bit 16 on */
    const i64 *placed_start;
    const i32 *placed;
    /* history by party, oldest first; through h_order where the columns lie otherwise */
    const u32 *h_start, *h_order;
    const i64 *h_at;
    const i32 *h_actor, *h_point;
    const u8 *h_channel, *h_result, *h_flags;
    const i64 *h_claim_start;
    const i32 *h_claim;
    /* holds by party */
    const u32 *d_start;
    const i64 *d_since, *d_until, *d_from, *d_to;
    const u8 *d_kind, *d_written;
    const u16 *d_channels;
    const i64 *d_claim_start, *d_point_start;
    const i32 *d_claim, *d_point;
    /* permissions by party */
    const u32 *p_start;
    const i64 *p_since, *p_until;
    const i32 *p_rule;
    const u8 *p_kind;
    const u16 *p_channels;
    const i64 *p_claim_start, *p_point_start;
    const i32 *p_claim, *p_point;
    /* answers */
    u8 *outcome;
    u64 *refused, *warned, *excused, *noted;
    i64 *earliest;
    i32 *counters; /* COUNTERS planes of `rows` each, or NULL */
    i64 rows;
} Table;

typedef struct {
    i64 rule, over;
    const Item *item;
    const Seen *seen;     /* of a rule's hours: the last answer about them */
    u32 settled, settles; /* when these facts stand so, the question has nothing to say */
} Asked;

#define MOST_ASKED 192
#define MOST_RULES 256

/* What candidates that look alike are asked, while no version changes. */
typedef struct {
    u64 key;
    int used;
    u32 kinds;
    int speaking;
    u16 speaks[MOST_RULES]; /* rules in scope */
    i64 from, until;
    int count, plain; /* questions about holds come after the plain ones */
    Asked asked[MOST_ASKED];
} Profile;

typedef struct {
    Table *t;
    i64 row, at, u;
    const Where *where;
    u32 channel, purpose, role, point_kind, facts; /* point_kind POINT_KINDS: none */
    i32 actor, party, point, debtor;
    i64 c0, c1, h0, h1, d0, d1, p0, p1;
    u64 mask[EFFECTS];
    i64 clears; /* when the last refusal goes away; 0: nothing refuses */
    int first;
    i32 count[COUNTERS];
} Ask;

static inline i32 number(const i32 *column, i64 row, i32 unknown) { return column ? column[row] : unknown; }

static inline int fact(const Ask *a, int which) { return a->facts >> which & 1; }

static inline i32 day_in(const Ask *a, int root) { return (i32)local_day(&a->t->clock, root, a->u); }

static inline int has(const i32 *list, i64 from, i64 to, i32 what) {
    for (i64 k = from; k < to; k++)
        if (list[k] == what) return 1;
    return 0;
}

static inline void counted(Ask *a, int which, i32 count) {
    if (a->first && count > a->count[which]) a->count[which] = count;
}

static const Aside *aside(const Aside *all, i64 count, i64 at) {
    for (i64 k = count - 1; k >= 0; k--)
        if (all[k].from <= at && at < all[k].until) return &all[k];
    return NULL;
}

/* gate.calls._left_out */
static int left_out(const Table *t, int kind, i64 at) {
    const Aside *exclusions = aside(t->left_out, t->left_outs, at);
    return exclusions && exclusions->value & kind;
}

/* The claims a rule is about: clauses.claims_in_scope */
static inline int in_scope(const Ask *a, const Asked *q, i64 claim) {
    u32 kinds = a->t->kinds[claim] | (a->role == GUARANTOR ? 1u << 31 : 0);
    return (kinds & (u32)a->t->rule[q->rule].products) != 0;
}

/* ---- history ---- */

typedef struct {
    u32 channels, results;
    i32 actor, point;
    i64 claim;               /* row of a claim, or -1 */
    int by_debt, at_work;    /* at_work -1: anywhere */
    int inbound, no_consent; /* inbound: theirs count too */
} Match;

static inline i64 past(const Table *t, i64 k) { return t->h_order ? t->h_order[k] : k; }

/* gate.calls.about */
static int about_claim(const Ask *a, const Match *m, i64 h) {
    const Table *t = a->t;
    if (!t->h_claim_start || t->h_claim_start[h] == t->h_claim_start[h + 1]) return 1; /* nobody recorded for which */
    for (i64 k = t->h_claim_start[h]; k < t->h_claim_start[h + 1]; k++) {
        i32 id = t->h_claim[k];
        if (id == t->claim[m->claim]) return 1;
        if (!m->by_debt) continue;
        if (id == t->debt[m->claim]) return 1; /* gate.calls.same_debt */
        for (i64 c = a->c0; c < a->c1; c++)
            if (t->claim[c] == id && t->debt[c] == t->debt[m->claim]) return 1;
    }
    return 0;
}

static inline int counts(const Ask *a, const Match *m, i64 h) {
    const Table *t = a->t;
    if (!(m->results & BIT(t->h_result[h])) || !(m->channels & BIT(t->h_channel[h]))) return 0;
    u8 flags = t->h_flags ? t->h_flags[h] : 0;
    if ((flags & FROM_INBOUND && !m->inbound) || (flags & FROM_CONSENT && m->no_consent)) return 0;
    if (m->at_work >= 0 && m->at_work != ((flags & FROM_WORK) != 0)) return 0;
    if (m->actor != NOBODY && t->h_actor[h] != m->actor) return 0;
    if (m->point != NOBODY && (!t->h_point || t->h_point[h] != m->point)) return 0;
    return m->claim < 0 || about_claim(a, m, h);
}

/* gate.calls._window: the largest count over a set of zones; *clears is when it falls below the limit, 0 when it is */
static i32 window(const Ask *a, const Match *m, i64 set, i64 days, i64 limit, i64 *clears) {
    const Table *t = a->t;
    const Clock *c = &t->clock;
    i32 most = 0;
    *clears = 0;
    for (i64 z = c->set_start[set]; z < c->set_start[set + 1]; z++) {
        i64 zone = c->set_zone[z], last = 0;
        if (a->h1 == a->h0) break;
        i64 since = start_of_day(c, zone, local_day(c, zone, a->u) - days + 1);
        i32 count = 0;
        for (i64 k = a->h1 - 1; k >= a->h0; k--) {
            i64 h = past(t, k);
            if (t->h_at[h] < since) break;
            if (counts(a, m, h) && ++count == limit) last = t->h_at[h];
        }
        if (count > most) most = count;
        if (limit > 0 && count >= limit) {
            i64 opens = start_of_day(c, zone, local_day(c, zone, last) + days);
            if (opens > *clears) *clears = opens;
        }
    }
    if (limit <= 0) *clears = NEVER;
    return most;
}

/* gate.calls.conversation, the last of this party by the time asked; -1 when none */
static i64 last_match(const Ask *a, const Match *m) {
    for (i64 k = a->h1 - 1; k >= a->h0; k--)
        if (counts(a, m, past(a->t, k))) return past(a->t, k);
    return -1;
}

/* gate.whom.failed_in_a_row */
static i32 failed_in_a_row(const Ask *a) {
    const Table *t = a->t;
    i32 count = 0;
    if (a->debtor == NOBODY) return 0;
    for (i64 k = (i64)t->h_start[a->debtor + 1] - 1; k >= t->h_start[a->debtor]; k--) {
        i64 h = past(t, k);
        if (t->h_at[h] > a->at) continue;
        u32 channel = BIT(t->h_channel[h]), result = BIT(t->h_result[h]);
        if (t->h_flags && t->h_flags[h] & FROM_INBOUND) break;
        if (channel & (CALLS | BIT(VISIT) | BIT(INTERVIEW)) && result & ANSWERED) break;
        if (channel & (CALLS | BIT(VISIT)) && result & FAILED) count++;
    }
    return count;
}

/* ---- permissions and effects ---- */

/* gate.permissions._regulation_f: nothing but consent, for seven days and until the next conversation about it */
static int lasts(const Ask *a, i64 p, i64 at) {
    const Table *t = a->t;
    if (!left_out(t, BY_CONSENT, at)) return 0;
    if (t->p_kind[p] != CONSENT && t->p_kind[p] != DEBTOR_CALLED) return 0;
    i64 zone = t->clock.set_zone[t->clock.set_start[a->where->set[US]]];
    if (local_day(&t->clock, zone, at) >= local_day(&t->clock, zone, t->p_since[p]) + 7) return 0;
    Match talk = {TALKS, BIT(RIGHT_PARTY), a->actor, NOBODY, 0, 1, -1, 1, 0};
    for (talk.claim = a->c0; talk.claim < a->c1; talk.claim++) {
        i64 spoke = last_match(a, &talk);
        if (spoke >= 0 && t->h_at[spoke] > t->p_since[p]) return 0;
    }
    return 1;
}

/* gate.permissions.why_not() == "" */
static int works(const Ask *a, i64 rule, i64 p, i64 at) {
    const Table *t = a->t;
    if (t->rule[rule].calls ? !lasts(a, p, at) : !(t->rule[rule].accepts & BIT(t->p_kind[p]))) return 0;
    if (at < t->p_since[p] || at >= t->p_until[p]) return 0;
    if (t->p_channels[p] && !(t->p_channels[p] & BIT(a->channel))) return 0;
    i64 from = t->p_point_start[p], to = t->p_point_start[p + 1];
    if (to > from && (a->point == NOBODY || !has(t->p_point, from, to, a->point))) return 0;
    from = t->p_claim_start[p], to = t->p_claim_start[p + 1];
    for (i64 c = a->c0; to > from && c < a->c1; c++)
        if (!has(t->p_claim, from, to, t->claim[c])) return 0;
    return 1;
}

/* gate.verdict.Gate._weigh; at_most REFUSE: as strong as the rule */
static void breach(Ask *a, const Asked *q, i64 strength, int at_most, i64 clears) {
    i64 effect = at_most < strength ? at_most : strength;
    if (effect >= WARN)
        for (i64 p = a->p0; p < a->p1; p++) {
            if (a->t->p_rule[p] != a->t->rule[q->rule].ident) continue;
            if (works(a, q->rule, p, a->u)) {
                effect = EXCUSED;
                break;
            }
            i64 since = a->t->p_since[p];
            if (since > a->u && since < clears && works(a, q->rule, p, since)) clears = since;
        }
    a->mask[effect] |= 1ull << a->t->rule[q->rule].ident;
    if (effect != REFUSE) return;
    if (q->over < clears) clears = q->over;
    if (clears > a->clears) a->clears = clears;
}

#define LASTS NEVER
#define BROKEN(clears) breach(a, q, item->strength, REFUSE, clears)
#define BROKEN_BY(strength, clears) breach(a, q, strength, REFUSE, clears)
#define DOUBT(clears) breach(a, q, item->strength, WARN, clears)

/* ---- how often ---- */

static void how_often(Ask *a, const Asked *q, const Match *m, i64 days, i64 limit, i64 set, int which) {
    i64 clears;
    i32 count = window(a, m, set, days, limit, &clears);
    counted(a, which, count);
    if (clears) breach(a, q, q->item->strength, REFUSE, clears);
}

/* gate.calls._rebuttable */
static void rebuttable(Ask *a, const Asked *q, const Match *m, i64 set) {
    const Table *t = a->t;
    const Clock *c = &t->clock;
    const Item *item = q->item;
    i64 limit = item->arg[0], days = item->arg[1], gap = item->arg[2], last = last_match(a, m), none;
    if (gap >= 0 && last >= 0 && BIT(t->h_result[last]) & UNANSWERED) {
        i64 ends = t->h_at[last] + gap * 60 * SECOND;
        if (a->u < ends) DOUBT(ends);
    }
    if (!item->arg[3]) return;
    for (i64 z = c->set_start[set]; z < c->set_start[set + 1]; z++) {
        i64 zone = c->set_zone[z], today = local_day(c, zone, a->u), since = start_of_day(c, zone, today);
        i64 first = start_of_day(c, zone, today - days + 1), on = 0, within = 0;
        for (i64 k = a->h1 - 1; k >= a->h0 && t->h_at[past(t, k)] >= first; k--)
            if (counts(a, m, past(t, k))) within++, on += t->h_at[past(t, k)] >= since;
        if (on != limit - 1 || within != on) continue;
        none = start_of_day(c, zone, today + 1);
        DOUBT(none);
        return;
    }
}

/* gate.calls._to_a_professional */
static int to_a_professional(const Ask *a) { return a->role == ATTORNEY && left_out(a->t, TO_PROFESSIONALS, a->u); }

static void seven_in_seven(Ask *a, const Asked *q) {
    const Item *item = q->item;
    if (to_a_professional(a)) return;
    u32 results = left_out(a->t, NOT_CONNECTED, a->u) ? EVERY & ~(BIT(BUSY) | BIT(NOT_IN_SERVICE)) : EVERY;
    Match m = {CALLS, results, a->actor, NOBODY, 0, 1, -1, 0, left_out(a->t, BY_CONSENT, a->u)};
    i64 set = a->where->set[US], clears;
    for (m.claim = a->c0; m.claim < a->c1; m.claim++) {
        if (!in_scope(a, q, m.claim)) continue;
        i32 count = window(a, &m, set, item->arg[1], item->arg[0], &clears);
        counted(a, C_CALLS, count);
        if (clears) BROKEN(clears);
        else rebuttable(a, q, &m, set);
    }
}

static void after_conversation(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Clock *c = &a->t->clock;
    if (to_a_professional(a)) return;
    Match m = {TALKS, BIT(RIGHT_PARTY), a->actor, NOBODY, 0, 1, -1, 1, 0};
    for (m.claim = a->c0; m.claim < a->c1; m.claim++) {
        if (!in_scope(a, q, m.claim)) continue;
        i64 talk = last_match(a, &m), opens = 0;
        if (talk < 0) continue;
        for (i64 z = c->set_start[a->where->set[US]]; z < c->set_start[a->where->set[US] + 1]; z++) {
            i64 zone = c->set_zone[z];
            i64 then = start_of_day(c, zone, local_day(c, zone, a->t->h_at[talk]) + item->arg[0]);
            if (then > opens) opens = then;
        }
        counted(a, C_CONVERSATION, a->u < opens);
        if (a->u < opens) BROKEN(opens);
    }
}

static void massachusetts(Ask *a, const Asked *q) {
    int visit = a->channel == VISIT, at_work = a->point_kind == AT_WORK || a->point_kind == AT_OTHER;
    i64 limit = q->item->arg[visit ? 2 : at_work ? 1 : 0], days = visit || at_work ? 30 : 7;
    if (limit < 0) return;
    Match m = {visit ? BIT(VISIT) : TALKS, EVERY, NOBODY, NOBODY, 0, 0, visit ? -1 : at_work, 0, 0};
    for (m.claim = a->c0; m.claim < a->c1; m.claim++)
        if (in_scope(a, q, m.claim)) how_often(a, q, &m, days, limit, a->where->set[US], C_MASSACHUSETTS);
}

static void new_york_city(Ask *a, const Asked *q) {
    Match m = {EVERY, EVERY, NOBODY, NOBODY, 0, 0, -1, 0, 0};
    for (m.claim = a->c0; m.claim < a->c1; m.claim++)
        if (in_scope(a, q, m.claim)) how_often(a, q, &m, 7, q->item->arg[0], a->where->set[US], C_NEW_YORK_CITY);
}

/* ---- whom ---- */

static inline int discloses(const Ask *a) {
    if (fact(a, F_DISCLOSES_KNOWN)) return fact(a, F_DISCLOSES);
    return a->purpose != LOCATE && BIT(a->channel) & WRITTEN;
}

static inline int names_the_debt(const Ask *a) {
    return a->purpose == COLLECT || a->purpose == INFORM || discloses(a);
}

/* gate.asking.Ask.third_party, for a contact or a spouse */
static inline int is_third(const Ask *a) { return a->role == CONTACT || !a->t->basis || !a->t->basis[a->row]; }

/* gate.whom._unreachable */
static int unreachable(Ask *a) {
    if (fact(a, F_POINTS_INVALID)) return 1;
    const Aside *limit = aside(a->t->lost_after, a->t->lost_afters, a->u);
    if (!limit || limit->value < 0) return 0;
    i32 count = failed_in_a_row(a);
    counted(a, C_FAILED, count);
    return count >= limit->value;
}

static void only_liable(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    if (names_the_debt(a)) BROKEN(LASTS);
    i64 reasons = item->arg[0]; /* bits: unreachable, deceased, incapacitated */
    int held = (reasons & 1 && unreachable(a)) || (reasons & 2 && fact(a, F_DECEASED)) ||
        (reasons & 4 && fact(a, F_INCAPACITATED));
    if (!held) {
        i64 lost = NEVER; /* a later definition of lost contact may say otherwise */
        for (i64 k = 0; reasons & 1 && k < t->lost_afters && lost == NEVER; k++)
            if (t->lost_after[k].from > a->u && t->lost_after[k].value >= 0 &&
                failed_in_a_row(a) >= t->lost_after[k].value)
                lost = t->lost_after[k].from;
        BROKEN(lost);
    }
    Match m = {EVERY, BIT(THIRD_PARTY_REFUSED), NOBODY, NOBODY, -1, 0, -1, 1, 0};
    if (item->arg[1] && last_match(a, &m) >= 0) BROKEN(LASTS);
}

static void only_when_lost(Ask *a, const Asked *q) {
    const Item *item = q->item;
    int volunteer = fact(a, F_VOLUNTEERS) && item->arg[0];
    if (names_the_debt(a) && !volunteer) BROKEN(LASTS);
    if (!(unreachable(a) || fact(a, F_DECEASED) || fact(a, F_INCAPACITATED) || volunteer)) BROKEN(LASTS);
}

/* gate.whom._asked against a limit: 1 when more is asked, 0 when not, -1 when an amount is not known */
static int asks_more(const Ask *a, const Asked *q, i64 limit) {
    __int128 sum = 0;
    for (i64 c = a->c0; c < a->c1; c++) {
        if (!in_scope(a, q, c)) continue;
        if (!a->t->amount || a->t->amount[c] == NO_AMOUNT) return -1;
        sum += a->t->amount[c];
    }
    return sum > limit;
}

static void heir(Ask *a, const Asked *q) {
    const Item *item = q->item;
    i64 value = a->t->estate_value ? a->t->estate_value[a->row] : NO_AMOUNT;
    int more = asks_more(a, q, value);
    if (fact(a, F_RENOUNCED)) BROKEN(LASTS);
    else if (value == NO_AMOUNT || more < 0) DOUBT(LASTS);
    else if (more) BROKEN(LASTS);
}

static void guarantor(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    i32 last = number(t->guarantee_last, a->row, NO_DAY);
    if (last == NO_DAY) {
        DOUBT(LASTS);
        return;
    }
    i32 claimed = number(t->guarantee_claimed_on, a->row, NO_DAY);
    if ((claimed == NO_DAY ? day_in(a, CN) : claimed) > last) BROKEN(LASTS);
    i64 limit = t->guarantee_limit ? t->guarantee_limit[a->row] : NO_AMOUNT;
    int more = limit == NO_AMOUNT ? 0 : asks_more(a, q, limit);
    if (more < 0) DOUBT(LASTS);
    else if (more) BROKEN(LASTS);
}

static void consumer_only(Ask *a, const Asked *q) {
    const Item *item = q->item;
    if (names_the_debt(a)) {
        BROKEN(LASTS);
        return;
    }
    Match m = {EVERY, ANSWERED | BIT(THIRD_PARTY) | BIT(THIRD_PARTY_REFUSED), NOBODY, NOBODY, -1, 0, -1, 0, 0};
    i32 asked = 0;
    for (i64 k = a->h0; k < a->h1; k++) asked += counts(a, &m, past(a->t, k));
    counted(a, C_ASKED, asked);
    if (item->arg[0] >= 0 && asked >= item->arg[0]) BROKEN_BY(item->arg[1], LASTS);
}

static void of_age(Ask *a, const Asked *q) {
    const Item *item = q->item;
    i32 born = number(a->t->born_on, a->row, NO_DAY);
    if (born == NO_DAY) return;
    i32 of_age_on = add_months(born, 12 * item->arg[0]);
    if (day_in(a, (int)a->where->first_root) < of_age_on)
        BROKEN(start_of_day(&a->t->clock, a->where->first_root, of_age_on));
}

/* ---- in what manner, by us, owed ---- */

/* The first day of training that is not more than so many months before a day. */
static i32 trained_since(Table *t, i64 months, i32 day) {
    Training *seen = &t->training[day & 1]; /* today's and tomorrow's */
    if (seen->day != day || seen->months != months) {
        i32 on = add_months(day, -months) - 3; /* add_months never runs backwards */
        while (add_months(on, months) < day) on++;
        *seen = (Training){months, day, on};
    }
    return seen->on;
}

static void safe_address(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    i64 zone = t->clock.set_zone[t->clock.set_start[a->where->set[US]]];
    i64 today = local_day(&t->clock, zone, a->u);
    i32 used = number(t->used_on, a->row, NO_DAY), checked = number(t->checked_on, a->row, NO_DAY);
    i32 notice = number(t->notice_on, a->row, NO_DAY);
    if (a->channel == EMAIL) {
        if (item->arg[0] >= 0 && used == NO_DAY && (notice == NO_DAY || today < notice + item->arg[0]))
            BROKEN(notice == NO_DAY ? LASTS : start_of_day(&t->clock, zone, notice + item->arg[0]));
    } else if (item->arg[1] >= 0) {
        i64 first = today - item->arg[1];
        if (!(used != NO_DAY && first <= used && used <= today) &&
            !(checked != NO_DAY && first <= checked && checked <= today))
            BROKEN(LASTS);
    }
}

static void visit(Ask *a, const Asked *q) {
    const Item *item = q->item;
    i32 visitors = number(a->t->visitors, a->row, 0);
    int interview = a->channel == INTERVIEW;
    if (!interview && item->arg[0] >= 0 && visitors < item->arg[0]) BROKEN_BY(item->arg[1], LASTS);
    if (item->arg[2] && !fact(a, F_SHOWS)) BROKEN_BY(item->arg[2], LASTS);
    if (item->arg[3] && !fact(a, F_RECORDS)) BROKEN_BY(item->arg[3], LASTS);
    if (interview && item->arg[4] && !fact(a, F_APPOINTED)) BROKEN(LASTS);
    if (!interview && item->arg[5] && fact(a, F_ENTRY_REFUSED)) BROKEN(LASTS);
}

static void suit(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    for (i64 c = a->c0; c < a->c1; c++) {
        if (!in_scope(a, q, c)) continue;
        u32 owed = t->owed ? t->owed[c] : 0;
        i32 from = number(t->barred_from, c, NO_DAY);
        if ((owed & TIME_BARRED && owed >> 16 & TIME_BARRED) || (from != NO_DAY && from <= day_in(a, US)))
            BROKEN(LASTS);
    }
}

/* What each claim's person is to be told by today; a day ahead counts from then on. */
static void told_by(Ask *a, const Asked *q, const i32 *column, int root) {
    const Item *item = q->item;
    for (i64 c = a->c0; c < a->c1; c++) {
        if (!in_scope(a, q, c)) continue;
        i32 on = number(column, c, NO_DAY);
        if (on == NO_DAY) BROKEN(LASTS);
        else if (on > day_in(a, root)) BROKEN(start_of_day(&a->t->clock, root, on));
    }
}

static void validation(Ask *a, const Asked *q) {
    for (i64 c = a->c0; c < a->c1; c++)
        if (in_scope(a, q, c) && number(a->t->validation_on, c, NO_DAY) == NO_DAY)
            breach(a, q, q->item->strength, NOTE, LASTS);
}

static void placed(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    for (i64 c = a->c0; c < a->c1; c++)
        if (in_scope(a, q, c) &&
            !(t->placed_start && has(t->placed, t->placed_start[c], t->placed_start[c + 1], a->actor)))
            BROKEN(LASTS);
}

static void owed_first(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    u32 refuse = (u32)item->arg[0], unanswered = (u32)item->arg[1], silent = (u32)item->arg[2];
    for (i64 c = a->c0; c < a->c1; c++) {
        if (!in_scope(a, q, c)) continue;
        u32 owed = t->owed ? t->owed[c] : 0, known = owed & ALL_OWED, yes = owed >> 16;
        i32 barred = number(t->barred_from, c, NO_DAY);
        if (!(known & TIME_BARRED) && barred != NO_DAY) {
            known |= TIME_BARRED;
            if (barred <= day_in(a, (int)a->where->first_root)) yes |= TIME_BARRED;
        }
        u32 asked = a->role == GUARANTOR ? ALL_OWED : ALL_OWED & ~IN_SCOPE;
        u32 bad = known & (yes ^ GOOD) & asked, open = ~known & asked;
        if (bad & refuse || open & unanswered) BROKEN(LASTS);
        if (bad & ~refuse || open & ~unanswered & ~silent) DOUBT(LASTS);
    }
}

/* ---- holds ---- */

static int is_about(const Ask *a, i64 d) {
    const Table *t = a->t;
    if (t->d_channels[d] && !(t->d_channels[d] & BIT(a->channel))) return 0;
    i64 from = t->d_point_start[d], to = t->d_point_start[d + 1];
    if (to > from && (a->point == NOBODY || !has(t->d_point, from, to, a->point))) return 0;
    from = t->d_claim_start[d], to = t->d_claim_start[d + 1];
    if (to == from) return 1;
    for (i64 c = a->c0; c < a->c1; c++)
        if (has(t->d_claim, from, to, t->claim[c])) return 1;
    return 0;
}

/* gate.holds._stops, with the first instant at which the hold's own hours are over in `over` */
static int stops(const Ask *a, i64 d, i64 *over) {
    const Table *t = a->t;
    u32 kind = t->d_kind[d];
    *over = NEVER;
    if (a->purpose == REPLY || (a->purpose == INFORM && !(BIT(kind) & ALSO_INFORM))) return 0;
    if (kind == REPRESENTED && a->role == ATTORNEY) return 0;
    if (BIT(kind) & ABOUT_WORK && a->point_kind != AT_WORK) return 0;
    if (t->d_from[d] < 0) return 1;
    *over = shut_in_all(&t->clock, a->where->every, a->u, t->d_from[d], t->d_to[d]);
    return *over != a->u;
}

static inline int runs(const Ask *a, i64 d) { return a->t->d_since[d] <= a->u && a->u < a->t->d_until[d]; }

static inline i64 sooner(i64 a, i64 b) { return a < b ? a : b; }

static void rests(Ask *a, const Asked *q, u32 kinds, int at_most, int only_written) {
    const Table *t = a->t;
    i64 over;
    for (i64 d = a->d0; d < a->d1; d++)
        if (kinds & BIT(t->d_kind[d]) && runs(a, d) && (!only_written || t->d_written[d]) && is_about(a, d) &&
            stops(a, d, &over))
            breach(a, q, q->item->strength, at_most, sooner(over, t->d_until[d]));
}

static void breathing_space(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    i64 stop;
    for (i64 d = a->d0; d < a->d1; d++) {
        if (t->d_kind[d] != BREATHING_SPACE || !runs(a, d) || !is_about(a, d) || !stops(a, d, &stop)) continue;
        i64 begun = local_day(&t->clock, UK, t->d_since[d]);
        i64 over = start_of_day(&t->clock, UK, begun + item->arg[0]);
        i64 doubtful = start_of_day(&t->clock, UK, begun + item->arg[0] + 1), ends = sooner(over, t->d_until[d]);
        if (a->u < ends) BROKEN(sooner(ends, stop));
        else if (t->d_until[d] == NEVER && a->u < doubtful) DOUBT(sooner(doubtful, stop));
    }
}

static void crisis(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    i64 stop;
    for (i64 d = a->d0; d < a->d1; d++) {
        if (t->d_kind[d] != BREATHING_SPACE_CRISIS || t->d_since[d] > a->u || !is_about(a, d)) continue;
        i64 ends = NEVER;
        if (t->d_until[d] != NEVER)
            ends = start_of_day(&t->clock, UK, local_day(&t->clock, UK, t->d_until[d]) + item->arg[0] + 1);
        if (a->u < ends && stops(a, d, &stop)) BROKEN(sooner(ends, stop));
    }
}

static void plan_being_made(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    i64 stop;
    for (i64 d = a->d0; d < a->d1; d++) {
        if (t->d_kind[d] != PLAN_BEING_MADE || !runs(a, d) || !is_about(a, d)) continue;
        i64 ends = start_of_day(&t->clock, UK, local_day(&t->clock, UK, t->d_since[d]) + item->arg[0]);
        if (a->u < ends && stops(a, d, &stop)) BROKEN(sooner(sooner(ends, t->d_until[d]), stop));
    }
}

static void oral_at_work(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const Table *t = a->t;
    const Clock *c = &t->clock;
    i64 stop;
    for (i64 d = a->d0; d < a->d1; d++) {
        if (t->d_kind[d] != NO_WORK_CALLS || !runs(a, d) || !is_about(a, d) || !stops(a, d, &stop)) continue;
        i64 ends = 0, set = a->where->set[US];
        for (i64 z = c->set_start[set]; z < c->set_start[set + 1]; z++) {
            i64 zone = c->set_zone[z];
            i64 then = start_of_day(c, zone, local_day(c, zone, t->d_since[d]) + item->arg[0]);
            if (then > ends) ends = then;
        }
        if (t->d_written[d]) BROKEN(sooner(t->d_until[d], stop));
        else if (a->u < ends) BROKEN(sooner(sooner(ends, t->d_until[d]), stop));
    }
}

/* ---- which questions ---- */

/* Whether a question can say anything about candidates of this look. */
static int relevant(i64 question, u32 channel, u32 purpose, u32 actor_kind, u32 mode, u32 role, u32 lender) {
    switch (question) {
    case Q_HOURS: return channel != LETTER;
    case Q_EFFECTIVE_CALLS: return (TALKS >> channel) & 1;
    case Q_CONNECTED_NOTICES: return channel == VOICE_NOTICE;
    case Q_UNANSWERED:
    case Q_SEVEN_IN_SEVEN:
    case Q_AFTER_CONVERSATION: return (CALLS >> channel) & 1;
    case Q_MASSACHUSETTS: return ((TALKS | BIT(VISIT)) >> channel) & 1;
    case Q_ONLY_LIABLE:
    case Q_ONLY_WHEN_LOST:
    case Q_NO_THIRD_PARTY: return (role == CONTACT || role == SPOUSE) && purpose != REPLY;
    case Q_SPOUSE: return role == SPOUSE && purpose == COLLECT;
    case Q_HEIR: return role == HEIR && purpose == COLLECT;
    case Q_GUARANTOR: return role == GUARANTOR && purpose == COLLECT;
    case Q_CONSUMER_ONLY: return role == CONTACT && purpose != REPLY;
    case Q_IDENTITY: return (FACE_TO_FACE >> channel) & 1;
    case Q_LETTER: return channel == LETTER;
    case Q_ELECTRONIC: return (ELECTRONIC >> channel) & 1;
    case Q_SAFE_ADDRESS: return channel == EMAIL || channel == SMS;
    case Q_VISIT: return channel == VISIT || channel == INTERVIEW;
    case Q_VALIDATION: return role != CONTACT && role != ATTORNEY;
    case Q_LISTED:
    case Q_OUTSOURCING:
    case Q_PROCESSOR:
    case Q_RECORD:
    case Q_PLACED: return actor_kind == BY_AGENCY;
    case Q_TRAINED: return mode == PERSON;
    case Q_IN_FORM: return lender == TRANSFEREE;
    case Q_OWED: return purpose == COLLECT;
    default: return question < Q_RESTS || purpose != REPLY;
    }
}

/* Inlined into the loop over questions, which is the hottest there is. */
static inline __attribute__((always_inline)) void ask(Ask *a, const Asked *q) {
    const Item *item = q->item;
    const i64 *arg = item->arg;
    Table *t = a->t;
    switch (item->question) {
    case Q_HOURS: {
        i64 set = t->hours_set[(a->where - t->where_table) * t->rules + q->rule];
        i64 opens = opens_seen(&t->clock, set, arg[0], a->u, arg[1], arg[2]);
        if (opens != a->u) BROKEN(opens);
        return;
    }
    case Q_EFFECTIVE_CALLS: {
        Match m = {TALKS, ANSWERED, a->actor, NOBODY, -1, 0, -1, 0, 0};
        how_often(a, q, &m, 1, arg[0], CN, C_EFFECTIVE);
        return;
    }
    case Q_CONNECTED_NOTICES: {
        Match m = {BIT(VOICE_NOTICE), ANSWERED, NOBODY, NOBODY, -1, 0, -1, 0, 0};
        how_often(a, q, &m, 1, arg[0], CN, C_NOTICES);
        return;
    }
    case Q_UNANSWERED: {
        Match m = {CALLS, UNANSWERED, NOBODY, a->point, -1, 0, -1, 0, 0};
        if (a->point != NOBODY) how_often(a, q, &m, 1, arg[0], CN, C_UNANSWERED);
        return;
    }
    case Q_SEVEN_IN_SEVEN: seven_in_seven(a, q); return;
    case Q_AFTER_CONVERSATION: after_conversation(a, q); return;
    case Q_MASSACHUSETTS: massachusetts(a, q); return;
    case Q_NEW_YORK_CITY: new_york_city(a, q); return;
    case Q_ONLY_LIABLE: if (is_third(a)) only_liable(a, q); return;
    case Q_ONLY_WHEN_LOST: if (is_third(a)) only_when_lost(a, q); return;
    case Q_NO_THIRD_PARTY: if (is_third(a) && names_the_debt(a)) BROKEN_BY(arg[0], LASTS); return;
    case Q_SPOUSE: /* basis: 0 none, else a word of the rules */
        if (is_third(a) || !(arg[0] >> t->basis[a->row] & 1)) BROKEN(LASTS);
        return;
    case Q_HEIR: heir(a, q); return;
    case Q_GUARANTOR: guarantor(a, q); return;
    case Q_CONSUMER_ONLY: consumer_only(a, q); return;
    case Q_OF_AGE: of_age(a, q); return;
    case Q_IDENTITY: if (discloses(a) && !fact(a, F_IDENTIFIED)) BROKEN(LASTS); return;
    case Q_LETTER:
    case Q_OPT_OUT: {
        i64 held = t->contains ? t->contains[a->row] : -1;
        if (held < 0) DOUBT(LASTS);
        else if (arg[0] & ~held) BROKEN(LASTS);
        return;
    }
    case Q_ESIGN: if (fact(a, F_REQUIRED) && !fact(a, F_CONSENTED)) BROKEN(LASTS); return;
    case Q_ELECTRONIC: if (!fact(a, F_CONSENTED)) BROKEN(LASTS); return;
    case Q_SAFE_ADDRESS: safe_address(a, q); return;
    case Q_SUIT: if (fact(a, F_SUIT)) suit(a, q); return;
    case Q_VISIT: visit(a, q); return;
    case Q_VALIDATION: validation(a, q); return;
    case Q_LISTED:
        if (!fact(a, F_LISTED_KNOWN)) DOUBT(LASTS);
        else if (!fact(a, F_LISTED)) BROKEN(LASTS);
        return;
    case Q_OUTSOURCING: told_by(a, q, t->outsourcing_on, CN); return;
    case Q_PROCESSOR: {
        i32 until = number(t->contract_until, a->row, NO_DAY);
        if (until == NO_DAY) DOUBT(LASTS);
        else if (until <= day_in(a, CN)) BROKEN(LASTS);
        return;
    }
    case Q_RECORD: if (fact(a, F_UNLAWFUL)) BROKEN_BY(arg[0], LASTS); return;
    case Q_TRAINED: {
        i32 on = number(t->trained_on, a->row, NO_DAY);
        if (on == NO_DAY) DOUBT(LASTS);
        else if (on > day_in(a, CN)) BROKEN(start_of_day(&t->clock, CN, on));
        else if (on < trained_since(t, arg[0], day_in(a, CN))) BROKEN(LASTS);
        return;
    }
    case Q_NOT_TOLD: told_by(a, q, t->notified_on, CN); return;
    case Q_IN_FORM: told_by(a, q, t->in_form_on, EU); return;
    case Q_PLACED: placed(a, q); return;
    case Q_OWED: owed_first(a, q); return;
    case Q_RESTS:
        rests(a, q, (u32)arg[0], REFUSE, 0);
        rests(a, q, (u32)arg[1], WARN, 0);
        return;
    case Q_CEASE: rests(a, q, BIT(CEASE_REQUESTED), REFUSE, 1); return;
    case Q_DISPUTED: rests(a, q, BIT(DISPUTE), REFUSE, 1); return;
    case Q_BREATHING_SPACE: breathing_space(a, q); return;
    case Q_CRISIS: crisis(a, q); return;
    case Q_PLAN_BEING_MADE: plan_being_made(a, q); return;
    case Q_ORAL_AT_WORK: oral_at_work(a, q); return;
    default: return;
    }
}

/* ---- profiles ---- */

/* In the order of law/vocabulary.py Actor. */
enum {
    B_EVERYONE, B_LENDER, B_BANK, B_CARD_ISSUER, B_CONSUMER_FINANCE, B_MICRO_LOAN, B_INSURER, B_PAYMENT_FIRM,
    B_PRIVATE_LENDER, B_SERVICER, B_AGENCY, B_TRANSFEREE
};
#define K_CARD BIT(1) /* law/vocabulary.py ProductKind.CARD */

/* clauses.who_is_bound */
static u32 bound(u32 lender, u32 actor_kind, int card, i64 root) {
    static const u32 as[] = {
        B_BANK, B_CONSUMER_FINANCE, B_MICRO_LOAN, B_PRIVATE_LENDER, B_INSURER, B_PAYMENT_FIRM, B_TRANSFEREE
    };
    u32 words = BIT(B_EVERYONE) | BIT(B_LENDER);
    if (lender != OTHER_LENDER) words |= BIT(as[lender]);
    if (lender == BANK && card) words |= BIT(B_CARD_ISSUER);
    if (actor_kind == BY_AGENCY || (root == US && lender == TRANSFEREE)) words |= BIT(B_AGENCY);
    if (actor_kind == BY_SERVICER) words |= BIT(B_SERVICER);
    return words;
}

/* clauses.fits_actor */
static int fits_actor(const Rule *r, u32 words) {
    int narrow = r->kinds && words & BIT(B_AGENCY) && !(r->actors & BIT(B_EVERYONE));
    return (words & (narrow ? r->kinds : r->actors)) != 0;
}

static void meet(const Ask *a, Profile *p, u64 key, u32 kinds) {
    const Table *t = a->t;
    u32 lender = t->lender[a->row], actor_kind = t->actor_kind[a->row];
    p->key = key, p->used = 1, p->kinds = kinds, p->speaking = 0;
    const i32 *hours_set = t->hours_set + (a->where - t->where_table) * t->rules;
    for (i64 r = 0; r < t->rules; r++) {
        const Rule *rule = &t->rule[r];
        if (hours_set[r] < 0 || !(rule->channels >> a->channel & 1)) continue;
        if (!((kinds | (a->role == GUARANTOR ? 1u << 31 : 0)) & (u32)rule->products)) continue;
        i64 root = rule->root >= 0 ? rule->root : a->where->first_root;
        if (!fits_actor(rule, bound(lender, actor_kind, (kinds & K_CARD) != 0, root))) continue;
        p->speaks[p->speaking++] = (u16)r;
    }
}

static void settle(const Ask *a, Asked *q) {
    int known = a->purpose != LOCATE && BIT(a->channel) & WRITTEN;
    switch (q->item->question) {
    case Q_IDENTITY: q->settled = known ? BIT(F_IDENTIFIED) : BIT(F_DISCLOSES), q->settles = known ? q->settled : 0; return;
    case Q_LISTED: q->settled = q->settles = BIT(F_LISTED); return;
    case Q_RECORD: q->settled = BIT(F_UNLAWFUL); return;
    case Q_ESIGN: q->settled = BIT(F_REQUIRED); return;
    case Q_ELECTRONIC: q->settled = q->settles = BIT(F_CONSENTED); return;
    case Q_SUIT: q->settled = BIT(F_SUIT); return;
    default: return;
    }
}

/* Which versions speak at u, and between which instants that stays so. */
static int resolve(const Ask *a, Profile *p) {
    const Table *t = a->t;
    p->from = INT64_MIN, p->until = INT64_MAX;
    p->count = 0;
    for (int holds = 0; holds < 2; holds++) {
        for (int k = 0; k < p->speaking; k++) {
            i64 r = p->speaks[k];
            const Rule *rule = &t->rule[r];
            i64 root = rule->root >= 0 ? rule->root : a->where->first_root;
            const Version *found = NULL;
            for (i64 v = rule->first; v < rule->last; v++) {
                const Version *version = &t->version[v];
                i64 from = version->from[root], until = version->until[root];
                if (from <= a->u && a->u < until) found = version;
                if (from > a->u && from < p->until) p->until = from;
                if (until > a->u && until < p->until) p->until = until;
                if (from <= a->u && from > p->from) p->from = from;
                if (until <= a->u && until > p->from) p->from = until;
            }
            for (i64 i = found ? found->first : 0; found && i < found->last; i++) {
                const Item *item = &t->item[i];
                if ((item->question >= Q_RESTS) != holds) continue;
                if (item->question == Q_OF_AGE && !t->born_on) continue;
                if (!relevant(item->question, a->channel, a->purpose, t->actor_kind[a->row], t->mode[a->row], a->role,
                              t->lender[a->row]))
                    continue;
                if (p->count == MOST_ASKED) return -1;
                i64 set = t->hours_set[(a->where - t->where_table) * t->rules + r];
                const Seen *seen = item->question == Q_HOURS ? &t->clock.seen[2 * (set * t->clock.windows + item->arg[0])] : NULL;
                p->asked[p->count] = (Asked){r, found->over[root], item, seen, 0, 0};
                settle(a, &p->asked[p->count++]);
            }
        }
        if (!holds) p->plain = p->count;
    }
    return 0;
}

static int evaluate(Ask *a, Profile *p) {
    memset(a->mask, 0, sizeof a->mask);
    a->clears = 0;
    if ((a->u < p->from || a->u >= p->until) && resolve(a, p)) return -1;
    int count = a->d1 > a->d0 ? p->count : p->plain;
    for (int k = 0; k < count; k++) {
        const Asked *q = &p->asked[k];
        if (q->seen && a->u >= q->seen->opens && a->u < q->seen->shuts) continue;
        if (q->settled && (a->facts & q->settled) == q->settles) continue;
        ask(a, q);
    }
    return 0;
}

#define SLOTS 4096
#define MOST_PROFILES 2048

/* The number of a candidate's profile; -1 when there is room for no more. */
static i32 profile_of(const Ask *a, Profile *slots, i32 *held) {
    const Table *t = a->t;
    u32 kinds = 0;
    for (i64 c = a->c0; c < a->c1; c++) kinds |= t->kinds[c];
    u64 key = (u64)(u32)t->where[a->row] | (u64)a->channel << 20 | (u64)a->purpose << 24 |
        (u64)t->lender[a->row] << 26 | (u64)t->actor_kind[a->row] << 29 | (u64)t->mode[a->row] << 31 |
        (u64)a->role << 32 | (u64)kinds << 36;
    u32 slot = (u32)((key ^ kinds) * 0x9e3779b97f4a7c15ull >> 52);
    for (; slots[slot].used; slot = (slot + 1) % SLOTS)
        if (slots[slot].key == key && slots[slot].kinds == kinds) return (i32)slot;
    if (*held == MOST_PROFILES) return -1;
    ++*held;
    meet(a, &slots[slot], key, kinds);
    slots[slot].from = INT64_MAX; /* resolved when first asked */
    return (i32)slot;
}

static void look(Ask *a, Table *t, i64 row) {
    a->row = row, a->at = a->u = t->at[row];
    a->where = &t->where_table[t->where[row]];
    a->channel = t->channel[row], a->purpose = t->purpose[row], a->role = t->role[row];
    a->point_kind = t->point_kind ? t->point_kind[row] : POINT_KINDS;
    a->facts = t->facts ? t->facts[row] : 0;
    a->actor = t->actor[row], a->party = t->party[row];
    a->point = number(t->point, row, NOBODY), a->debtor = number(t->debtor, row, NOBODY);
    a->c0 = t->claim_start ? t->claim_start[row] : row, a->c1 = t->claim_start ? t->claim_start[row + 1] : row + 1;
    a->h0 = t->h_start[a->party], a->h1 = t->h_start[a->party + 1];
    while (a->h1 > a->h0 && t->h_at[past(t, a->h1 - 1)] > a->at) a->h1--;
    a->d0 = t->d_start ? t->d_start[a->party] : 0, a->d1 = t->d_start ? t->d_start[a->party + 1] : 0;
    a->p0 = t->p_start ? t->p_start[a->party] : 0, a->p1 = t->p_start ? t->p_start[a->party + 1] : 0;
    for (int k = 0; k < COUNTERS; k++) a->count[k] = -1;
}

/* One candidate: its verdict, and the first instant at which nothing refuses (gate.verdict.Gate._earliest). */
static i64 decide(Ask *a, Profile *p) {
    Table *t = a->t;
    i64 row = a->row;
    a->first = 1;
    if (evaluate(a, p)) return -3;
    t->outcome[row] = a->mask[REFUSE] ? REFUSED : a->mask[WARN] ? WARNED : ALLOWED;
    t->refused[row] = a->mask[REFUSE], t->warned[row] = a->mask[WARN];
    if (a->mask[EXCUSED]) t->excused[row] = a->mask[EXCUSED]; /* given as zeros: most pages are never touched */
    if (a->mask[NOTE]) t->noted[row] = a->mask[NOTE];
    for (int k = 0; t->counters && k < COUNTERS; k++) t->counters[k * t->rows + row] = a->count[k];
    a->first = 0;
    while (a->mask[REFUSE]) {
        if (a->clears > a->at + HORIZON) {
            a->u = INT64_MIN;
            break;
        }
        if (a->clears <= a->u) return -2;
        a->u = a->clears;
        if (evaluate(a, p)) return -3;
    }
    t->earliest[row] = a->u;
    return 0;
}

/* Answers candidates [first, last). 0, or: -1 no memory, -2 a rule says it clears at an instant that is past, -3 too
 * many questions for one candidate. */
i64 mora_gate(Table *shared, i64 first, i64 last) {
    Table own = *shared, *t = &own;
    i64 failed = -1;
    i32 held = 0;
    Profile *slots = calloc(SLOTS, sizeof(Profile));
    t->clock.hint = malloc((size_t)t->clock.zones * sizeof(i64));
    t->clock.today = calloc((size_t)t->clock.zones, sizeof(Today));
    t->clock.seen = calloc((size_t)(t->clock.sets * t->clock.windows) * 2 + 1, sizeof(Seen));
    if (!t->clock.hint || !t->clock.today || !t->clock.seen || !slots) goto out;
    memcpy(t->clock.hint, t->clock.zone_start, (size_t)t->clock.zones * sizeof(i64));
    Ask a = {.t = t};
    failed = 0;
    for (i64 row = first; row < last && !failed; row++) {
        look(&a, t, row);
        i32 slot = profile_of(&a, slots, &held);
        if (slot < 0) { /* too many looks: begin again */
            for (int k = 0; k < SLOTS; k++) slots[k].used = 0;
            held = 0;
            slot = profile_of(&a, slots, &held);
        }
        failed = decide(&a, &slots[slot]);
    }
out:
    free(t->clock.hint);
    free(t->clock.today);
    free(t->clock.seen);
    free(slots);
    return failed;
}

/* Offsets of the rows of each party, and the order that puts a party's rows together, oldest first, rows of one instant
 * as they came. Returns 1 when the rows lie in that order already (order is then left alone), 0 when not. */
i64 mora_gate_order(i64 rows, const i32 *party, const i64 *at, i64 parties, u32 *start, u32 *order) {
    i64 next = 0, row = 0;
    for (; row < rows; row++) {
        if (next > party[row]) { /* the party of the row before, or an earlier one */
            if (next > party[row] + 1 || at[row] < at[row - 1]) break;
            continue;
        }
        while (next <= party[row]) start[next++] = (u32)row;
    }
    while (next <= parties) start[next++] = (u32)row;
    if (row == rows) return 1;
    memset(start, 0, (size_t)(parties + 1) * sizeof(u32));
    for (i64 k = 0; k < rows; k++) start[party[k] + 1]++;
    for (i64 k = 0; k < parties; k++) start[k + 1] += start[k];
    for (i64 k = 0; k < rows; k++) order[start[party[k]]++] = (u32)k;
    for (i64 k = parties; k > 0; k--) start[k] = start[k - 1];
    start[0] = 0;
    for (i64 p = 0; p < parties; p++)
        for (i64 k = start[p] + 1; k < start[p + 1]; k++) {
            u32 moved = order[k];
            i64 place = k;
            while (place > start[p] && at[order[place - 1]] > at[moved]) order[place] = order[place - 1], place--;
            order[place] = moved;
        }
    return 0;
}

/* Sizes both sides must agree on. */
i64 mora_gate_layout(i64 what) {
    const i64 sizes[] = {
        sizeof(Table), sizeof(Rule), sizeof(Version), sizeof(Item), sizeof(Where), QUESTIONS, FACTS, COUNTERS, CHANNELS,
        PURPOSES, ACTOR_KINDS, MODES, LENDER_KINDS, ROLES, POINT_KINDS, RESULTS, HOLD_KINDS, PERMISSION_KINDS, EFFECTS,
        OUTCOMES
    };
    return what < (i64)(sizeof sizes / sizeof *sizes) ? sizes[what] : -1;
}
