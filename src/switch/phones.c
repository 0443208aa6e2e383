/* A binding as JSON and back. On disk its end is wall time, because the monotonic clock of the next process
 * may count from another boot of the machine; a wall clock set back can lengthen a life no further than the
 * longest the registrar grants. */
#include "switch/phones.h"

#include "base/clock.h"
#include "base/js.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>

static void set(json_t *object, const char *key, struct str value)
{
	if (value.p)
		json_object_set_new(object, key, json_stringn(value.p, value.n));
}

static void set_addr(json_t *object, const char *key, const struct addr *addr)
{
	char text[ADDR_STRLEN];
	js_set_str(object, key, addr_to_string(addr, text));
}

void phones_keep(struct journal *j, const struct binding_info *binding, int64_t now_us)
{
	int64_t expires_ms = clock_wall_ms() + (binding->expires_us - now_us) / CLOCK_MS_US;
	json_t *phone = json_object();
	js_set_id(phone, "id", binding->id);
	set(phone, "aor", binding->aor);
	set(phone, "contact", binding->contact);
	set(phone, "instance", binding->instance);
	set(phone, "user_agent", binding->user_agent);
	set(phone, "call_id", binding->call_id);
	set_addr(phone, "local", &binding->local);
	set_addr(phone, "peer", &binding->peer);
	js_set_int(phone, "cseq", binding->cseq);
	js_set_int(phone, "reg_id", binding->reg_id);
	js_set_int(phone, "expires_ms", expires_ms);
	char *text = js_print(phone);
	int err = journal_phone(j, binding->id, expires_ms, str_from(text));
	if (err)
		log_(LOG_SWITCH, LOG_WARN, "registration not kept aor=%s err=%s", LOG_Q(binding->aor),
			err_name(err));
	free(text);
	json_decref(phone);
}

static void drop(struct journal *j, int64_t id)
{
	int err = journal_phone(j, id, 0, STR_NONE);
	if (err)
		log_(LOG_SWITCH, LOG_WARN, "registration stays on disk id=%" PRId64 " err=%s", id,
			err_name(err));
}

void phones_drop(struct journal *j, const struct binding_info *binding)
{
	drop(j, binding->id);
}

static struct str text_of(const json_t *object, const char *key)
{
	const char *text = js_str(object, key, NULL);
	return text ? str_from(text) : STR_NONE;
}

static int restore(struct registrar *registrar, const json_t *phone, int64_t now_us)
{
	struct binding_info binding = {
		.aor = text_of(phone, "aor"),
		.contact = text_of(phone, "contact"),
		.instance = text_of(phone, "instance"),
		.user_agent = text_of(phone, "user_agent"),
		.call_id = text_of(phone, "call_id"),
		.id = js_id(phone, "id"),
		.cseq = (uint32_t)js_int(phone, "cseq", 0),
		.reg_id = (uint32_t)js_int(phone, "reg_id", 0),
	};
	int64_t left_ms = js_int(phone, "expires_ms", 0) - clock_wall_ms();
	binding.expires_us = now_us + left_ms * CLOCK_MS_US;
	if (!binding.aor.n || !binding.contact.n || !binding.call_id.n)
		return -E_CORRUPT;
	int err = addr_from_string(text_of(phone, "local"), &binding.local);
	if (!err)
		err = addr_from_string(text_of(phone, "peer"), &binding.peer);
	return err ? err : registrar_restore(registrar, &binding);
}

size_t phones_restore(struct journal *j, struct registrar *registrar, const json_t *phones, int64_t now_us)
{
	size_t i, restored = 0;
	const json_t *phone;
	json_array_foreach (phones, i, phone) {
		int err = restore(registrar, phone, now_us);
		restored += !err;
		if (err) {
			log_(LOG_SWITCH, LOG_INFO, "registration not restored aor=%s err=%s",
				LOG_Q(text_of(phone, "aor")), err_name(err));
			drop(j, js_id(phone, "id"));
		}
	}
	return restored;
}
