/* What a person's phone does, no more. */
#include "life/phone.h"

#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>

static void phone_destroy(void *self)
{
	struct phone *p = self;
	obj_unref(p->session);
	free(p->answer);
}

static const struct obj_type phone_type = { "phone", sizeof(struct phone), phone_destroy };

struct phone *phone_new(struct sip_stack *stack, struct media *media, uint64_t tag,
	const struct phone_handlers *handlers, void *arg)
{
	struct phone *p = obj_new(&phone_type);
	p->stack = stack;
	p->media = media;
	p->tag = tag;
	p->handlers = handlers;
	p->arg = arg;
	return p;
}

static void clear(struct phone *p)
{
	line_close(&p->line);
	media_group_free(p->media, p->group);
	p->line = (struct line){ .media = p->media };
	p->group = 0;
	p->up = false;
	p->session = obj_unref(p->session);
	free(p->answer);
	p->answer = NULL;
}

static void end(struct phone *p)
{
	clear(p);
	p->handlers->on_ended(p->arg);
}

static void become_up(struct phone *p)
{
	p->up = true;
	media_stream_start(p->media, p->line.local.stream);
	phone_say(p, NULL);
	p->handlers->on_up(p->arg);
}

static void on_answered(struct session *s, void *arg, struct str sdp)
{
	struct phone *p = arg;
	if (line_accept(&p->line, sdp) == 0) {
		become_up(p);
		return;
	}
	session_hangup(s, NULL);
	end(p);
}

static void on_offer(struct session *s, void *arg, struct str sdp)
{
	struct phone *p = arg;
	char *text = NULL;
	int err = sdp.p ? line_answer(&p->line, sdp, &text) : line_offer(&p->line, &text);
	err = err ? session_reject(s, 488, NULL, 0) : session_answer(s, str_from(text));
	if (err)
		log_(LOG_CMD, LOG_DEBUG, "robot's phone did not answer an offer err=%s", err_name(err));
	free(text);
}

static void on_ended(struct session *s, void *arg, enum session_end why, int status)
{
	struct phone *p = arg;
	(void)s;
	(void)why;
	(void)status;
	end(p);
}

static const struct session_handlers session_handlers = {
	.on_answered = on_answered,
	.on_offer = on_offer,
	.on_ended = on_ended,
};

static int open_line(struct phone *p)
{
	p->group = media_group_new(p->media);
	return line_open(&p->line, p->media, p->group, p->tag, false);
}

void phone_call(struct phone *p, const char *target, const char *from)
{
	char *offer = NULL;
	int err = open_line(p);
	if (!err)
		err = line_offer(&p->line, &offer);
	const struct session_invite_opts opts = {
		.target = str_from(target),
		.from = str_from(from),
		.sdp = str_from(offer),
		.handlers = &session_handlers,
		.arg = p,
	};
	if (!err)
		err = session_invite(p->stack, &opts, &p->session);
	free(offer);
	if (err)
		end(p);
}

int phone_take(struct phone *p, struct session *s, struct str offer)
{
	int err = open_line(p);
	if (!err)
		err = line_answer(&p->line, offer, &p->answer);
	if (err) {
		clear(p);
		return err;
	}
	p->session = obj_ref(s);
	session_attach(s, &session_handlers, p);
	return session_ring(s, 180, STR_NONE);
}

void phone_answer(struct phone *p)
{
	if (p->session && !p->up && session_answer(p->session, str_from(p->answer)) == 0)
		become_up(p);
}

void phone_hangup(struct phone *p)
{
	if (p->session)
		session_hangup(p->session, NULL);
	clear(p);
}

bool phone_is_idle(const struct phone *p)
{
	return !p->session;
}

void phone_say(struct phone *p, const char *path)
{
	const struct media_item items[] = { { .kind = MEDIA_ITEM_FILE, .path = path },
		{ .kind = MEDIA_ITEM_SILENCE } };
	const struct media_play play = {
		.items = path ? items : items + 1, .n = path ? 2 : 1, .tag = p->tag
	};
	if (p->up && media_play(p->media, p->line.local.stream, &play, NULL) != 0)
		log_(LOG_CMD, LOG_DEBUG, "robot has no voice");
}

void phone_key(struct phone *p, char key)
{
	const char keys[2] = { key, '\0' };
	if (p->up && media_stream_dtmf(p->media, p->line.local.stream, keys, 0, 0) != 0)
		log_(LOG_CMD, LOG_DEBUG, "robot could not press %c", key);
}
