/* The process: its own SIP stack and sound on a free port, forty robot agents, and callers who arrive at
 * random (a Poisson stream, so that queues build up and empty as in life). Speed, pause and stop are the
 * centre's setting, asked once a second; the process keeps none of its own. */
#include "base/clock.h"
#include "base/embed.h"
#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/voice.h"
#include "life/life_int.h"
#include "sip/stack.h"

#include <curl/curl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_ROBOT 11
#define LAST_ROBOT 50
#define ASK_US CLOCK_S_US
#define MEAN_ARRIVAL_S 4.0
#define IP "127.0.0.1"
#define RTP_LOW 30000
#define RTP_HIGH 32767

extern const struct embed_file life_files[];

double life_chance(struct life *life)
{
	life->seed = life->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(life->seed >> 11) / (double)(UINT64_C(1) << 53);
}

int64_t life_between_us(struct life *life, double from_s, double to_s)
{
	return (int64_t)((from_s + (to_s - from_s) * life_chance(life)) * 1e6);
}

int64_t life_exponential_us(struct life *life, double mean_s)
{
	return (int64_t)(-log(1.0 - life_chance(life)) * mean_s * 1e6);
}

const char *life_line(struct life *life, bool agent)
{
	size_t n = agent ? life->n_agent_lines : life->n_caller_lines;
	char **lines = agent ? life->agent_lines : life->caller_lines;
	return n ? lines[(size_t)(life_chance(life) * (double)n)] : NULL;
}

static void on_arrival(void *arg)
{
	struct life *life = arg;
	timer_start_in(
		life->timers, &life->arrival_timer, life_exponential_us(life, MEAN_ARRIVAL_S / life->speed));
	if (life->mode == LIFE_RUNNING)
		caller_new(life);
}

static void set_mode(struct life *life, enum life_mode mode)
{
	if (life->mode == mode)
		return;
	bool agents_too = mode == LIFE_STOPPED || life->mode == LIFE_STOPPED;
	life->mode = mode;
	for (struct robot *r = agents_too ? life->robots : NULL; r; r = robot_next(r))
		robot_set_mode(r);
}

static void on_settings(void *arg, int status, const json_t *answer)
{
	struct life *life = arg;
	const char *mode = js_str(answer, "state", "running");
	double speed = json_number_value(json_object_get(answer, "speed"));
	timer_start_in(life->timers, &life->ask_timer, ASK_US);
	if (status != 200)
		return;
	life->speed = speed >= 0.1 && speed <= 20 ? speed : 1.0;
	if (strcmp(mode, "stopped") == 0)
		set_mode(life, LIFE_STOPPED);
	else
		set_mode(life, strcmp(mode, "paused") == 0 ? LIFE_PAUSED : LIFE_RUNNING);
}

static void on_results(void *arg, int status, const json_t *answer)
{
	struct life *life = arg;
	const json_t *items = json_object_get(answer, "items"), *item;
	size_t i;
	if (status != 200 || life->n_results)
		return;
	json_array_foreach (items, i, item)
		if (life->n_results < LIFE_LINES_MAX && js_str(item, "id", NULL))
			life->results[life->n_results++] = mem_strdup(js_str(item, "id", NULL));
}

static void on_ask(void *arg)
{
	struct life *life = arg;
	if (!life->n_results)
		api_ask(life->watch, "GET", "/dispositions", NULL, on_results, life);
	api_ask(life->watch, "GET", "/demo", NULL, on_settings, life);
}

static void on_media(const struct media_event *event, void *arg)
{
	(void)event; /* robots do not listen */
	(void)arg;
}

static enum stack_verdict on_admit(void *arg, const struct sip_msg *invite, const struct sip_flow *flow)
{
	(void)arg;
	(void)invite;
	(void)flow;
	return STACK_ADMIT;
}

static void on_invite(void *arg, struct session *s, const struct sip_msg *invite)
{
	robot_invited(arg, s, invite);
}

static const struct stack_handlers stack_handlers = { .on_admit = on_admit, .on_invite = on_invite };

