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
	file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.c ${CMAKE_SOURCE_DIR}/src/${folder}/*.cc)
	list(FILTER sources EXCLUDE REGEX "/cmd/main\\.c$")
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

# lx_tests(folder [link options]): every tests/unit/<folder>/test_*.c is a cmocka executable of its own, named folder/test_x.
# Other .c files of that folder are fixtures, linked into each of them. test_x_threads.c also runs under ThreadSanitizer,
# for which the target `threads` builds these programs alone.
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
		target_link_options(${folder}_${name} PRIVATE ${ARGN})
		target_compile_definitions(${folder}_${name} PRIVATE LX_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
		add_test(NAME unit/${folder}/${name} COMMAND ${folder}_${name})
		set(labels unit)
		if(name MATCHES "_threads$")
			list(APPEND labels threads)
			add_dependencies(threads ${folder}_${name})
		endif()
		set_tests_properties(unit/${folder}/${name} PROPERTIES LABELS "${labels}" TIMEOUT 300 PROCESSORS 6)
		if(name MATCHES "^test_media") # it listens to sound in real time, and hears a gap when another test takes the core
			set_tests_properties(unit/${folder}/${name} PROPERTIES RUN_SERIAL TRUE)
		endif()
	endforeach()
endfunction()

# lx_on_postgres(label/name…): the same tests once more, `label/name@postgres`, on a PostgreSQL server of their own.
# Programs get its address in $LX_DB; scripts are told by $LX_POSTGRES and start theirs (fixture/centre.py).
function(lx_on_postgres)
	foreach(name ${ARGN})
		get_test_property(${name} LABELS labels)
		get_test_property(${name} TIMEOUT timeout)
		get_test_property(${name} PROCESSORS sixths)
		set(test ${name}@postgres)
		if(name MATCHES "^unit/")
			string(REGEX REPLACE "^unit/([^/]*)/(.*)$" "\\1_\\2" target ${name})
			add_test(NAME ${test} COMMAND ${CMAKE_SOURCE_DIR}/tests/fixture/postgres.py $<TARGET_FILE:${target}>)
		else()
			set(dir ${CMAKE_BINARY_DIR}/tests/${test})
			file(MAKE_DIRECTORY ${dir})
			get_test_property(${name} ENVIRONMENT environment)
			add_test(NAME ${test} COMMAND ${CMAKE_SOURCE_DIR}/tests/${name}.py WORKING_DIRECTORY ${dir})
			set_property(TEST ${test} PROPERTY ENVIRONMENT "${environment};LX_POSTGRES=1")
		endif()
		set_tests_properties(${test} PROPERTIES LABELS "${labels};postgres" TIMEOUT ${timeout} PROCESSORS ${sixths})
	endforeach()
endfunction()

# lx_fuzz(): every tests/fuzz/fuzz_<name>.c replays tests/fuzz/corpus/<name>/ as test fuzz/<name>. With LX_FUZZ (clang)
# the same files become libFuzzer programs instead.
function(lx_fuzz)
	file(GLOB targets CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
	foreach(target ${targets})
		get_filename_component(exe ${target} NAME_WE)
		string(REPLACE "fuzz_" "" name ${exe})
		add_executable(${exe} ${target})
		target_link_libraries(${exe} PRIVATE lx_cmd)
		set_source_files_properties(${target} PROPERTIES COMPILE_OPTIONS -Wno-missing-prototypes)
		if(LX_FUZZ)
			target_link_options(${exe} PRIVATE -fsanitize=fuzzer)
		else()
			target_sources(${exe} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
			add_test(NAME fuzz/${name} COMMAND ${exe} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
			set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 120 PROCESSORS 6)
		endif()
	endforeach()
endfunction()

# lx_bench(): every tests/bench/bench_*.c becomes a program that prints JSON lines; `make bench` runs it. The load of
# whole calls, which its scripts use, is the program load; a million customers come out of fill.
function(lx_bench)
	file(GLOB benches CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/bench_*.c)
	foreach(bench ${benches})
		get_filename_component(name ${bench} NAME_WE)
		add_executable(${name} ${bench})
		target_link_libraries(${name} PRIVATE lx_cmd)
	endforeach()
	file(GLOB load CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/load*.c)
	add_executable(load ${load})
	target_link_libraries(load PRIVATE lx_net)
	add_executable(fill ${CMAKE_SOURCE_DIR}/tests/bench/fill.c)
	target_link_libraries(fill PRIVATE lx_model)
endfunction()

# lx_sims(): every tests/sim/sim_*.c is a cmocka program that plays a whole centre on the pure cores, label sim.
function(lx_sims)
	file(GLOB sims CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/sim/sim_*.c)
	foreach(sim ${sims})
		get_filename_component(name ${sim} NAME_WE)
		add_executable(${name} ${sim})
		target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
		target_link_libraries(${name} PRIVATE lx_acd lx_ivr pkg::cmocka)
		target_compile_definitions(${name} PRIVATE LX_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
		add_test(NAME sim/${name} COMMAND ${name})
		set_tests_properties(sim/${name} PROPERTIES LABELS sim TIMEOUT 120 PROCESSORS 6)
	endforeach()
endfunction()

# lx_programs(layer timeout): every executable tests/<layer>/test_* (a script) is a test of that label. It finds the
# program in $LINGXI, the source tree in $LX_SOURCE_DIR, and has a folder of its own as working directory. Calls, which
# listen more than they compute, take half a core each, what waits for a centre as often as it computes two thirds, all
# other tests a whole one (PROCESSORS, in sixths).
function(lx_programs layer timeout)
	file(GLOB programs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${layer}/test_*)
	set(sixths 6)
	set(cost 0)
	if(layer STREQUAL "sip")
		set(sixths 3)
		set(cost 100) # first, so that others compute while they listen
	elseif(layer MATCHES "^(api|browser|kill)$")
		set(sixths 4)
	endif()
	foreach(program ${programs})
		get_filename_component(name ${program} NAME_WE)
		set(dir ${CMAKE_BINARY_DIR}/tests/${layer}/${name})
		file(MAKE_DIRECTORY ${dir})
		add_test(NAME ${layer}/${name} COMMAND ${program} WORKING_DIRECTORY ${dir})
		set_tests_properties(${layer}/${name} PROPERTIES LABELS ${layer} TIMEOUT ${timeout} PROCESSORS ${sixths} COST ${cost}
			ENVIRONMENT
			"LINGXI=${CMAKE_BINARY_DIR}/lingxi;LX_SOURCE_DIR=${CMAKE_SOURCE_DIR};PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/fixture;PYTHONDONTWRITEBYTECODE=1")
	endforeach()
endfunction()
