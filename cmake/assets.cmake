# web/dist becomes part of the binary: a C file that takes each file in with .incbin and lists them in a table
# (src/desk/assets.h). Included by src/CMakeLists.txt it defines lx_assets; run with -P by that target at each
# build it writes ${OUT}, only when something changed. The hash in the table makes a changed file a changed table.
if(NOT CMAKE_SCRIPT_MODE_FILE)
	set(assets_c ${CMAKE_BINARY_DIR}/assets.c)
	set(assets_run ${CMAKE_COMMAND} -DDIST=${CMAKE_SOURCE_DIR}/web/dist -DOUT=${assets_c} -P
		${CMAKE_SOURCE_DIR}/cmake/assets.cmake)
	execute_process(COMMAND ${assets_run} COMMAND_ERROR_IS_FATAL ANY)
	add_custom_target(lx_assets_table COMMAND ${assets_run} BYPRODUCTS ${assets_c} VERBATIM)
	add_library(lx_assets STATIC ${assets_c})
	target_include_directories(lx_assets PRIVATE ${CMAKE_SOURCE_DIR}/src)
	set_source_files_properties(${assets_c} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
	add_dependencies(lx_assets lx_assets_table)
	return()
endif()

set(mimes
	"html=text/html\\; charset=utf-8" "js=text/javascript\\; charset=utf-8" "css=text/css\\; charset=utf-8"
	"json=application/json" "svg=image/svg+xml" "png=image/png" "ico=image/x-icon" "woff2=font/woff2" "wasm=application/wasm"
	"mp3=audio/mpeg" "wav=audio/wav" "txt=text/plain\\; charset=utf-8" "webmanifest=application/manifest+json")

function(mime_of path ret_mime)
	get_filename_component(ext ${path} LAST_EXT)
	foreach(row IN LISTS mimes)
		string(REGEX MATCH "^([a-z0-9]+)=(.*)$" _ "${row}")
		if(ext STREQUAL ".${CMAKE_MATCH_1}")
			set(${ret_mime} "${CMAKE_MATCH_2}" PARENT_SCOPE)
			return()
		endif()
	endforeach()
	set(${ret_mime} "application/octet-stream" PARENT_SCOPE)
endfunction()

# Appends to ${blobs} the bytes of a file under the symbol asset_<label>.
macro(add_blob label file)
	string(APPEND blobs "BLOB(${label}, \"${file}\")\n")
endmacro()

file(GLOB_RECURSE paths RELATIVE ${DIST} LIST_DIRECTORIES false ${DIST}/*)
list(FILTER paths EXCLUDE REGEX "\\.gz$")
list(SORT paths)
set(blobs "")
set(rows "")
set(count 0)
foreach(path IN LISTS paths)
	file(SIZE ${DIST}/${path} size)
	file(SHA256 ${DIST}/${path} hash)
	string(SUBSTRING ${hash} 0 20 etag)
	mime_of(${path} mime)
	set(gz "NULL, 0")
	add_blob(${count} ${DIST}/${path})
	if(EXISTS ${DIST}/${path}.gz)
		file(SIZE ${DIST}/${path}.gz gz_size)
		file(SHA256 ${DIST}/${path}.gz gz_hash)
		set(gz "asset_${count}_gz, ${gz_size} /* ${gz_hash} */")
		add_blob(${count}_gz ${DIST}/${path}.gz)
	endif()
	string(APPEND rows "\t{ \"/${path}\", asset_${count}, ${size}, ${gz}, \"\\\"${etag}\\\"\", \"${mime}\" },\n")
	math(EXPR count "${count} + 1")
endforeach()

set(text "/* Made by cmake/assets.cmake from web/dist. */
#include \"desk/assets.h\"

#define BLOB(label, file) \\
	extern const unsigned char asset_##label[]; \\
	__asm__(\".section .rodata\\n.balign 16\\nasset_\" #label \":\\n.incbin \\\"\" file \"\\\"\\n.byte 0\\n.previous\\n\");

${blobs}
const struct asset assets[] = {
${rows}	{ NULL, NULL, 0, NULL, 0, NULL, NULL },
};

const size_t assets_n = ${count};
")
if(EXISTS ${OUT})
	file(READ ${OUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
	file(WRITE ${OUT} "${text}")
endif()