/* Speaks one side's lines into files, once; those that cannot be made are left out. */
static size_t speak_lines(struct life *life, const json_t *lines, const char *side, char **ret_paths)
{
	size_t i, n = 0;
	const json_t *line;
	json_array_foreach (lines, i, line) {
		char *path = mem_printf("%s/life/%s%zu.wav", life->options->data_dir, side, i);
		const char *text = js_str(line, "text", "");
		int err = access(path, R_OK) == 0
			? 0
			: voice_speak(text, js_str(line, "language", "zh-CN"), path);
		if (err || n == LIFE_LINES_MAX) {
			log_(LOG_CMD, LOG_WARN, "line not spoken side=%s number=%zu err=%s", side, i,
				err_name(err));
			free(path);
		} else {
			ret_paths[n++] = path;
		}
	}
	return n;
}

static void make_voices(struct life *life)
{
	char *dir = mem_printf("%s/life", life->options->data_dir);
	json_t *lines = NULL;
	struct fault fault = { .text = "" };
	mkdir(dir, 0700);
	free(dir);
	if (js_parse((struct str){ (const char *)life_files[0].bytes, life_files[0].size }, 65536, &lines,
		    &fault) != 0) {
		log_(LOG_CMD, LOG_ERROR, "demo/life.json: %s", fault.text);
		return;
	}
	life->n_caller_lines =
		speak_lines(life, json_object_get(lines, "caller"), "caller", life->caller_lines);
	life->n_agent_lines = speak_lines(life, json_object_get(lines, "agent"), "agent", life->agent_lines);
	json_decref(lines);
}

static void on_signal(void *arg)
{
	struct life *life = arg;
	loop_stop(life->loop);
}

static int start_parts(struct life *life, struct fault *reterr_)
{
	struct addr any, bound;
	char agent[64];
	const struct media_options media = { .threads = 1,
		.ip = IP,
		.port_low = RTP_LOW,
		.port_high = RTP_HIGH,
		.loop = life->loop,
		.on_event = on_media,
		.arg = life };
	snprintf(agent, sizeof(agent), "Lingxi-life/%s", life->options->version);
	const struct stack_opts stack = { .timers = life->timers,
		.loop = life->loop,
		.user_agent = agent,
		.realm = "life",
		.handlers = &stack_handlers,
		.arg = life };
	int err = media_new(&media, &life->media);
	if (err)
		return err;
	life->stack = stack_new(&stack);
	err = addr_from_string(STR(IP ":0"), &any);
	if (!err)
		err = stack_listen(life->stack, &any, &bound);
	if (!err)
		(void)addr_to_string(&bound, life->host);
	else
		(void)fault_set(reterr_, "listen", "", "no free port for SIP");
	return err;
}

static int start(struct life *life, struct fault *reterr_)
{
	life->loop = loop_new();
	if (!life->loop)
		return -E_SYSTEM;
	life->timers = loop_timers(life->loop);
	int err = loop_on_signal(life->loop, SIGTERM, on_signal, life);
	if (!err)
		err = loop_on_signal(life->loop, SIGINT, on_signal, life);
	if (!err)
		err = start_parts(life, reterr_);
	if (err)
		return err;
	make_voices(life);
	life->watch = api_user_new(life->loop, life->options, "lead1", "lead1-demo");
	timer_init(&life->ask_timer, on_ask, life);
	timer_init(&life->arrival_timer, on_arrival, life);
	timer_start_in(life->timers, &life->ask_timer, 0);
	timer_start_in(life->timers, &life->arrival_timer, 8 * CLOCK_S_US);
	for (unsigned n = FIRST_ROBOT; n <= LAST_ROBOT; n++)
		robot_new(life, n);
	return 0;
}

static void stop(struct life *life)
{
	struct robot *robot = life->robots;
	struct caller *caller = life->callers;
	while (caller) {
		struct caller *next = caller_next(caller);
		caller_free(caller);
		caller = next;
	}
	while (robot) {
		struct robot *next = robot_next(robot);
		robot_free(robot);
		robot = next;
	}
	api_user_free(life->watch);
	stack_free(life->stack);
	media_free(life->media);
	for (size_t i = 0; i < LIFE_LINES_MAX; i++) {
		free(life->caller_lines[i]);
		free(life->agent_lines[i]);
		free(life->results[i]);
	}
	loop_free(life->loop);
}

int life_run(const struct life_options *options, struct fault *reterr_)
{
	struct life life = { .options = options, .speed = 1.0 };
	curl_global_init(CURL_GLOBAL_DEFAULT);
	id_random(&life.seed, sizeof(life.seed));
	int err = start(&life, reterr_);
	if (!err)
		loop_run(life.loop);
	stop(&life);
	curl_global_cleanup();
	return err;
}
