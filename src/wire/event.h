#ifndef LX_WIRE_EVENT_H
#define LX_WIRE_EVENT_H

/* What happened, for ever: the vocabulary of the journal. Call detail, queue statistics, agent time,
 * recordings, the customer's time line and the live pages derive from these events and from nothing else.
 * wire/README.md tells the fields of each. Columns: code, name, fields (for the reader). A plain call writes
 * at most 25, its agent's states and wrap-up among them; none periodic. */
#define EVENT_MAP(X)                                                                                         \
	X(SWITCH_STARTED, "switch.started", "version")                                                       \
	X(SWITCH_STOPPED, "switch.stopped", "reason")                                                        \
	X(JOURNAL_GAP, "journal.gap", "from n, to n, reason")                                                \
	X(INTERACTION_STARTED, "interaction.started",                                                        \
		"interaction, channel, direction, from, to, trunk, did")                                     \
	X(INTERACTION_CUSTOMER, "interaction.customer", "interaction, customer, name, tier, language")       \
	X(INTERACTION_ENDED, "interaction.ended", "interaction, cause, by")                                  \
	X(LEG_STARTED, "leg.started", "interaction, leg, role, direction, address, agent, call_id")          \
	X(LEG_ANSWERED, "leg.answered", "interaction, leg, codec, rang_ms")                                  \
	X(LEG_SILENT, "leg.silent", "interaction, leg")                                                      \
	X(LEG_ENDED, "leg.ended", "interaction, leg, cause, sip_status, packets_in, packets_lost, rang_ms")  \
	X(FLOW_STARTED, "flow.started", "interaction, flow, version")                                        \
	X(FLOW_STEP, "flow.step", "interaction, node, type, result, key, label")                             \
	X(FLOW_ENDED, "flow.ended", "interaction, flow, reason")                                             \
	X(QUEUE_ENTERED, "queue.entered", "interaction, item, queue, priority, position, consult")           \
	X(QUEUE_LEFT, "queue.left", "interaction, item, queue, reason, waited_ms, consult")                  \
	X(OFFER_MADE, "offer.made", "interaction, item, offer, queue, agent, rule, deadline_ms, consult")    \
	X(OFFER_ACCEPTED, "offer.accepted", "interaction, item, offer, agent, rang_ms, consult")             \
	X(OFFER_ENDED, "offer.ended", "interaction, item, offer, agent, reason, rang_ms")                    \
	X(BRIDGE_JOINED, "bridge.joined", "interaction, leg, other")                                         \
	X(BRIDGE_PARTED, "bridge.parted", "interaction, leg, other")                                         \
	X(HOLD_STARTED, "hold.started", "interaction, leg, agent")                                           \
	X(HOLD_ENDED, "hold.ended", "interaction, leg, agent")                                               \
	X(MUTE_STARTED, "mute.started", "interaction, leg, agent")                                           \
	X(MUTE_ENDED, "mute.ended", "interaction, leg, agent")                                               \
	X(CONSULT_STARTED, "consult.started", "interaction, agent, target")                                  \
	X(CONSULT_ENDED, "consult.ended", "interaction, agent, reason")                                      \
	X(CONFERENCE_STARTED, "conference.started", "interaction, agent, target, leg")                       \
	X(CONFERENCE_ENDED, "conference.ended", "interaction, agent, reason")                                \
	X(TRANSFER_STARTED, "transfer.started", "interaction, agent, kind, target")                          \
	X(TRANSFER_COMPLETED, "transfer.completed", "interaction, agent, kind, target")                      \
	X(TRANSFER_FAILED, "transfer.failed", "interaction, agent, kind, target, cause")                     \
	X(RECORDING_STARTED, "recording.started", "interaction, recording, file, channels")                  \
	X(RECORDING_ENDED, "recording.ended",                                                                \
		"interaction, recording, duration_ms, bytes, missing_ms, reason")                            \
	X(AGENT_STATE, "agent.state", "agent, state, reason, interaction, by")                               \
	X(WRAP_UP_ENDED, "wrap_up.ended", "interaction, agent, by, lasted_ms")

enum event_kind {
#define X(code, name, fields) EV_##code,
	EVENT_MAP(X)
#undef X
		EV__MAX
};

const char *event_name(enum event_kind kind);
/* EV__MAX for a name that this version does not know. */
enum event_kind event_from_name(const char *name);

#endif
