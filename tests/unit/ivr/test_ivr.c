/* Calls through flows: inputs and the actions they must lead to, all of them and in order. Without a flow of
 * its own a case runs the demo's main menu. The inputs are told in script.c. */
#include "script.h"
#include "unit.h"

#include "base/js.h"
#include "base/mem.h"
#include "ivr/ivr.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct {
	const char *name, *flow, *script, *answer;
} cases[] = {
	{ "a caller chooses booking, hears his place and is answered",
		NULL,
		"with caller=13800000000\n"
		"0 start\n"
		"1000 played\n"
		"2000 digit 1\n"
		"2100 announce 3 60000\n"
		"2600 announce 2 119000\n"
		"3000 played 3\n"
		"4000 played\n"
		"5000 queue answered\n"
		"6000 digit 1\n",
		"0 play welcome (zh-CN)\n"
		"1000 step welcome play played\n"
		"1000 play menu.main menu.english (zh-CN)\n"
		"2000 stop\n"
		"2000 step main menu key 1\n"
		"2000 enqueue booking priority=0\n"
		"2000 music (zh-CN)\n"
		"2100 play to the end queue.before number.liang queue.persons queue.wait_short queue.hold (zh-CN)\n"
		"2600 play to the end queue.before number.1 queue.person queue.wait number.liang queue.minutes queue.hold (zh-CN)\n"
		"4000 music (zh-CN)\n"
		"5000 stop\n"
		"5000 step booking queue answered\n"
		"5000 ended answered\n" },
	{ "English after nine, keys while the prompt plays, a wrong one and silence",
		NULL,
		"0 start\n"
		"500 digit 9\n"
		"900 digit 7\n"
		"1000 tick\n"
		"2000 played\n"
		"2000 wake\n"
		"8000 tick\n"
		"9000 played\n"
		"9500 digit 5\n"
		"10000 queue full\n"
		"11000 played\n"
		"15000 played\n"
		"20999 tick\n"
		"21000 tick\n"
		"21000 queue no_agents\n"
		"24000 played\n",
		"0 play welcome (zh-CN)\n"
		"500 stop\n"
		"500 step welcome play interrupted\n"
		"500 step main menu key 9\n"
		"500 step english set set\n"
		"500 play welcome menu.main menu.chinese (en)\n"
		"900 stop\n"
		"900 step main_en menu invalid 7\n"
		"900 play invalid welcome menu.main menu.chinese (en)\n"
		"2000 wake 8000\n"
		"8000 step main_en menu timeout\n"
		"8000 play timeout welcome menu.main menu.chinese (en)\n"
		"9500 step main_en menu failed 5\n"
		"9500 enqueue any priority=0\n"
		"9500 music (en)\n"
		"10000 stop\n"
		"10000 step any queue full\n"
		"10000 play queue.busy goodbye (en)\n"
		"11000 step busy play played\n"
		"11000 step end hangup hangup\n"
		"11000 hangup normal\n"
		"11000 ended hangup\n" },
	{ "keys typed ahead skip what need not be heard",
		NULL,
		"0 start\n"
		"100 digit 92\n"
		"200 queue timeout\n"
		"300 announce 1 -1\n"
		"400 hangup\n"
		"500 hangup\n",
		"0 play welcome (zh-CN)\n"
		"100 stop\n"
		"100 step welcome play interrupted\n"
		"100 step main menu key 9\n"
		"100 step english set set\n"
		"100 play welcome menu.main menu.chinese (en)\n"
		"100 stop\n"
		"100 step main_en menu key 2\n"
		"100 enqueue status priority=0\n"
		"100 music (en)\n"
		"200 stop\n"
		"200 step status queue timeout\n"
		"200 enqueue any priority=0\n"
		"200 music (en)\n"
		"300 play to the end queue.next queue.hold (en)\n"
		"400 step any queue caller_hangup\n"
		"400 ended caller_hangup\n" },
	{ "the caller is gone in the menu",
		NULL,
		"0 start\n"
		"1000 hangup\n"
		"1100 played\n"
		"1200 wake\n",
		"0 play welcome (zh-CN)\n"
		"1000 step welcome play caller_hangup\n"
		"1000 ended caller_hangup\n"
		"1200 wake -1\n" },
	{ "digits: terminator, too few, silence, the last chance",
		"{\"start\":\"a\",\"nodes\":{\"a\":{\"type\":\"collect\",\"variable\":\"account\",\"prompts\":[\"ask\"],\"invalid\":[\"bad\"],\"timeout\":[\"slow\"],\"min\":4,\"max\":6,\"retries\":2,\"next\":\"b\",\"failed\":\"c\"},\"b\":{\"type\":\"play\",\"prompts\":[\"said\",{\"digits\":\"{{account}}\"},{\"number\":\"{{account}}\"}],\"next\":\"h\"},\"c\":{\"type\":\"play\",\"prompts\":[\"sorry\"],\"next\":\"h\"},\"h\":{\"type\":\"hangup\"}}}",
		"0 start\n"
		"1000 played\n"
		"2000 digit 12#\n"
		"3000 played\n"
		"4000 digit 123\n"
		"4000 wake\n"
		"8000 tick\n"
		"9000 digit 1023#\n"
		"10000 value account\n"
		"11000 played\n",
		"0 play ask (zh-CN)\n"
		"2000 step a collect invalid\n"
		"2000 play bad ask (zh-CN)\n"
		"4000 wake 8000\n"
		"8000 step a collect invalid\n"
		"8000 play bad ask (zh-CN)\n"
		"9000 stop\n"
		"9000 step a collect collected 1023\n"
		"9000 play said digit.1 digit.0 digit.2 digit.3 number.1 number.1000 number.0 number.2 number.10 number.3 (zh-CN)\n"
		"10000 account=1023\n"
		"11000 step b play played\n"
		"11000 step h hangup hangup\n"
		"11000 hangup normal\n"
		"11000 ended hangup\n" },
	{ "digits: the longest number needs no terminator",
		"{\"start\":\"a\",\"nodes\":{\"a\":{\"type\":\"collect\",\"variable\":\"n\",\"prompts\":[\"ask\"],\"max\":3,\"terminator\":\"\",\"next\":\"h\",\"failed\":\"h\"},\"h\":{\"type\":\"hangup\",\"cause\":\"{{n}}\"}}}",
		"0 start\n"
		"100 digit 1#3\n",
		"0 play ask (zh-CN)\n"
		"100 stop\n"
		"100 step a collect collected 1#3\n"
		"100 step h hangup hangup\n"
		"100 hangup 1#3\n"
		"100 ended hangup\n" },
	{ "digits: all attempts used",
		"{\"start\":\"a\",\"nodes\":{\"a\":{\"type\":\"collect\",\"variable\":\"n\",\"max\":3,\"min\":2,\"retries\":1,\"first_timeout_ms\":1000,\"digit_timeout_ms\":500,\"next\":\"h\",\"failed\":\"f\"},\"h\":{\"type\":\"hangup\"},\"f\":{\"type\":\"transfer\",\"kind\":\"number\",\"target\":\"110\",\"next\":\"h\"}}}",
		"0 start\n"
		"1000 tick\n"
		"1500 digit 7\n"
		"2000 tick\n"
		"3000 transfer busy\n",
		"1000 step a collect timeout\n"
		"2000 step a collect failed\n"
		"2000 transfer number 110\n"
		"3000 step f transfer busy\n"
		"3000 step h hangup hangup\n"
		"3000 hangup normal\n"
		"3000 ended hangup\n" },
	{ "secret digits stay inside",
		"{\"start\":\"a\",\"nodes\":{\"a\":{\"type\":\"collect\",\"variable\":\"pin\",\"secret\":true,\"max\":4,\"next\":\"b\",\"failed\":\"h\"},\"b\":{\"type\":\"condition\",\"branches\":[{\"var\":\"pin\",\"op\":\"eq\",\"value\":\"4711\",\"next\":\"s\"}],\"else\":\"h\"},\"s\":{\"type\":\"set\",\"values\":{\"copy\":\"x{{pin}}y\"},\"next\":\"p\"},\"p\":{\"type\":\"play\",\"prompts\":[\"pin.{{pin}}\",{\"digits\":\"{{pin}}\"},\"{{copy}}\"],\"next\":\"t\"},\"t\":{\"type\":\"transfer\",\"kind\":\"agent\",\"target\":\"a{{pin}}b\",\"next\":\"h\"},\"h\":{\"type\":\"hangup\",\"cause\":\"c{{pin}}\"}}}",
		"0 start\n"
		"100 digit 4711\n"
		"200 value pin\n"
		"300 played\n"
		"400 transfer no_answer\n",
		"100 step a collect collected\n"
		"100 step b condition branch 1\n"
		"100 step s set set\n"
		"100 play pin. xy (zh-CN)\n"
		"200 pin=4711\n"
		"300 step p play played\n"
		"300 transfer agent ab\n"
		"400 step t transfer no_answer\n"
		"400 step h hangup hangup\n"
		"400 hangup c\n"
		"400 ended hangup\n" },
	{ "conditions: gold in the morning",
		"{\"start\":\"c\",\"nodes\":{\"c\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"var\":\"tier\",\"op\":\"in\",\"value\":[\"gold\",\"platinum\"]},{\"any\":[{\"var\":\"time\",\"op\":\"lt\",\"value\":\"0900\"},{\"var\":\"time\",\"op\":\"gt\",\"value\":\"1800\"}]}],\"next\":\"late\"},{\"var\":\"tier\",\"op\":\"eq\",\"value\":\"gold\",\"next\":\"gold\"},{\"var\":\"caller\",\"op\":\"prefix\",\"value\":\"138\",\"next\":\"mobile\"},{\"all\":[{\"var\":\"weekday\",\"op\":\"gt\",\"value\":\"5\"},{\"var\":\"date\",\"op\":\"ne\",\"value\":\"2026-11-21\"}],\"next\":\"weekend\"}],\"else\":\"other\"},\"late\":{\"type\":\"hangup\",\"cause\":\"late\"},\"gold\":{\"type\":\"hangup\",\"cause\":\"gold\"},\"mobile\":{\"type\":\"hangup\",\"cause\":\"mobile\"},\"weekend\":{\"type\":\"hangup\",\"cause\":\"weekend\"},\"other\":{\"type\":\"hangup\",\"cause\":\"other\"}}}",
		"with tier=gold time=1030\n"
		"0 start\n",
		"0 step c condition branch 2\n"
		"0 step gold hangup hangup\n"
		"0 hangup gold\n"
		"0 ended hangup\n" },
	{ "conditions: gold in the evening",
		"{\"start\":\"c\",\"nodes\":{\"c\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"var\":\"tier\",\"op\":\"in\",\"value\":[\"gold\",\"platinum\"]},{\"any\":[{\"var\":\"time\",\"op\":\"lt\",\"value\":\"0900\"},{\"var\":\"time\",\"op\":\"gt\",\"value\":\"1800\"}]}],\"next\":\"late\"},{\"var\":\"tier\",\"op\":\"eq\",\"value\":\"gold\",\"next\":\"gold\"},{\"var\":\"caller\",\"op\":\"prefix\",\"value\":\"138\",\"next\":\"mobile\"},{\"all\":[{\"var\":\"weekday\",\"op\":\"gt\",\"value\":\"5\"},{\"var\":\"date\",\"op\":\"ne\",\"value\":\"2026-11-21\"}],\"next\":\"weekend\"}],\"else\":\"other\"},\"late\":{\"type\":\"hangup\",\"cause\":\"late\"},\"gold\":{\"type\":\"hangup\",\"cause\":\"gold\"},\"mobile\":{\"type\":\"hangup\",\"cause\":\"mobile\"},\"weekend\":{\"type\":\"hangup\",\"cause\":\"weekend\"},\"other\":{\"type\":\"hangup\",\"cause\":\"other\"}}}",
		"with tier=gold time=1801\n"
		"0 start\n",
		"0 step c condition branch 1\n"
		"0 step late hangup hangup\n"
		"0 hangup late\n"
		"0 ended hangup\n" },
	{ "conditions: by prefix",
		"{\"start\":\"c\",\"nodes\":{\"c\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"var\":\"tier\",\"op\":\"in\",\"value\":[\"gold\",\"platinum\"]},{\"any\":[{\"var\":\"time\",\"op\":\"lt\",\"value\":\"0900\"},{\"var\":\"time\",\"op\":\"gt\",\"value\":\"1800\"}]}],\"next\":\"late\"},{\"var\":\"tier\",\"op\":\"eq\",\"value\":\"gold\",\"next\":\"gold\"},{\"var\":\"caller\",\"op\":\"prefix\",\"value\":\"138\",\"next\":\"mobile\"},{\"all\":[{\"var\":\"weekday\",\"op\":\"gt\",\"value\":\"5\"},{\"var\":\"date\",\"op\":\"ne\",\"value\":\"2026-11-21\"}],\"next\":\"weekend\"}],\"else\":\"other\"},\"late\":{\"type\":\"hangup\",\"cause\":\"late\"},\"gold\":{\"type\":\"hangup\",\"cause\":\"gold\"},\"mobile\":{\"type\":\"hangup\",\"cause\":\"mobile\"},\"weekend\":{\"type\":\"hangup\",\"cause\":\"weekend\"},\"other\":{\"type\":\"hangup\",\"cause\":\"other\"}}}",
		"with tier=silver caller=13812345678\n"
		"0 start\n",
		"0 step c condition branch 3\n"
		"0 step mobile hangup hangup\n"
		"0 hangup mobile\n"
		"0 ended hangup\n" },
	{ "conditions: weekend",
		"{\"start\":\"c\",\"nodes\":{\"c\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"var\":\"tier\",\"op\":\"in\",\"value\":[\"gold\",\"platinum\"]},{\"any\":[{\"var\":\"time\",\"op\":\"lt\",\"value\":\"0900\"},{\"var\":\"time\",\"op\":\"gt\",\"value\":\"1800\"}]}],\"next\":\"late\"},{\"var\":\"tier\",\"op\":\"eq\",\"value\":\"gold\",\"next\":\"gold\"},{\"var\":\"caller\",\"op\":\"prefix\",\"value\":\"138\",\"next\":\"mobile\"},{\"all\":[{\"var\":\"weekday\",\"op\":\"gt\",\"value\":\"5\"},{\"var\":\"date\",\"op\":\"ne\",\"value\":\"2026-11-21\"}],\"next\":\"weekend\"}],\"else\":\"other\"},\"late\":{\"type\":\"hangup\",\"cause\":\"late\"},\"gold\":{\"type\":\"hangup\",\"cause\":\"gold\"},\"mobile\":{\"type\":\"hangup\",\"cause\":\"mobile\"},\"weekend\":{\"type\":\"hangup\",\"cause\":\"weekend\"},\"other\":{\"type\":\"hangup\",\"cause\":\"other\"}}}",
		"with weekday=6 date=2026-11-22\n"
		"0 start\n",
		"0 step c condition branch 4\n"
		"0 step weekend hangup hangup\n"
		"0 hangup weekend\n"
		"0 ended hangup\n" },
	{ "conditions: nothing known",
		"{\"start\":\"c\",\"nodes\":{\"c\":{\"type\":\"condition\",\"branches\":[{\"all\":[{\"var\":\"tier\",\"op\":\"in\",\"value\":[\"gold\",\"platinum\"]},{\"any\":[{\"var\":\"time\",\"op\":\"lt\",\"value\":\"0900\"},{\"var\":\"time\",\"op\":\"gt\",\"value\":\"1800\"}]}],\"next\":\"late\"},{\"var\":\"tier\",\"op\":\"eq\",\"value\":\"gold\",\"next\":\"gold\"},{\"var\":\"caller\",\"op\":\"prefix\",\"value\":\"138\",\"next\":\"mobile\"},{\"all\":[{\"var\":\"weekday\",\"op\":\"gt\",\"value\":\"5\"},{\"var\":\"date\",\"op\":\"ne\",\"value\":\"2026-11-21\"}],\"next\":\"weekend\"}],\"else\":\"other\"},\"late\":{\"type\":\"hangup\",\"cause\":\"late\"},\"gold\":{\"type\":\"hangup\",\"cause\":\"gold\"},\"mobile\":{\"type\":\"hangup\",\"cause\":\"mobile\"},\"weekend\":{\"type\":\"hangup\",\"cause\":\"weekend\"},\"other\":{\"type\":\"hangup\",\"cause\":\"other\"}}}",
		"0 start\n",
		"0 step c condition else\n"
		"0 step other hangup hangup\n"
		"0 hangup other\n"
		"0 ended hangup\n" },
	{ "keys of several digits",
		"{\"start\":\"m\",\"nodes\":{\"m\":{\"type\":\"menu\",\"keys\":{\"1\":\"one\",\"12\":\"twelve\",\"*99\":\"star\"},\"retries\":1,\"digit_timeout_ms\":1000,\"next\":\"none\"},\"one\":{\"type\":\"hangup\",\"cause\":\"one\"},\"twelve\":{\"type\":\"hangup\",\"cause\":\"twelve\"},\"star\":{\"type\":\"hangup\",\"cause\":\"star\"},\"none\":{\"type\":\"hangup\",\"cause\":\"none\"}}}",
		"0 start\n"
		"100 digit 1\n"
		"100 wake\n"
		"1100 tick\n",
		"100 wake 1100\n"
		"1100 step m menu key 1\n"
		"1100 step one hangup hangup\n"
		"1100 hangup one\n"
		"1100 ended hangup\n" },
	{ "keys of several digits: the longer one",
		"{\"start\":\"m\",\"nodes\":{\"m\":{\"type\":\"menu\",\"keys\":{\"1\":\"one\",\"12\":\"twelve\",\"*99\":\"star\"},\"retries\":1,\"digit_timeout_ms\":1000,\"next\":\"none\"},\"one\":{\"type\":\"hangup\",\"cause\":\"one\"},\"twelve\":{\"type\":\"hangup\",\"cause\":\"twelve\"},\"star\":{\"type\":\"hangup\",\"cause\":\"star\"},\"none\":{\"type\":\"hangup\",\"cause\":\"none\"}}}",
		"0 start\n"
		"100 digit 1\n"
		"900 digit 2\n",
		"900 step m menu key 12\n"
		"900 step twelve hangup hangup\n"
		"900 hangup twelve\n"
		"900 ended hangup\n" },
	{ "keys of several digits: no such",
		"{\"start\":\"m\",\"nodes\":{\"m\":{\"type\":\"menu\",\"keys\":{\"1\":\"one\",\"12\":\"twelve\",\"*99\":\"star\"},\"retries\":1,\"digit_timeout_ms\":1000,\"next\":\"none\"},\"one\":{\"type\":\"hangup\",\"cause\":\"one\"},\"twelve\":{\"type\":\"hangup\",\"cause\":\"twelve\"},\"star\":{\"type\":\"hangup\",\"cause\":\"star\"},\"none\":{\"type\":\"hangup\",\"cause\":\"none\"}}}",
		"0 start\n"
		"100 digit *9\n"
		"200 digit 8\n"
		"6100 digit *\n"
		"7200 tick\n",
		"200 step m menu invalid *98\n"
		"7200 step m menu failed *\n"
		"7200 step none hangup hangup\n"
		"7200 hangup none\n"
		"7200 ended hangup\n" },
	{ "no barge-in: keys are lost while it plays",
		"{\"start\":\"p\",\"nodes\":{\"p\":{\"type\":\"play\",\"prompts\":[\"law\"],\"barge_in\":false,\"next\":\"m\"},\"m\":{\"type\":\"menu\",\"prompts\":[\"q\"],\"barge_in\":false,\"keys\":{\"1\":\"h\"},\"next\":\"h\"},\"h\":{\"type\":\"hangup\"}}}",
		"0 start\n"
		"100 digit 1\n"
		"200 played\n"
		"300 digit 1\n"
		"400 played\n"
		"500 digit 1\n",
		"0 play to the end law (zh-CN)\n"
		"200 step p play played\n"
		"200 play to the end q (zh-CN)\n"
		"500 step m menu key 1\n"
		"500 step h hangup hangup\n"
		"500 hangup normal\n"
		"500 ended hangup\n" },
	{ "transfers",
		"{\"start\":\"t\",\"nodes\":{\"t\":{\"type\":\"transfer\",\"kind\":\"number\",\"target\":\"{{to}}\",\"busy\":\"w\",\"no_answer\":\"q\",\"next\":\"h\"},\"w\":{\"type\":\"wait\",\"ms\":5000,\"next\":\"t\"},\"q\":{\"type\":\"transfer\",\"kind\":\"queue\",\"target\":\"sales\",\"next\":\"h\"},\"h\":{\"type\":\"hangup\",\"cause\":\"normal\"}}}",
		"with to=8002\n"
		"0 start\n"
		"1000 transfer busy\n"
		"1000 wake\n"
		"6000 tick\n"
		"7000 transfer no_answer\n"
		"8000 transfer answered\n"
		"9000 transfer busy\n",
		"0 transfer number 8002\n"
		"1000 step t transfer busy\n"
		"1000 wake 6000\n"
		"6000 step w wait waited\n"
		"6000 transfer number 8002\n"
		"7000 step t transfer no_answer\n"
		"7000 transfer queue sales\n"
		"8000 step q transfer answered\n"
		"8000 ended transferred\n" },
	{ "a queue with its own music, the rest by name",
		"{\"start\":\"q\",\"nodes\":{\"q\":{\"type\":\"queue\",\"queue\":\"7\",\"priority\":5,\"music\":\"piano\",\"announce\":false,\"prompts\":[\"hold\"],\"overflow\":\"o\",\"timeout\":\"t\",\"full\":\"f\",\"no_agents\":\"n\",\"next\":\"h\"},\"o\":{\"type\":\"hangup\",\"cause\":\"o\"},\"t\":{\"type\":\"hangup\",\"cause\":\"t\"},\"f\":{\"type\":\"hangup\",\"cause\":\"f\"},\"n\":{\"type\":\"hangup\",\"cause\":\"n\"},\"h\":{\"type\":\"hangup\",\"cause\":\"h\"}}}",
		"0 start\n"
		"100 announce 4 100000\n"
		"200 queue overflow\n",
		"0 enqueue 7 priority=5\n"
		"0 music piano (zh-CN)\n"
		"100 play to the end hold (zh-CN)\n"
		"200 stop\n"
		"200 step q queue overflow\n"
		"200 step o hangup hangup\n"
		"200 hangup o\n"
		"200 ended hangup\n" },
	{ "a queue: timeout",
		"{\"start\":\"q\",\"nodes\":{\"q\":{\"type\":\"queue\",\"queue\":\"7\",\"priority\":5,\"music\":\"piano\",\"announce\":false,\"prompts\":[\"hold\"],\"overflow\":\"o\",\"timeout\":\"t\",\"full\":\"f\",\"no_agents\":\"n\",\"next\":\"h\"},\"o\":{\"type\":\"hangup\",\"cause\":\"o\"},\"t\":{\"type\":\"hangup\",\"cause\":\"t\"},\"f\":{\"type\":\"hangup\",\"cause\":\"f\"},\"n\":{\"type\":\"hangup\",\"cause\":\"n\"},\"h\":{\"type\":\"hangup\",\"cause\":\"h\"}}}",
		"0 start\n"
		"100 queue timeout\n",
		"0 enqueue 7 priority=5\n"
		"0 music piano (zh-CN)\n"
		"100 stop\n"
		"100 step q queue timeout\n"
		"100 step t hangup hangup\n"
		"100 hangup t\n"
		"100 ended hangup\n" },
	{ "a queue: full",
		"{\"start\":\"q\",\"nodes\":{\"q\":{\"type\":\"queue\",\"queue\":\"7\",\"priority\":5,\"music\":\"piano\",\"announce\":false,\"prompts\":[\"hold\"],\"overflow\":\"o\",\"timeout\":\"t\",\"full\":\"f\",\"no_agents\":\"n\",\"next\":\"h\"},\"o\":{\"type\":\"hangup\",\"cause\":\"o\"},\"t\":{\"type\":\"hangup\",\"cause\":\"t\"},\"f\":{\"type\":\"hangup\",\"cause\":\"f\"},\"n\":{\"type\":\"hangup\",\"cause\":\"n\"},\"h\":{\"type\":\"hangup\",\"cause\":\"h\"}}}",
		"0 start\n"
		"100 queue full\n",
		"0 enqueue 7 priority=5\n"
		"0 music piano (zh-CN)\n"
		"100 stop\n"
		"100 step q queue full\n"
		"100 step f hangup hangup\n"
		"100 hangup f\n"
		"100 ended hangup\n" },
	{ "a queue: nobody",
		"{\"start\":\"q\",\"nodes\":{\"q\":{\"type\":\"queue\",\"queue\":\"7\",\"priority\":5,\"music\":\"piano\",\"announce\":false,\"prompts\":[\"hold\"],\"overflow\":\"o\",\"timeout\":\"t\",\"full\":\"f\",\"no_agents\":\"n\",\"next\":\"h\"},\"o\":{\"type\":\"hangup\",\"cause\":\"o\"},\"t\":{\"type\":\"hangup\",\"cause\":\"t\"},\"f\":{\"type\":\"hangup\",\"cause\":\"f\"},\"n\":{\"type\":\"hangup\",\"cause\":\"n\"},\"h\":{\"type\":\"hangup\",\"cause\":\"h\"}}}",
		"0 start\n"
		"100 queue no_agents\n",
		"0 enqueue 7 priority=5\n"
		"0 music piano (zh-CN)\n"
		"100 stop\n"
		"100 step q queue no_agents\n"
		"100 step n hangup hangup\n"
		"100 hangup n\n"
		"100 ended hangup\n" },
	{ "a prompt that comes to nothing is no prompt",
		"{\"start\":\"p\",\"nodes\":{\"p\":{\"type\":\"play\",\"prompts\":[\"{{unset}}\"],\"next\":\"m\"},\"m\":{\"type\":\"menu\",\"prompts\":[\"{{unset}}\"],\"keys\":{\"1\":\"h\"},\"next\":\"h\"},\"h\":{\"type\":\"hangup\"}}}",
		"0 start\n"
		"0 wake\n",
		"0 step p play empty\n"
		"0 wake 6000\n" },
	{ "a menu that leads back to itself for ever is cut off",
		"{\"start\":\"m\",\"nodes\":{\"m\":{\"type\":\"menu\",\"keys\":{\"1\":\"s\"},\"next\":\"m\"},\"s\":{\"type\":\"set\",\"values\":{\"a\":\"1\"},\"next\":\"m\"}}}",
		"0 start\n"
		"0 digit 1\n",
		"0 step m menu key 1\n"
		"0 step s set set\n" },
};
/* clang-format on */

