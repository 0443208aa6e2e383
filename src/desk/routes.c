/* Which handler serves which path. The collections of src/model come last and match any first part; a row of
 * its own above them takes precedence. */
#include "desk/routes.h"

#include "base/mem.h"
#include "desk/files.h"
#include "sheet/cell.h"

#include <string.h>

#define PUBLIC NULL, ROUTE_PUBLIC
#define TABLE "200 text/csv, 200 " SHEET_XLSX_MIME
#define DOOR NULL, ROUTE_PUBLIC | ROUTE_GUARDED

/* clang-format off */
const struct route routes[] = {
	{ HTTP_POST, "session", DOOR, signin_create, "Sign in", "200 signed_in", "sign_in_with" },
	{ HTTP_GET, "session", NULL, ROUTE_DUE, signin_read, "Who is signed in", "200 signed_in", NULL },
	{ HTTP_DELETE, "session", NULL, ROUTE_DUE, signin_delete, "Sign out", "204", NULL },
	{ HTTP_PUT, "session/password", NULL, ROUTE_DUE, password_update, "Change the own password", "204", "password_change" },
	{ HTTP_GET, "session/factor", NULL, ROUTE_DUE, factor_read, "The own second factor", "200 factor", NULL },
	{ HTTP_POST, "session/factor", NULL, ROUTE_DUE, factor_create, "A key for an authenticator, by the password", "201 factor_made", "password_shown" },
	{ HTTP_PUT, "session/factor", NULL, ROUTE_DUE, factor_confirm, "Show that it works: from now on sign-ins ask for its code", "200 factor_codes", "code_shown" },
	{ HTTP_POST, "session/factor/codes", NULL, 0, factor_codes, "New codes for when the authenticator is lost", "200 factor_codes", "password_shown" },
	{ HTTP_POST, "session/factor/end", NULL, 0, factor_end, "Sign in without it again", "204", "password_shown" },
	{ HTTP_GET, "preferences", NULL, 0, preferences_read, "What the own pages remember, by name", "200 object{}", NULL },
	{ HTTP_PUT, "preferences/{name}", NULL, 0, preference_write, "Remember an object under that name; an empty one is forgotten", "204", "object" },
	{ HTTP_GET, "health", PUBLIC, health_read, "Whether the centre serves", "200 health, 503 health", NULL },
	{ HTTP_GET, "meta", NULL, ROUTE_DUE, meta_read, "What the reader may see and do", "200 meta", NULL },
	{ HTTP_GET, "openapi.json", PUBLIC, openapi_read, "This description", "200 object", NULL },
	{ HTTP_GET, "visitor", DOOR, visitor_read, "Where a visitor's call goes", "200 visitor", NULL },
	{ HTTP_GET, "live", NULL, 0, live_read, "How things stand now", "200 live", NULL },
	{ HTTP_GET, "agents/me", NULL, 0, me_read, "The agent's own state, calls and phone", "200 agent_me", NULL },
	{ HTTP_PUT, "agents/me/state", NULL, 0, me_set_state, "Go ready or not ready", "200 commanded", "state_wanted" },
	{ HTTP_POST, "agents/me/calls", NULL, 0, me_dial, "Dial", "201 commanded", "dialled" },
	{ HTTP_POST, "agents/me/calls/{interaction}/{action}", NULL, 0, me_call, "Answer, hold, transfer and the like", "200 commanded", "call_wanted?" },
	{ HTTP_GET, "agents/me/calls/{interaction}/pop", NULL, 0, pop_open, "Another system's page for this contact", "200 text/html, 302", NULL },
	{ HTTP_POST, "agents/me/wrap_up/end", NULL, 0, me_wrap_up_end, "End the wrap-up early", "200 commanded", "wrap_up_of?" },
	{ HTTP_PUT, "agents/{id}/state", "agent.set_state", 0, me_set_state_of, "Set an agent's state", "200 commanded", "state_wanted" },
	{ HTTP_GET, "interactions/{id}", "interaction.read", 0, interaction_read, "An interaction with every step it took", "200 interaction_whole", NULL },
	{ HTTP_GET, "recordings/{id}/audio", "recording.read", 0, recording_audio, "The recording as WAV, in ranges", "200 audio/wav, 206 audio/wav", NULL },
	{ HTTP_HEAD, "recordings/{id}/audio", "recording.read", 0, recording_audio, "Size of the recording", "200 audio/wav, 206 audio/wav", NULL },
	{ HTTP_GET, "recordings/{id}/peaks", "recording.listen", 0, recording_peaks, "The recording's waveform", "200 peaks", NULL },
	{ HTTP_GET, "customers/{id}/timeline", "customer.read", 0, customer_timeline, "All contacts of a customer", "200 timeline", NULL },
	{ HTTP_GET, "customers/duplicates", "customer.read", 0, customers_like, "Customers who may be the same person as ?number=&name=&mail=&identity=", "200 alikes", NULL },
	{ HTTP_GET, "customers/{id}/duplicates", "customer.read", 0, customer_duplicates, "Customers who may be the same person", "200 alikes", NULL },
	{ HTTP_GET, "customers/{id}/history", "customer.read", 0, customer_history, "What was changed of a customer, and of those merged into him", "200 history", NULL },
	{ HTTP_POST, "customers/{id}/merge", "customer.update", 0, customer_merge, "Make one of two: the other goes into this one", "200 customer", "merge_with" },
	{ HTTP_GET, "search", NULL, 0, find_read, "A few of everything that ?q= finds, for the reader", "200 found_all", NULL },
	{ HTTP_POST, "files", NULL, ROUTE_BYTES, file_create, "Upload a file for a field: the body as it is, its name in ?name=", "201 uploaded", "*/*" },
	{ HTTP_GET, "files/{id}", NULL, 0, file_read, "A file, for whoever may read the record that has it", "200 */*, 206 */*, 304", NULL },
	{ HTTP_HEAD, "files/{id}", NULL, 0, file_read, "Type and size of a file", "200 */*, 206 */*, 304", NULL },
	{ HTTP_GET, "demo", "demo.control", 0, demo_read, "Pace of the demo's callers and robot agents", "200 demo", NULL },
	{ HTTP_PATCH, "demo", "demo.control", 0, demo_update, "Set it", "200 demo", "demo_pace" },
	{ HTTP_POST, "jobs/{id}/cancel", "job.cancel", 0, job_cancel, "End a job early", "200 job", NULL },
	{ HTTP_GET, "jobs/{id}/result", "job.read", 0, job_result, "The file that a job has made", TABLE, NULL },
	{ HTTP_POST, "imports", NULL, ROUTE_BYTES, import_create, "Upload a table: the body as it is, ?resource=customers&name=file.xlsx", "201 import_made", "*/*" },
	{ HTTP_GET, "imports/{id}/preview", NULL, 0, import_preview, "Its sheets, columns and first rows; ?sheet= &encoding= &delimiter= &head=", "200 import_preview", NULL },
	{ HTTP_PUT, "imports/{id}/mapping", NULL, 0, import_map, "Say what its columns are, and what becomes of duplicates", "200 import", "import_mapping" },
	{ HTTP_POST, "imports/{id}/check", NULL, 0, import_check, "Count what a run would do, and change nothing", "202 import", NULL },
	{ HTTP_GET, "imports/{id}/rows", NULL, 0, import_rows, "Refused rows and duplicates that the check has found", "200 import_rows", NULL },
	{ HTTP_PUT, "imports/{id}/rows/{n}", NULL, 0, import_choose, "Choose for one row", "200 import", "import_choice" },
	{ HTTP_POST, "imports/{id}/run", NULL, 0, import_start, "Write what was checked", "202 import", NULL },
	{ HTTP_POST, "imports/{id}/cancel", NULL, 0, import_cancel, "End it; what is written stays", "200 import", NULL },
	{ HTTP_GET, "imports/{id}/refused", NULL, 0, import_refused, "The refused rows with their reasons, as a table of the same kind", TABLE, NULL },
	{ HTTP_POST, "{plural}/bulk", NULL, 0, bulk_create, "Many records changed alike: few at once, more by a job", "200 bulk_done, 202 job", "bulk_wanted" },
	{ HTTP_GET, "{plural}/{id}/relations", NULL, 0, collection_relations, "How many records of which kind refer to this one", "200 relations", NULL },
	{ HTTP_POST, "{plural}/export", NULL, 0, export_create, "A list as a file, made by a job", "202 job", "export_wanted" },
	{ HTTP_GET, "users/{id}/locks", "user.read", 0, locks_read, "Wrong passwords that count against a user, by address", "200 locks", NULL },
	{ HTTP_POST, "users/{id}/unlock", "user.unlock", 0, locks_clear, "Forget them", "204", NULL },
	{ HTTP_DELETE, "sessions", NULL, 0, sessions_end_others, "End one's own sign-ins at other places", "204", NULL },
	{ HTTP_DELETE, "users/{id}/factor", "user.update", 0, factor_reset, "Take a user's second factor away", "204", NULL },
	{ HTTP_DELETE, "sessions/{id}", NULL, 0, session_revoke, "End a sign-in", "204", NULL },
	{ HTTP_POST, "api_tokens", "api_token.create", 0, token_create, "Make a key for a program; it is told this once", "201 api_token_made", "api_token_wanted" },
	{ HTTP_POST, "customers", NULL, 0, collection_create, "Make a customer, and see who may be the same person", "201 customer_made|made", NULL },
	{ HTTP_GET, "customers/{id}", NULL, 0, collection_read, "A customer, or where he went when he was merged", "200 customer, 308 merged", NULL },
	{ HTTP_PATCH, "customers/{id}", NULL, 0, collection_update, "Change him", "200 customer, 308 merged", NULL },
	{ HTTP_GET, "{plural}", NULL, 0, collection_list, NULL, NULL, NULL },
	{ HTTP_POST, "{plural}", NULL, 0, collection_create, NULL, NULL, NULL },
	{ HTTP_GET, "{plural}/{id}", NULL, 0, collection_read, NULL, NULL, NULL },
	{ HTTP_PATCH, "{plural}/{id}", NULL, 0, collection_update, NULL, NULL, NULL },
	{ HTTP_DELETE, "{plural}/{id}", NULL, 0, collection_delete, NULL, NULL, NULL },
	{ HTTP_POST, "{plural}/{id}/{action}", NULL, 0, collection_act, NULL, NULL, NULL },
};
/* clang-format on */

const size_t routes_n = ARRAY_LEN(routes);

static const struct route metrics = { HTTP_GET, "metrics", NULL, ROUTE_PUBLIC, metrics_read, "Counters", NULL,
	NULL };

static bool matches(const struct route *route, const struct request *r)
{
	struct str rest = str_from(route->path);
	size_t i = 0;
	while (rest.n) {
		struct str part = str_cut(&rest, '/');
		if (i >= r->n_parts || (part.p[0] != '{' && !str_eqz(part, r->parts[i])))
			return false;
		i++;
	}
	return i == r->n_parts;
}

int route_find(struct request *r)
{
	bool path_known = false;
	if (str_eqz(r->http->path, "/metrics") && r->http->method == HTTP_GET) {
		r->route = &metrics;
		return 0;
	}
	for (size_t i = 0; i < routes_n; i++) {
		if (!matches(&routes[i], r))
			continue;
		if (routes[i].path[0] == '{' && !resource_of_plural(str_from(r->parts[0])))
			continue;
		path_known = true;
		if (routes[i].method == r->http->method) {
			r->route = &routes[i];
			return 0;
		}
	}
	return path_known ? request_refuse(r, 405, "method", "not with this method") : -E_NOT_FOUND;
}
