#ifndef LX_MEDIA_MIXER_H
#define LX_MEDIA_MIXER_H

#include "media/port.h"

/* The media thread's side of a bridge: ports and a matrix of gains. A port that hears exactly one other gets
 * its packets relayed; one that hears more, or something played over it, gets a mix on 20 ms ticks. */
struct mixer {
	LIST_ENTRY(mixer) link;
	struct port **seats;
	size_t n, size;
	uint16_t *gains; /* [hearer * size + speaker] */
	struct ticker ticker;
};

struct mixer *mixer_new(void); /* any thread */
void mixer_attach(struct thread *t, struct mixer *m);
void mixer_end(struct thread *t, struct mixer *m); /* frees; the ports stay */

void mixer_add(struct thread *t, struct mixer *m, struct port *p); /* takes it out of another mixer */
void mixer_remove(struct thread *t, struct mixer *m, struct port *p);
/* Nothing happens unless both sit here. */
void mixer_set(
	struct thread *t, struct mixer *m, const struct port *hearer, const struct port *speaker, int gain);
/* Works out anew who relays to whom and who gets a mix. */
void mixer_plan(struct thread *t, struct mixer *m);

#endif
