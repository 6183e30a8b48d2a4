# embed_files(TARGET valise_web FUNCTION AppFiles NAMESPACE valise::web
#             {DIR folder | ROOT folder FILES relative/path…} [DEPENDS file…|target…])
#
# Links files into TARGET and defines, in NAMESPACE, the function
#
#   std::span<const valise::EmbeddedFile> FUNCTION();     // declare it in a header of the room; sorted by path
#
# With DIR every file below that folder is taken, as it is when the build reaches it (so the folder may be made by the
# build itself: name what makes it in DEPENDS); paths are relative to DIR. With FILES just those, relative to ROOT.
# Bytes come in by the assembler's .incbin: a megabyte takes no time to compile. See src/base/embedded.h.
set(VALISE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/EmbedGenerate.cmake)

function(embed_files)
  cmake_parse_arguments(EMBED "" "TARGET;FUNCTION;NAMESPACE;DIR;ROOT" "FILES;DEPENDS" ${ARGN})
  foreach(required TARGET FUNCTION NAMESPACE)
    if(NOT EMBED_${required})
      message(FATAL_ERROR "embed_files: ${required} is missing")
    endif()
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embed/${EMBED_TARGET}_${EMBED_FUNCTION})
  set(depends ${VALISE_EMBED_SCRIPT} ${EMBED_DEPENDS})
  if(EMBED_DIR)
    set(root ${EMBED_DIR})
    file(GLOB_RECURSE present CONFIGURE_DEPENDS ${EMBED_DIR}/*)
    list(APPEND depends ${present})
  else()
    set(root ${EMBED_ROOT})
    foreach(name IN LISTS EMBED_FILES)
      list(APPEND depends ${EMBED_ROOT}/${name})
    endforeach()
  endif()
  if(EMBED_DEPENDS)
    # What the build makes may change between configure and build: only DEPENDS says when to look again.
    set(depends ${VALISE_EMBED_SCRIPT} ${EMBED_DEPENDS})
  endif()
  string(REPLACE ";" "|" names "${EMBED_FILES}")
  add_custom_command(OUTPUT ${out}.s ${out}.cc
    COMMAND ${CMAKE_COMMAND} "-DROOT=${root}" "-DNAMES=${names}" "-DOUT=${out}" "-DFUNCTION=${EMBED_FUNCTION}"
            "-DNAMESPACE=${EMBED_NAMESPACE}" "-DSYMBOL=valise_embedded_${EMBED_TARGET}_${EMBED_FUNCTION}"
            -P ${VALISE_EMBED_SCRIPT}
    DEPENDS ${depends}
    COMMENT "Embedding ${EMBED_FUNCTION} into ${EMBED_TARGET}" VERBATIM)

  # An object library of its own, so that the room's C++ warning flags are not given to the assembler.
  add_library(${EMBED_TARGET}_${EMBED_FUNCTION}_data OBJECT ${out}.s)
  if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    target_compile_options(${EMBED_TARGET}_${EMBED_FUNCTION}_data PRIVATE -Wno-unused-command-line-argument)
  endif()
  target_sources(${EMBED_TARGET} PRIVATE ${out}.cc $<TARGET_OBJECTS:${EMBED_TARGET}_${EMBED_FUNCTION}_data>)
endfunction()
