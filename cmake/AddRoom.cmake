# add_room(NAME base SOURCES a.cc … [DEPS room… lib…] [PRIVATE_DEPS lib…] [TESTS x_test.cc …] [FUZZERS x_fuzz.cc …]
#          [BENCHES x_bench.cc …] [TEST_DEPS room…])
#
# One call makes a room of docs/ARCHITECTURE.md: the library valise_<name>, its unit tests
# (<name>_tests, one process, found by ctest), its fuzzers (clang only; a smoke run is a test) and its benches.
function(add_room)
  cmake_parse_arguments(ROOM "" "NAME" "SOURCES;DEPS;PRIVATE_DEPS;TESTS;TEST_DEPS;FUZZERS;BENCHES" ${ARGN})
  string(REPLACE "/" "_" target_name "${ROOM_NAME}")
  set(lib valise_${target_name})
  if(ROOM_SOURCES)
    add_library(${lib} STATIC ${ROOM_SOURCES})
    set(kind PUBLIC)
  else()
    add_library(${lib} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(${lib} ${kind} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${lib} ${kind} ${ROOM_DEPS})
  if(ROOM_SOURCES)
    target_link_libraries(${lib} PRIVATE valise_warnings ${ROOM_PRIVATE_DEPS})
  endif()

  if(ROOM_FUZZERS AND VALISE_FUZZERS)
    # Fuzzers are led by what they reach in their own room. Rooms without one compile a quarter faster like this.
    target_compile_options(${lib} PRIVATE -fsanitize=fuzzer-no-link)
  endif()

  if(ROOM_TESTS AND VALISE_TESTS)
    add_executable(${target_name}_tests ${ROOM_TESTS})
    target_link_libraries(${target_name}_tests PRIVATE ${lib} ${ROOM_TEST_DEPS} ${ROOM_PRIVATE_DEPS} valise_warnings
                          GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(${target_name}_tests PRIVATE
      VALISE_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared" VALISE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    if(VALISE_SANITIZE)
      # googletest's macros under both sanitizers take compilers up to three times as long; the room's own code keeps both.
      target_compile_options(${target_name}_tests PRIVATE -O0 -fno-sanitize=undefined)
    endif()
    gtest_discover_tests(${target_name}_tests TEST_PREFIX "${ROOM_NAME}." DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS unit TIMEOUT 120)
  endif()

  if(ROOM_FUZZERS AND VALISE_FUZZERS)
    foreach(source IN LISTS ROOM_FUZZERS)
      get_filename_component(fuzzer ${source} NAME_WE)
      add_executable(${target_name}_${fuzzer} ${source})
      target_link_libraries(${target_name}_${fuzzer} PRIVATE ${lib} ${ROOM_PRIVATE_DEPS} valise_warnings)
      target_compile_options(${target_name}_${fuzzer} PRIVATE -fsanitize=fuzzer-no-link)
      target_link_options(${target_name}_${fuzzer} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers ${target_name}_${fuzzer})
      set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${fuzzer})
      if(NOT EXISTS ${corpus})
        set(corpus "")
      endif()
      # New inputs go to a folder of the build tree (the first one named); the committed seeds are only read.
      file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/found/${fuzzer})
      add_test(NAME fuzz.${target_name}_${fuzzer}
               COMMAND ${target_name}_${fuzzer} -max_total_time=${VALISE_FUZZ_SECONDS} -rss_limit_mb=1024 -timeout=10
                       -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/
                       ${CMAKE_CURRENT_BINARY_DIR}/found/${fuzzer} ${corpus})
      set_tests_properties(fuzz.${target_name}_${fuzzer} PROPERTIES LABELS fuzz)
    endforeach()
  endif()

  if(ROOM_BENCHES AND VALISE_BENCHES)
    add_executable(${target_name}_bench ${ROOM_BENCHES})
    target_link_libraries(${target_name}_bench PRIVATE ${lib} ${ROOM_PRIVATE_DEPS} valise_warnings benchmark::benchmark_main)
  endif()
endfunction()