static struct flow *compile(const char *text)
{
	struct fault fault = { .text = "" };
	struct flow *flow = NULL;
	json_t *graph = NULL;
	assert_int_equal(js_parse(str_from(text), FLOW_BYTES_MAX, &graph, &fault), 0);
	int err = flow_compile(graph, &flow, &fault);
	if (err)
		print_error("%s: %s\n", fault.field, fault.text);
	assert_int_equal(err, 0);
	js_unrefp(&graph);
	return flow;
}

static struct flow *main_menu(void)
{
	static char text[FLOW_BYTES_MAX];
	FILE *file = fopen(LX_SOURCE_DIR "/demo/flows/main.json", "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return compile(text);
}

static void actions_follow(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf answer;
		struct flow *flow = cases[i].flow ? compile(cases[i].flow) : main_menu();
		buf_init(&answer, 1 << 20);
		script_run(flow, cases[i].script, &answer);
		assert_int_equal(buf_err(&answer), 0);
		if (strcmp(answer.p, cases[i].answer) != 0)
			print_error("case: %s\n%s", cases[i].name, answer.p);
		assert_string_equal(answer.p, cases[i].answer);
		buf_done(&answer);
		obj_unref(flow);
	}
}

static size_t languages_of(const json_t *prompts, const char *name)
{
	size_t n = 0;
	for (size_t i = 0; i < json_array_size(prompts); i++)
		n += strcmp(js_str(json_array_get(prompts, i), "name", ""), name) == 0;
	return n;
}

