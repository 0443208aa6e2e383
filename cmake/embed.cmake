# lx_embed(folder table files…): files as byte arrays inside lx_<folder>. Makes embed/<table>.c with
# `const struct embed_file <table>[]` (base/embed.h), ended by a row without a name, in the order given.
function(lx_embed folder table)
	set(out ${CMAKE_BINARY_DIR}/embed/${table}.c)
	string(REPLACE ";" "|" list "${ARGN}")
	add_custom_command(OUTPUT ${out} DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed-files.cmake VERBATIM
		COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DTABLE=${table} -DFILES=${list} -P ${CMAKE_SOURCE_DIR}/cmake/embed-files.cmake)
	target_sources(lx_${folder} PRIVATE ${out})
endfunction()
