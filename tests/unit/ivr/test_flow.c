/* What the compiler refuses, and the field it names. */
#include "ivr/flow.h"
#include "unit.h"

#include "base/buf.h"
#include "base/js.h"
#include "base/mem.h"

#include <string.h>

#define HANGUP "\"h\":{\"type\":\"hangup\"}"
#define NODES(list) "{\"start\":\"a\",\"nodes\":{" list "," HANGUP "}}"

/* clang-format off */
static const struct {
	const char *flow, *field, *code;
} faults[] = {
	{ "{}", "nodes", "required" },
	{ "{\"nodes\":{}}", "nodes", "required" },
	{ "{\"nodes\":{" HANGUP "}}", "start", "required" },
	{ "{\"start\":\"x\",\"nodes\":{" HANGUP "}}", "start", "unknown" },
	{ "{\"start\":\"a b\",\"nodes\":{\"a b\":{\"type\":\"hangup\"}}}", "nodes", "invalid" },
	{ NODES("\"a\":{\"type\":\"dance\"}"), "nodes.a.type", "unknown" },
	{ NODES("\"a\":5"), "nodes.a.type", "unknown" },
	{ NODES("\"a\":{\"type\":\"play\",\"next\":\"h\"}"), "nodes.a.prompts", "required" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[],\"next\":\"h\"}"), "nodes.a.prompts", "range" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[5],\"next\":\"h\"}"), "nodes.a.prompts", "type" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[{\"say\":\"5\"}],\"next\":\"h\"}"), "nodes.a.prompts", "type" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"{{A}}\"],\"next\":\"h\"}"), "nodes.a.prompts", "invalid" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"{{a\"],\"next\":\"h\"}"), "nodes.a.prompts", "invalid" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"]}"), "nodes.a.next", "required" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"],\"next\":\"y\"}"), "nodes.a.next", "unknown" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"],\"next\":7}"), "nodes.a.next", "type" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"],\"next\":\"h\",\"lop\":1}"), "nodes.a.lop", "unknown" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"],\"next\":\"h\",\"barge_in\":1}"), "nodes.a.barge_in", "type" },
	{ NODES("\"a\":{\"type\":\"menu\",\"keys\":{},\"next\":\"h\"}"), "nodes.a.keys", "range" },
	{ NODES("\"a\":{\"type\":\"menu\",\"keys\":{\"x\":\"h\"},\"next\":\"h\"}"), "nodes.a.keys.x", "invalid" },
	{ NODES("\"a\":{\"type\":\"menu\",\"keys\":{\"1\":\"x\"},\"next\":\"h\"}"), "nodes.a.keys.1", "unknown" },
	{ NODES("\"a\":{\"type\":\"menu\",\"keys\":{\"1\":\"h\"},\"next\":\"h\",\"retries\":10}"), "nodes.a.retries", "range" },
	{ NODES("\"a\":{\"type\":\"menu\",\"keys\":{\"1\":\"h\"},\"next\":\"h\",\"retries\":1.5}"), "nodes.a.retries", "type" },
	{ NODES("\"a\":{\"type\":\"collect\",\"variable\":\"A\",\"next\":\"h\",\"failed\":\"h\"}"), "nodes.a.variable", "invalid" },
	{ NODES("\"a\":{\"type\":\"collect\",\"variable\":\"a\",\"next\":\"h\"}"), "nodes.a.failed", "required" },
	{ NODES("\"a\":{\"type\":\"collect\",\"variable\":\"a\",\"min\":5,\"max\":4,\"next\":\"h\",\"failed\":\"h\"}"), "nodes.a.min", "range" },
	{ NODES("\"a\":{\"type\":\"collect\",\"variable\":\"a\",\"terminator\":\"x\",\"next\":\"h\",\"failed\":\"h\"}"), "nodes.a.terminator", "invalid" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"var\":\"a\",\"op\":\"eq\",\"value\":\"1\",\"next\":\"h\"}]}"), "nodes.a.else", "required" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"var\":\"a\",\"op\":\"like\",\"value\":\"1\",\"next\":\"h\"}],\"else\":\"h\"}"), "nodes.a.branches.0.op", "unknown" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"op\":\"eq\",\"value\":\"1\",\"next\":\"h\"}],\"else\":\"h\"}"), "nodes.a.branches.0.var", "invalid" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"var\":\"a\",\"op\":\"in\",\"value\":\"1\",\"next\":\"h\"}],\"else\":\"h\"}"), "nodes.a.branches.0.value", "type" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"var\":\"a\",\"op\":\"eq\",\"value\":1,\"next\":\"h\"}],\"else\":\"h\"}"), "nodes.a.branches.0.value", "type" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"any\":[]}],\"next\":\"h\"}],\"else\":\"h\"}"), "nodes.a.branches.0.all.0", "range" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"var\":\"a\",\"op\":\"eq\",\"value\":\"1\"}]}],\"else\":\"h\"}"), "nodes.a.branches.0.next", "type" },
	{ NODES("\"a\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":[1]}]}]}]}]}]}],\"next\":\"h\"}],\"else\":\"h\"}"), "nodes.a.branches.0.all.0.all.0.all.0.all.0.all.0.all.0", "too_deep" },
	{ NODES("\"a\":{\"type\":\"set\",\"values\":{\"x\":5},\"next\":\"h\"}"), "nodes.a.values.x", "type" },
	{ NODES("\"a\":{\"type\":\"set\",\"values\":{\"X\":\"5\"},\"next\":\"h\"}"), "nodes.a.values.X", "invalid" },
	{ NODES("\"a\":{\"type\":\"queue\",\"next\":\"h\"}"), "nodes.a.queue", "required" },
	{ NODES("\"a\":{\"type\":\"queue\",\"queue\":\"x\",\"full\":\"y\",\"next\":\"h\"}"), "nodes.a.full", "unknown" },
	{ NODES("\"a\":{\"type\":\"transfer\",\"kind\":\"moon\",\"target\":\"x\",\"next\":\"h\"}"), "nodes.a.kind", "unknown" },
	{ NODES("\"a\":{\"type\":\"wait\",\"ms\":0,\"next\":\"h\"}"), "nodes.a.ms", "range" },
	/* Circles in which nobody is waited for. */
	{ NODES("\"a\":{\"type\":\"wait\",\"next\":\"a\"}"), "nodes.a.next", "circle" },
	{ NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"],\"next\":\"b\"},\"b\":{\"type\":\"set\",\"values\":{\"x\":\"\"},\"next\":\"a\"}"), "nodes.a.next", "circle" },
	{ NODES("\"a\":{\"type\":\"queue\",\"queue\":\"x\",\"next\":\"b\"},\"b\":{\"type\":\"condition\",\"branches\":[{\"var\":\"x\",\"op\":\"eq\",\"value\":\"1\",\"next\":\"c\"}],\"else\":\"h\"},\"c\":{\"type\":\"wait\",\"next\":\"b\"}"), "nodes.b.next", "circle" },
};
/* clang-format on */