/* The offer to change the language is made in the other one and exists only in that. */
static void the_demo_has_a_text_for_every_prompt(void **state)
{
	(void)state;
	static const char *const fields[] = { "prompts", "invalid", "timeout" };
	json_t *graph = json_load_file(LX_SOURCE_DIR "/demo/flows/main.json", 0, NULL);
	json_t *prompts = json_load_file(LX_SOURCE_DIR "/demo/prompts.json", 0, NULL), *node;
	json_t *standard = json_load_file(LX_SOURCE_DIR "/standard/sentences.json", 0, NULL);
	const char *id;
	size_t checked = 0;
	json_object_foreach (json_object_get(graph, "nodes"), id, node) {
		for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
			const json_t *list = json_object_get(node, fields[i]);
			for (size_t k = 0; k < json_array_size(list); k++, checked++) {
				const char *name = json_string_value(json_array_get(list, k));
				bool one = strcmp(name, "menu.english") == 0 ||
					strcmp(name, "menu.chinese") == 0;
				bool own = languages_of(prompts, name) > 0;
				assert_int_equal(languages_of(own ? prompts : standard, name), one ? 1 : 2);
			}
		}
	}
	assert_true(checked > 10);
	js_unrefp(&graph);
	js_unrefp(&prompts);
	js_unrefp(&standard);
}

