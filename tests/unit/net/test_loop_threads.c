/* Several threads post to one loop: nothing is lost and each sender's order holds. */
#include "unit.h"
#include "base/mem.h"
#include "net/loop.h"

#include <pthread.h>
#include <stdlib.h>

#define SENDERS 3
#define EACH 2000

struct receiver {
	struct loop *loop;
	int last[SENDERS];
	int n;
};

struct sender {
	struct receiver *to;
	int index;
	pthread_t thread;
};

struct message {
	struct receiver *to;
	int sender, number;
};

static void receive(void *arg)
{
	struct message *m = arg;
	assert_true(loop_is_mine(m->to->loop));
	assert_int_equal(m->number, m->to->last[m->sender] + 1);
	m->to->last[m->sender] = m->number;
	if (++m->to->n == SENDERS * EACH)
		loop_stop(m->to->loop);
	free(m);
}

static void *send_all(void *arg)
{
	struct sender *s = arg;
	for (int i = 1; i <= EACH; i++) {
		struct message *m = mem_alloc(sizeof(*m));
		*m = (struct message){ s->to, s->index, i };
		loop_post(s->to->loop, receive, m);
	}
	return NULL;
}

static void every_post_arrives_in_order(void **state)
{
	(void)state;
	struct receiver r = { .loop = loop_new() };
	struct sender senders[SENDERS];
	for (int i = 0; i < SENDERS; i++) {
		senders[i] = (struct sender){ .to = &r, .index = i };
		pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
	}
	loop_run(r.loop);
	for (int i = 0; i < SENDERS; i++)
		pthread_join(senders[i].thread, NULL);
	assert_int_equal(r.n, SENDERS * EACH);
	loop_free(r.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_post_arrives_in_order),
	};
	return unit_run(tests);
}
