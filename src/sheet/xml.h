#ifndef LX_SHEET_XML_H
#define LX_SHEET_XML_H

#include "sheet/reader_int.h"

#include <zip.h>

/* One part of a workbook, unpacked and parsed piece by piece under the limits of the whole. */
struct xml;

struct xml_handlers {
	void (*start)(void *arg, struct xml *xml, const char *name, const char **attributes);
	void (*end)(void *arg, struct xml *xml, const char *name);
	void (*text)(void *arg, const char *p, size_t n);
};

/* The workbook, and what all its parts may unpack to together. */
struct xml_package {
	struct sheet_reader *reader;
	zip_t *zip;
	uint64_t unpacked, unpacked_max;
};

/* -E_NOT_FOUND when there is no such part. Names are without their prefix. */
int xml_open(struct xml_package *package, const char *part, const struct xml_handlers *handlers, void *arg,
	struct xml **ret_xml) MUST_CHECK;
/* To the end (0), or until a handler has called xml_pause() (-E_AGAIN); failures stand in the reader. */
int xml_run(struct xml *xml) MUST_CHECK;
void xml_pause(struct xml *xml);
void *xml_close(struct xml *xml); /* NULL allowed; returns NULL */

/* An attribute by its name without a prefix, NULL without; one with a prefix must have one. */
const char *xml_attribute(const char **attributes, const char *name);
const char *xml_attribute_prefixed(const char **attributes, const char *name);

#endif