static void a_run_keeps_its_flow(void **state)
{
	(void)state;
	struct flow *flow = main_menu();
	struct ivr *run = ivr_new(flow, NULL, 0);
	struct ivr_action action;
	obj_unref(flow);
	ivr_start(run, 0);
	assert_true(ivr_next(run, &action));
	assert_string_equal(action.prompts[0], "welcome");
	ivr_free(run);
}

static void a_key_says_where_it_leads(void **state)
{
	(void)state;
	struct flow *flow = compile(
		"{\"start\":\"m\",\"nodes\":{\"m\":{\"type\":\"menu\",\"keys\":{\"1\":\"a\",\"2\":\"b\"},"
		"\"next\":\"b\"},\"a\":{\"type\":\"hangup\",\"label\":\"Sales\"},\"b\":{\"type\":\"hangup\"}}"
		"}");
	static const char *const labels[] = { "Sales", "b" };
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		struct ivr *run = ivr_new(flow, NULL, 0);
		struct ivr_action action = { 0 };
		ivr_start(run, 0);
		ivr_digit(run, (char)('1' + i), 1);
		while (ivr_next(run, &action) && action.what != IVR_STEP)
			;
		assert_string_equal(action.key, i ? "2" : "1");
		assert_string_equal(action.label, labels[i]);
		ivr_free(run);
	}
	obj_unref(flow);
}