static int compile(const char *text, struct flow **ret_flow, struct fault *fault)
{
	json_t *graph = NULL;
	assert_int_equal(js_parse(str_from(text), FLOW_BYTES_MAX * 2, &graph, fault), 0);
	int err = flow_compile(graph, ret_flow, fault);
	js_unrefp(&graph);
	return err;
}

static void faults_name_the_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct fault fault = { .field = "" };
		struct flow *flow = NULL;
		assert_int_equal(compile(faults[i].flow, &flow, &fault), -E_INVALID);
		if (strcmp(fault.field, faults[i].field) != 0 || strcmp(fault.code, faults[i].code) != 0)
			print_error("%s\n", faults[i].flow);
		assert_string_equal(fault.field, faults[i].field);
		assert_string_equal(fault.code, faults[i].code);
		assert_true(*fault.text);
	}
}

static void circles_through_the_caller_are_fine(void **state)
{
	(void)state;
	struct fault fault;
	struct flow *flow = NULL;
	assert_int_equal(
		compile(NODES("\"a\":{\"type\":\"play\",\"prompts\":[\"x\"],\"next\":\"m\"},"
			      "\"m\":{\"type\":\"menu\",\"keys\":{\"1\":\"a\"},\"next\":\"a\"},"
			      "\"lost\":{\"type\":\"wait\",\"next\":\"lost2\",\"label\":\"old\",\"x\":3},"
			      "\"lost2\":{\"type\":\"wait\",\"next\":\"h\"}"),
			&flow, &fault),
		0);
	const char *names[2] = { NULL };
	assert_int_equal(flow_size(flow), 5);
	assert_int_equal(flow_unreachable(flow, names, 2), 3);
	assert_string_equal(names[0], "lost");
	assert_string_equal(names[1], "lost2");
	obj_unref(flow);
}

static void too_large(void **state)
{
	(void)state;
	struct fault fault;
	struct flow *flow = NULL;
	struct buf text;
	buf_init(&text, 1 << 20);
	buf_addz(&text, "{\"start\":\"n0\",\"nodes\":{");
	for (int i = 0; i <= FLOW_NODES_MAX; i++)
		buf_printf(&text, "%s\"n%d\":{\"type\":\"hangup\"}", i ? "," : "", i);
	buf_addz(&text, "}}");
	assert_int_equal(compile(text.p, &flow, &fault), -E_LIMIT);
	assert_string_equal(fault.field, "nodes");
	buf_reset(&text);
	buf_addz(&text, "{\"start\":\"a\",\"nodes\":{\"a\":{\"type\":\"hangup\",\"note\":\"");
	for (int i = 0; i < FLOW_BYTES_MAX; i++)
		buf_addc(&text, 'x');
	buf_addz(&text, "\"}}}");
	assert_int_equal(compile(text.p, &flow, &fault), -E_LIMIT);
	buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_name_the_field),
		cmocka_unit_test(circles_through_the_caller_are_fine),
		cmocka_unit_test(too_large),
	};
	return unit_run(tests);
}
