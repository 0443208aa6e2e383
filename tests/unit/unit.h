#ifndef LX_TESTS_UNIT_H
#define LX_TESTS_UNIT_H

/* What every unit test includes: cmocka with its prerequisites, and a runner that fails a test which leaves a
 * live object behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/obj.h"

static inline int unit_no_live_object(void **state)
{
	(void)state;
	if (!obj_live())
		return 0;
	obj_dump_live();
	return -1;
}

#define unit_run(tests) cmocka_run_group_tests(tests, NULL, unit_no_live_object)

#endif
