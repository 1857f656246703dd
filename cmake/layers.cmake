# One static library and one test program per layer, from the files of its folder and of the folders in it: x.cc, and
# x_test.cc beside it. A main.cc belongs to a program of its own. PARSES: it is what fuzzers are pointed at.

# What nearly every file includes is read once for each program or library, which halves the time that small files take.
function(vedette_precompile target header)
  target_precompile_headers(${target} PRIVATE ${header})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)  # what is instantiated there, and no time stamp, which would defeat ccache
    target_compile_options(${target} PRIVATE -fpch-instantiate-templates "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

function(vedette_layer name)
  cmake_parse_arguments(ARG "PARSES" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc ${PROJECT_SOURCE_DIR}/src/${name}/*/*.cc)
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  if(NOT sources)
    return()
  endif()
  add_library(vedette_${name} STATIC ${sources})
  target_link_libraries(vedette_${name} PUBLIC ${ARG_LINKS} PRIVATE vedette_options)
  target_include_directories(vedette_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  if(VEDETTE_FUZZ AND ARG_PARSES)
    target_compile_options(vedette_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  vedette_precompile(vedette_${name} ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
endfunction()

# The tests beside the sources of one layer, as one program.
function(vedette_layer_tests name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/src/${name}/*_test.cc ${PROJECT_SOURCE_DIR}/src/${name}/*/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE vedette_${name} vedette_options GTest::gtest_main GTest::gmock ${ARG_LINKS})
  # Only what is tested has to be fast and fully instrumented; so these compile in a third of the time.
  target_compile_options(${name}_test PRIVATE -O0)
  if(VEDETTE_SANITIZE MATCHES undefined)
    target_compile_options(${name}_test PRIVATE -fno-sanitize=undefined)
  endif()
  vedette_precompile(${name}_test ${PROJECT_SOURCE_DIR}/tests/support/precompiled.h)
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})  # for "tests/support/..."
  target_compile_definitions(${name}_test PRIVATE VEDETTE_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures")
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
endfunction()
