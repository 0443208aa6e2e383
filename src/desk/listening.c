/* Listening to a recording: WAV in ranges straight from our container, and its waveform. Who listened stands
 * in the audit trail, once per listening and not once per range. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/routes.h"
#include "media/recfile.h"
#include "model/areas.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_BYTES ((size_t)64 * 1024)
#define PEAKS_DEFAULT 800
#define PEAKS_MAX 4000
#define LISTENING_MS INT64_C(3600000) /* later parts belong to it for so long */

static const char *action_of(const struct request *r)
{
	return request_param(r, "download") ? "download" : "listen";
}

/* Whether the actor may read that it is there, and hear it. */
static int need_hearing(struct request *r, int64_t id)
{
	char right[32];
	json_t *record = NULL;
	bool hears = false;
	snprintf(right, sizeof(right), "recording.%s", action_of(r));
	int err = model_get(r->db, &recording_resource, &r->actor, id, &record);
	json_decref(record);
	if (!err)
		err = scope_has(r->db, &r->actor, &recording_resource, right_named(right), id, &hears);
	return err ? err : hears ? 0 : -E_FORBIDDEN;
}

/* Opens the recording named in the path, if the actor may hear it. */
static int open_recording(struct request *r, struct recfile **ret_file)
{
	char path[1024];
	struct rows *rows;
	int64_t id = request_id(r, 1);
	int err = need_hearing(r, id);
	if (!err)
		err = db_query(r->db, "SELECT file FROM recording WHERE id = $1", ARGS(V_INT(id)), &rows);
	if (err)
		return err;
	bool found = rows_next(rows);
	struct str file = found ? rows_str(rows, 0) : STR_NONE;
	snprintf(path, sizeof(path), "%s/" STR_FMT, r->desk->options->data_dir, STR_ARG(file));
	err = rows_end(rows);
	if (!err && (!found || strstr(path + strlen(r->desk->options->data_dir), "..")))
		err = -E_NOT_FOUND;
	if (!err)
		err = recfile_open(path, ret_file);
	if (err == -E_NOT_FOUND)
		return request_refuse(r, 404, "no_audio", "the audio of this recording is not here");
	return err;
}

static int note_listening(struct db *db, void *arg)
{
	struct request *r = arg;
	struct change change = request_change(r, db);
	return model_audit(&change, action_of(r), "recording", request_id(r, 1), NULL);
}

/* The beginning is a listening; a later part belongs to one, unless nobody has noted any: who asks from the
 * second byte on hears the same. */
static int note_once(struct request *r, int64_t from)
{
	int64_t noted = 0;
	int err = 0;
	if (r->http->method != HTTP_GET)
		return 0;
	if (from > 0)
		err = db_one_int(r->db,
			"SELECT count(*) FROM audit WHERE resource = 'recording' AND record = $1 AND"
			" actor = $2 AND action = $3 AND created > $4",
			ARGS(V_INT(request_id(r, 1)), V_INT(r->actor.user), V_Z(action_of(r)),
				V_INT(clock_wall_ms() - LISTENING_MS)),
			&noted);
	return err || noted ? err : request_write(r, note_listening, r);
}

struct range {
	int64_t from, to; /* to is behind the last byte */
	bool partial;
};

/* "bytes=a-b", "bytes=a-", "bytes=-n"; anything else means the whole. -E_LIMIT when it lies behind the end.
 */
static int read_range(struct str text, int64_t size, struct range *range)
{
	uint64_t from = 0, to = 0;
	*range = (struct range){ 0, size, false };
	if (!str_starts(text, STR("bytes=")) || str_find(text, ',') != text.n)
		return 0;
	struct str last = str_sub(text, strlen("bytes="), text.n);
	struct str first = str_cut(&last, '-');
	bool has_from = str_to_u64(first, INT64_MAX / 2, &from) == 0;
	bool has_to = str_to_u64(last, INT64_MAX / 2, &to) == 0;
	if (!has_from && !has_to)
		return 0;
	if (!has_from) {
		range->from = (int64_t)to >= size ? 0 : size - (int64_t)to;
	} else {
		range->from = (int64_t)from;
		range->to = has_to && (int64_t)to + 1 < size ? (int64_t)to + 1 : size;
	}
	range->partial = true;
	return range->from >= range->to ? -E_LIMIT : 0;
}