/* A menu whose last way out is itself is allowed, the caller has a say in it; but not for ever. */
static void no_call_lasts_for_ever(void **state)
{
	(void)state;
	struct flow *flow = compile("{\"start\":\"m\",\"nodes\":{\"m\":{\"type\":\"menu\",\"retries\":0,"
				    "\"first_timeout_ms\":500,\"keys\":{\"1\":\"m\"},\"next\":\"m\"}}}");
	struct ivr *run = ivr_new(flow, NULL, 0);
	struct ivr_action action = { .what = IVR_STEP };
	size_t inputs = 0;
	ivr_start(run, 0);
	while (action.what != IVR_ENDED && inputs++ < 10000) {
		ivr_tick(run, ivr_next_wake(run));
		while (ivr_next(run, &action))
			continue;
	}
	assert_int_equal(action.what, IVR_ENDED);
	assert_string_equal(action.cause, "failed");
	assert_true(inputs < 10000);
	ivr_free(run);
	obj_unref(flow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions_follow),
		cmocka_unit_test(the_demo_has_a_text_for_every_prompt),
		cmocka_unit_test(a_run_keeps_its_flow),
		cmocka_unit_test(a_key_says_where_it_leads),
		cmocka_unit_test(no_call_lasts_for_ever),
	};
	return unit_run(tests);
}
