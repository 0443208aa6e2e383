#ifndef LX_DESK_ROUTES_H
#define LX_DESK_ROUTES_H

#include "desk/request.h"

struct job_kind;

/* The table of all routes. */
extern const struct route routes[];
extern const size_t routes_n;

/* Sets r->route; -E_NOT_FOUND, or a refusal with 405. */
int route_find(struct request *r) MUST_CHECK;

/* Handlers, by the file they live in. */
int signin_create(struct request *r); /* signin.c */
int signin_read(struct request *r);
int signin_delete(struct request *r);
int password_update(struct request *r);
int factor_read(struct request *r);
int factor_create(struct request *r);
int factor_confirm(struct request *r);
int factor_codes(struct request *r);
int factor_end(struct request *r);
int factor_reset(struct request *r);

int session_revoke(struct request *r); /* keys.c */
int sessions_end_others(struct request *r);
int token_create(struct request *r);
int locks_read(struct request *r);
int locks_clear(struct request *r);

int preferences_read(struct request *r); /* preferences.c */
int preference_write(struct request *r);

int collection_list(struct request *r); /* collection.c */
int collection_create(struct request *r);
int collection_read(struct request *r);
int collection_update(struct request *r);
int collection_delete(struct request *r);
int collection_relations(struct request *r);
int collection_act(struct request *r);

int job_cancel(struct request *r); /* job_routes.c */
int job_result(struct request *r);

int import_create(struct request *r); /* import_routes.c */
int import_preview(struct request *r);
int import_map(struct request *r);
int import_check(struct request *r);
int import_start(struct request *r);
int import_cancel(struct request *r);
int import_rows(struct request *r);
int import_choose(struct request *r);
int import_refused(struct request *r);

int bulk_create(struct request *r); /* bulk.c */

int export_create(struct request *r); /* export.c */
bool export_may(const struct actor *actor, const struct resource *res);
/* The list that the request asks for, as a file at once. */
int export_send(struct request *r, const struct resource *res, enum sheet_format format) MUST_CHECK;
extern const struct job_kind export_job;

int interaction_read(struct request *r); /* history.c */
int customer_timeline(struct request *r);

int customers_like(struct request *r); /* customers.c */
int customer_duplicates(struct request *r);
int customer_history(struct request *r);
int customer_merge(struct request *r);

int find_read(struct request *r); /* find.c */

int recording_audio(struct request *r); /* listening.c */
int recording_peaks(struct request *r);

int me_read(struct request *r); /* me.c */
int me_set_state(struct request *r);
int me_dial(struct request *r);
int me_call(struct request *r);
int me_wrap_up_end(struct request *r);
int me_set_state_of(struct request *r);

int pop_open(struct request *r); /* pop.c */

int live_read(struct request *r); /* about.c */
int health_read(struct request *r);
int meta_read(struct request *r);
int openapi_read(struct request *r);
int visitor_read(struct request *r);
int metrics_read(struct request *r);

int demo_read(struct request *r); /* demo.c */
int demo_update(struct request *r);

#endif
