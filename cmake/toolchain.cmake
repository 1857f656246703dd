# Warnings, linker, compiler cache, sanitizers: how everything of ours is compiled.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Optimised, with enough debug information for backtraces with lines; invariants stay checked (see base/check.h).
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

add_library(vedette_options INTERFACE)
target_include_directories(vedette_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(vedette_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Wundef
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # g++ 12 takes plain `"a" + std::string` for overlapping memory

if(VEDETTE_SANITIZE)
  # Without vptr, which opens a pipe for each check: where a test uses up all descriptors it sees faults that are none.
  add_compile_options(-fsanitize=${VEDETTE_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${VEDETTE_SANITIZE})
endif()
