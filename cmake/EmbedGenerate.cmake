# Run by the build (see Embed.cmake): writes ${OUT}.s, which takes in the bytes of the files, and ${OUT}.cc, their table.
cmake_policy(SET CMP0007 NEW)
if(NAMES STREQUAL "")
  file(GLOB_RECURSE names LIST_DIRECTORIES false RELATIVE ${ROOT} ${ROOT}/*)
  if(NOT names)
    message(FATAL_ERROR "embed_files: ${ROOT} is empty or missing; what should have made it did not run")
  endif()
else()
  string(REPLACE "|" ";" names "${NAMES}")
endif()
list(SORT names COMPARE STRING)

set(assembly "    .section .rodata\n")
set(externs "")
set(table "")
list(LENGTH names count)
set(index 0)
foreach(name IN LISTS names)
  # The digest makes this text change when only the content of a file did; the assembler is run again then.
  file(SHA256 ${ROOT}/${name} digest)
  file(SIZE ${ROOT}/${name} size)
  set(symbol ${SYMBOL}_${index})
  string(APPEND assembly "    # ${digest}\n    .global ${symbol}\n    .hidden ${symbol}\n    .balign 16\n${symbol}:\n"
                         "    .incbin \"${ROOT}/${name}\"\n    .byte 0\n")
  string(APPEND externs "extern \"C\" __attribute__((visibility(\"hidden\"))) const char ${symbol}[];\n")
  string(APPEND table "    {\"${name}\", {${symbol}, ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND assembly "    .section .note.GNU-stack,\"\",@progbits\n")
file(WRITE ${OUT}.s "${assembly}")
file(WRITE ${OUT}.cc "// Made by cmake/EmbedGenerate.cmake from ${count} files.
#include <span>

#include \"base/embedded.h\"

${externs}
namespace ${NAMESPACE} {
std::span<const ::valise::EmbeddedFile> ${FUNCTION}();
std::span<const ::valise::EmbeddedFile> ${FUNCTION}() {
  static const ::valise::EmbeddedFile files[] = {
${table}  };
  return files;
}
}  // namespace ${NAMESPACE}
")
