/* Playing, seen from the signalling thread: prompts that are in memory start at once, others when they have
 * been read. While a file is read the play has an id but nothing on the media thread; a newer play of the
 * same stream makes it void. */
#include "media/media_int.h"

#include "base/mem.h"

#include <stdlib.h>

#define ITEMS_MAX 64

/* A copied media_play that waits for its files. */
struct request {
	struct media *m;
	uint64_t id, stream;
	struct media_play play;
	struct media_item items[ITEMS_MAX];
	char *paths[ITEMS_MAX];
};

static void do_play(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	port_play(t, o->port, o->player, &o->play, o->id);
}

static void do_stop(struct thread *t, struct msg *msg)
{
	struct order *o = (struct order *)msg;

	if (o->port->play_id == o->id)
		port_play_stop(t, o->port, -E_CANCELLED);
}

static void note_end(struct media *m, const struct request *r, int err)
{
	media_note(m,
		&(struct media_event){ .kind = MEDIA_PLAYED,
			.id = r->id,
			.tag = r->play.tag,
			.err = err,
			.play = { .stream = r->stream } });
}

/* The player with all its sounds; NULL when one is not in memory. */
static struct player *build(struct media *m, const struct media_play *play, bool fresh)
{
	struct player *player = player_new(play->n);

	for (size_t i = 0; i < play->n; i++) {
		const struct media_item *item = &play->items[i];
		struct sound *sound = NULL;

		if (item->kind == MEDIA_ITEM_FILE) {
			sound = sounds_get(m->sounds, item->path, fresh);
			if (!sound) {
				player_free(player);
				return NULL;
			}
		}
		player_set(player, i, item, sound);
	}
	if (play->gain)
		player->gain = play->gain;
	player->loop = play->loop;
	player_seek(player, play->start_ms);
	return player;
}

static void start(struct media *m, const struct slot *stream, uint64_t id, const struct media_play *play,
	struct player *player)
{
	struct order *o = media_order(do_play);

	o->port = stream->stream.port;
	o->player = player;
	o->play = *play;
	o->play.items = NULL;
	o->id = id;
	media_send(m, stream->thread, o);
}

static void request_free(struct request *r)
{
	for (size_t i = 0; i < r->play.n; i++)
		free(r->paths[i]);
	free(r);
}

static void on_files(void *arg, int err)
{
	struct request *r = arg;
	struct media *m = r->m;
	struct slot *stream = media_slot(m, r->stream, SLOT_STREAM);
	struct slot *slot = media_slot_any(m, r->id, SLOT_PLAY);
	struct player *player;

	if (!stream || stream->stream.play != r->id || slot->closing) {
		note_end(m, r, -E_CANCELLED);
	} else if (err) {
		note_end(m, r, err);
	} else {
		player = build(m, &r->play, false);
		if (player)
			start(m, stream, r->id, &r->play, player);
		else
			note_end(m, r, -E_LIMIT);
	}
	request_free(r);
}

static void fetch(struct media *m, uint64_t id, uint64_t stream, const struct media_play *play)
{
	struct request *r = mem_alloc(sizeof(*r));
	size_t n = 0;
	int err;

	*r = (struct request){ .m = m, .id = id, .stream = stream, .play = *play };
	r->play.items = r->items;
	for (size_t i = 0; i < play->n; i++) {
		r->items[i] = play->items[i];
		if (r->items[i].kind == MEDIA_ITEM_FILE)
			r->items[i].path = r->paths[n++] = mem_strdup(play->items[i].path);
	}
	err = sounds_fetch(m->sounds, (const char *const *)r->paths, n, on_files, r);
	if (!err)
		return;
	note_end(m, r, err);
	request_free(r);
}

/* What was to play before and never reached the media thread is void from now; what did gets replaced there.
 */
int media_play(struct media *m, uint64_t stream, const struct media_play *play, uint64_t *ret_play)
{
	struct slot *slot = media_slot(m, stream, SLOT_STREAM), *play_slot;
	struct player *player;
	uint64_t id;

	if (!slot)
		return -E_NOT_FOUND;
	if (!play->n || play->n > ITEMS_MAX)
		return -E_INVALID;
	id = media_slot_new(m, SLOT_PLAY, slot->thread, &play_slot);
	play_slot->play.stream = stream;
	slot = media_slot(m, stream, SLOT_STREAM);
	slot->stream.play = id;
	player = build(m, play, true);
	if (player)
		start(m, slot, id, play, player);
	else
		fetch(m, id, stream, play);
	if (ret_play)
		*ret_play = id;
	return 0;
}

void media_play_stop(struct media *m, uint64_t play)
{
	struct slot *slot = media_slot(m, play, SLOT_PLAY);
	struct slot *stream;
	struct order *o;

	if (!slot)
		return;
	slot->closing = true;
	stream = media_slot(m, slot->play.stream, SLOT_STREAM);
	if (!stream)
		return;
	o = media_order(do_stop);
	o->port = stream->stream.port;
	o->id = play;
	media_send(m, stream->thread, o);
}
