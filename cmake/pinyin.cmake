# lx_pinyin(folder): the tables of src/text/pinyin_table.h, printed by cmake/pinyin_table.c out of ICU while building.
# The program itself runs without ICU's data: opening a transliterator takes 166 ms and 9 MB.
function(lx_pinyin folder)
	set(out ${CMAKE_BINARY_DIR}/embed/pinyin_table.c)
	add_executable(pinyin_table ${CMAKE_SOURCE_DIR}/cmake/pinyin_table.c)
	target_include_directories(pinyin_table PRIVATE ${CMAKE_SOURCE_DIR}/src)
	target_link_libraries(pinyin_table PRIVATE pkg::icu)
	target_compile_options(pinyin_table PRIVATE -Wno-conversion)
	add_custom_command(OUTPUT ${out} DEPENDS pinyin_table COMMAND pinyin_table ${out} VERBATIM)
	target_sources(lx_${folder} PRIVATE ${out})
endfunction()