static void send_range(struct request *r, struct recfile *file, const struct range *range)
{
	uint8_t *part = mem_alloc(PART_BYTES);
	int64_t at = range->from;
	int err = 0;
	while (!err && at < range->to && r->http->method == HTTP_GET) {
		size_t want = range->to - at < (int64_t)PART_BYTES ? (size_t)(range->to - at) : PART_BYTES,
		       got = 0;
		err = recfile_read_wav(file, at, want, part, &got);
		if (err || !got)
			break;
		err = http_write(r->http, (struct str){ (const char *)part, got });
		at += (int64_t)got;
	}
	if (err && err != -E_CLOSED)
		log_(LOG_DESK, LOG_WARN, "recording not read to its end id=%s err=%s", r->parts[1],
			err_name(err));
	free(part);
}

int recording_audio(struct request *r)
{
	struct recfile *file = NULL;
	struct range range;
	int err = open_recording(r, &file);
	if (err)
		return err;
	int64_t size = recfile_wav_size(file);
	http_set(r->http, "Accept-Ranges", "bytes");
	if (read_range(http_header(r->http, "Range"), size, &range)) {
		recfile_close(file);
		http_set(r->http, "Content-Range", "bytes */%" PRId64, size);
		return request_refuse(r, 416, "range", "the range lies behind the end");
	}
	err = note_once(r, range.from);
	if (err) {
		recfile_close(file);
		return err;
	}
	if (range.partial)
		http_set(r->http, "Content-Range", "bytes %" PRId64 "-%" PRId64 "/%" PRId64, range.from,
			range.to - 1, size);
	if (request_param(r, "download"))
		http_set(r->http, "Content-Disposition", "attachment; filename=\"%s.wav\"", r->parts[1]);
	http_set(r->http, "Cache-Control", "private, no-store");
	http_set(r->http, "Content-Type", "audio/wav");
	http_begin_sized(r->http, range.partial ? 206 : 200, (uint64_t)(range.to - range.from));
	send_range(r, file, &range);
	http_end(r->http);
	recfile_close(file);
	return 0;
}

/* The louder side of each part, as percent of the loudest possible. */
static json_t *channel_peaks(const struct recfile_peak *peaks, size_t n, size_t channel)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		int low = -peaks[i].min[channel], high = peaks[i].max[channel];
		int loud = low > high ? low : high;
		json_array_append_new(list, json_integer(loud * 100 / 32768));
	}
	return list;
}

int recording_peaks(struct request *r)
{
	const char *text = request_param(r, "n");
	struct recfile *file = NULL;
	uint32_t n = PEAKS_DEFAULT;
	if (text && (str_to_u32(str_from(text), PEAKS_MAX, &n) || n == 0))
		return faults_add(&r->faults, "range", "n", "must be between 1 and %d", PEAKS_MAX);
	int err = open_recording(r, &file);
	if (err)
		return err;
	struct recfile_peak *peaks = mem_array(n, sizeof(*peaks));
	err = recfile_peaks(file, n, peaks);
	json_t *channels = json_array();
	for (size_t c = 0; c < RECFILE_CHANNELS; c++)
		json_array_append_new(channels, channel_peaks(peaks, n, c));
	int64_t duration_ms = recfile_info(file)->duration_ms;
	recfile_close(file);
	free(peaks);
	json_t *out = json_pack(
		"{s:I, s:i, s:o}", "duration_ms", (json_int_t)duration_ms, "n", (int)n, "channels", channels);
	if (err) {
		json_decref(out);
		return err;
	}
	return reply_json(r, 200, out);
}
