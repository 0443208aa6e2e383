/* For the administrator who has lost his password or his authenticator, while the centre is stopped: through
 * the same checks, the same model and the same audit trail as a change by the API. */
#include "desk/desk.h"

#include "base/clock.h"
#include "base/js.h"
#include "base/mem.h"
#include "desk/factor.h"
#include "desk/rules.h"
#include "model/areas.h"
#include "model/model.h"
#include "store/store.h"

#include <unistd.h>

struct rescue {
	const char *user, *password;
	json_t *draft;
	struct faults faults;
	struct fault *fault;
};

static int save(struct db *db, void *arg)
{
	struct rescue *w = arg;
	struct id_source ids = { .node = 0 };
	const struct actor actor = { .name = "lingxi password", .address = "", .rights = rights_all };
	const struct change change = {
		.db = db, .ids = &ids, .now_ms = clock_wall_ms(), .actor = &actor, .faults = &w->faults
	};
	int64_t id = 0;
	int err = db_one_int(db,
		"SELECT coalesce(max(id), 0) FROM app_user WHERE name = $1 AND deleted IS NULL",
		ARGS(V_Z(w->user)), &id);
	if (!err && !id)
		err = fault_set(w->fault, "not_found", "user", "there is no user \"%s\"", w->user);
	if (!err)
		err = rules_check(db, id, w->password, &w->faults);
	if (!err)
		err = model_update(&change, &user_resource, id, 0, w->draft);
	if (!err)
		err = rules_keep(db, &ids, id, change.now_ms);
	if (!err)
		err = factor_drop(db, id);
	return err ? err : db_run(db, "DELETE FROM session WHERE app_user = $1", ARGS(V_INT(id)));
}

static int write_to(const char *path, struct rescue *w)
{
	struct store *store = NULL;
	const struct store_options options = { .path = path, .readers = 1 };
	int err = store_open(&options, &store, w->fault);
	if (!err)
		err = store_write(store, STORE_PEOPLE, save, w);
	store_close(store);
	return err;
}

int desk_set_password(
	const char *data_dir, const char *db, const char *user, const char *password, struct fault *reterr_)
{
	struct rescue w = { .user = user, .password = password, .fault = reterr_ };
	CLEANUP(mem_freep) char *path = mem_printf("%s/desk.db", data_dir);
	CLEANUP(js_unrefp) json_t *body = json_pack("{s:s}", "password", password), *draft = NULL;
	if (!db && access(path, F_OK) != 0)
		return fault_set(reterr_, "data", "data", "there is no centre in %s (--data)", data_dir);
	if (!body)
		return fault_set(reterr_, "type", "password", "the password is not UTF-8");
	int err = model_draft(&user_resource, body, false, &draft, &w.faults);
	w.draft = draft;
	if (!err)
		js_set_bool(draft, "second_factor", false);
	if (!err)
		err = write_to(db ? db : path, &w);
	if (w.faults.n)
		(void)fault_set(reterr_, w.faults.list[0].code, w.faults.list[0].field, "the %s %s",
			w.faults.list[0].field, w.faults.list[0].text);
	return err;
}
