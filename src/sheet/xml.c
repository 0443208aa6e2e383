/* Expat with a zip part before it. A workbook needs no document type, so one that brings one is refused, and
 * with it every trick with entities. What a part says about its size is not believed: bytes are counted as
 * they come. */
#include "sheet/xml.h"

#include "base/mem.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES (64 * 1024)
#define TOKEN_MAX_BYTES ((XML_Index)1 << 20)
#define DEPTH_MAX 64
#define RATIO_MAX 300
#define RATIO_FROM_BYTES ((uint64_t)32 << 20)

struct xml {
	struct sheet_reader *r;
	struct xml_package *package;
	const struct xml_handlers *handlers;
	void *arg;
	XML_Parser parser;
	zip_file_t *file;
	uint64_t packed, unpacked;
	XML_Index fed;
	unsigned depth;
	bool paused, at_end;
};

static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');
	return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(*attributes, name) == 0)
			return attributes[1];
	return NULL;
}

const char *xml_attribute_prefixed(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strchr(*attributes, ':') && strcmp(local(*attributes), name) == 0)
			return attributes[1];
	return NULL;
}

static void stop(struct xml *xml, const char *code, const char *text)
{
	(void)row_fail(xml->r, code, "%s", text);
	XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *xml = arg;
	if (xml->r->err)
		return;
	if (++xml->depth > DEPTH_MAX)
		stop(xml, "file_broken", "is nested too deeply");
	else
		xml->handlers->start(xml->arg, xml, local(name), attributes);
	if (xml->r->err)
		XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	struct xml *xml = arg;
	if (xml->r->err)
		return;
	xml->depth--;
	xml->handlers->end(xml->arg, xml, local(name));
	if (xml->r->err)
		XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL on_text(void *arg, const XML_Char *p, int n)
{
	struct xml *xml = arg;
	if (!xml->r->err)
		xml->handlers->text(xml->arg, p, (size_t)n);
}

static void XMLCALL on_doctype(
	void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(arg, "file_doctype", "brings a document type of its own, which no spreadsheet writes");
}

static int open_part(struct xml *xml, const char *part)
{
	zip_t *zip = xml->package->zip;
	zip_stat_t st;
	if (zip_stat(zip, part, 0, &st))
		return -E_NOT_FOUND;
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE) {
		(void)row_fail(xml->r, "file_encrypted", "has a password: save it without one");
		return xml->r->err;
	}
	xml->packed = st.valid & ZIP_STAT_COMP_SIZE ? st.comp_size : 0;
	xml->file = zip_fopen(zip, part, 0);
	if (!xml->file)
		(void)row_fail(xml->r, "file_broken", "cannot be unpacked");
	return xml->r->err;
}

int xml_open(struct xml_package *package, const char *part, const struct xml_handlers *handlers, void *arg,
	struct xml **ret_xml)
{
	struct xml *xml = mem_alloc(sizeof(*xml));
	*xml = (struct xml){ .r = package->reader, .package = package, .handlers = handlers, .arg = arg };
	int err = open_part(xml, part);
	if (err)
		return xml_close(xml), err;
	xml->parser = XML_ParserCreate(NULL);
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_start, on_end);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
	*ret_xml = xml;
	return 0;
}

void xml_pause(struct xml *xml)
{
	xml->paused = true;
	XML_StopParser(xml->parser, XML_TRUE);
}

static void count(struct xml *xml, uint64_t n)
{
	xml->unpacked += n;
	xml->package->unpacked += n;
	xml->fed += (XML_Index)n;
	bool bomb = xml->unpacked > RATIO_FROM_BYTES && xml->unpacked / RATIO_MAX > xml->packed;
	if (bomb || xml->package->unpacked > xml->package->unpacked_max)
		(void)row_fail(xml->r, "file_large", "unpacks to more than is allowed");
	/* A token that does not end stays in the parser's memory. */
	XML_Index at = XML_GetCurrentByteIndex(xml->parser);
	if (at >= 0 && xml->fed - at > TOKEN_MAX_BYTES)
		(void)row_fail(xml->r, "file_broken", "has a tag that does not end");
}

static void feed(struct xml *xml)
{
	void *room = XML_GetBuffer(xml->parser, PIECE_BYTES);
	zip_int64_t n = room ? zip_fread(xml->file, room, PIECE_BYTES) : -1;
	if (n < 0) {
		(void)row_fail(xml->r, "file_broken", "is damaged: it cannot be unpacked to its end");
		return;
	}
	count(xml, (uint64_t)n);
	if (xml->r->err)
		return;
	xml->at_end = n == 0;
	if (XML_ParseBuffer(xml->parser, (int)n, n == 0) == XML_STATUS_ERROR)
		(void)row_fail(xml->r, "file_broken", "is no well-formed XML: %s",
			XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

int xml_run(struct xml *xml)
{
	if (xml->paused) {
		xml->paused = false;
		if (XML_ResumeParser(xml->parser) == XML_STATUS_ERROR)
			(void)row_fail(xml->r, "file_broken", "is no well-formed XML: %s",
				XML_ErrorString(XML_GetErrorCode(xml->parser)));
	}
	while (!xml->r->err && !xml->paused && !xml->at_end)
		feed(xml);
	return xml->r->err ? xml->r->err : xml->paused ? -E_AGAIN : 0;
}

void *xml_close(struct xml *xml)
{
	if (!xml)
		return NULL;
	if (xml->parser)
		XML_ParserFree(xml->parser);
	if (xml->file)
		zip_fclose(xml->file);
	free(xml);
	return NULL;
}
