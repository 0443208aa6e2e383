# One library per folder of src/. A folder sees only what its USES names, so the linker and the include path
# follow the layer order of ARCHITECTURE.md; scripts/check-layers proves it for every #include.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# lx_package(NAME pkg-config-name): imported target pkg::NAME
function(lx_package name pc)
	pkg_check_modules(PC_${name} REQUIRED IMPORTED_TARGET ${pc})
	add_library(pkg::${name} ALIAS PkgConfig::PC_${name})
endfunction()

# lx_module(folder [USES folders…] [LIBS targets…]): static library lx_<folder> of every .c in src/<folder>
# and its sub-folders.
function(lx_module folder)
	cmake_parse_arguments(M "" "" "USES;LIBS" ${ARGN})
	file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.c)
	list(TRANSFORM M_USES PREPEND lx_)
	if(NOT sources)
		add_library(lx_${folder} INTERFACE)
		target_link_libraries(lx_${folder} INTERFACE ${M_USES} ${M_LIBS})
		return()
	endif()
	add_library(lx_${folder} STATIC ${sources})
	target_include_directories(lx_${folder} PUBLIC ${CMAKE_SOURCE_DIR}/src)
	target_link_libraries(lx_${folder} PUBLIC ${M_USES} ${M_LIBS})
endfunction()

# lx_tests(folder): every tests/unit/<folder>/test_*.c is a cmocka executable of its own, named folder/test_x.
# Other .c files of that folder are fixtures, linked into each of them.
function(lx_tests folder)
	set(dir ${CMAKE_SOURCE_DIR}/tests/unit/${folder})
	file(GLOB tests CONFIGURE_DEPENDS ${dir}/test_*.c)
	file(GLOB fixtures CONFIGURE_DEPENDS ${dir}/*.c)
	list(REMOVE_ITEM fixtures ${tests})
	foreach(test ${tests})
		get_filename_component(name ${test} NAME_WE)
		add_executable(${folder}_${name} ${test} ${fixtures})
		target_include_directories(${folder}_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
		target_link_libraries(${folder}_${name} PRIVATE lx_${folder} pkg::cmocka)
		target_compile_definitions(${folder}_${name} PRIVATE LX_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
		add_test(NAME unit/${folder}/${name} COMMAND ${folder}_${name})
		set_tests_properties(unit/${folder}/${name} PROPERTIES LABELS unit TIMEOUT 120)
	endforeach()
endfunction()
