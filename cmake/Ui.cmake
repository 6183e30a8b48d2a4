# embed_ui(TARGET valise_web PART app FUNCTION AppFiles NAMESPACE valise::web)
#
# Links what ui/ builds into TARGET: PART is a folder of ui/dist, `app` (served by `valise serve`) or `viewer` (lies in each
# bundle). See embed_files(). npm runs only if something in ui/ has changed (tools/ui).
file(GLOB_RECURSE VALISE_UI_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/ui/src/* ${PROJECT_SOURCE_DIR}/ui/*.mjs)
list(FILTER VALISE_UI_SOURCES EXCLUDE REGEX "/(node_modules|dist)/")
set(VALISE_UI_STAMP ${PROJECT_BINARY_DIR}/ui.stamp)
add_custom_command(OUTPUT ${VALISE_UI_STAMP}
  COMMAND ${PROJECT_SOURCE_DIR}/tools/ui ${VALISE_UI_STAMP}
  DEPENDS ${PROJECT_SOURCE_DIR}/tools/ui ${PROJECT_SOURCE_DIR}/ui/package.json
          ${PROJECT_SOURCE_DIR}/ui/package-lock.json ${VALISE_UI_SOURCES}
  COMMENT "Building the web pages and the viewer" VERBATIM)
add_custom_target(ui DEPENDS ${VALISE_UI_STAMP})

function(embed_ui)
  cmake_parse_arguments(UI "" "TARGET;PART;FUNCTION;NAMESPACE" "" ${ARGN})
  embed_files(TARGET ${UI_TARGET} FUNCTION ${UI_FUNCTION} NAMESPACE ${UI_NAMESPACE}
              DIR ${PROJECT_SOURCE_DIR}/ui/dist/${UI_PART} DEPENDS ${VALISE_UI_STAMP})
  add_dependencies(${UI_TARGET} ui)
endfunction()
