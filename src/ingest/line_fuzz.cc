// Any bytes as a stream of lines: cut anywhere, lines are the same; what is taken has an id, an
// account and a record of its kind.
#include "ingest/line.h"
#include "ingest/line_splitter.h"

namespace {

using valise::Status;
using valise::ingest::Line;
using valise::ingest::LineParser;
using valise::ingest::LineSplitter;

void Check(const Line& line) {
  CHECK(!line.accounts.empty());
  if (line.op == Line::Op::kAccount) CHECK(!line.words.username.empty());
  if (line.op != Line::Op::kPut) return;
  CHECK(!line.change.id.empty());
  CHECK(line.change.record.has_value());
  CHECK(valise::account::KindOf(*line.change.record) == line.change.kind);
  CHECK(!valise::account::CommonOf(*line.change.record).key);
}

uint64_t Run(std::string_view body, size_t piece) {
  LineSplitter splitter;
  LineParser parser;
  uint64_t taken = 0;
  const auto visit = [&](const LineSplitter::Line& line) -> Status {
    const auto parsed = parser.Parse(line.text);
    if (parsed.line.has_value()) {
      Check(*parsed.line);
      ++taken;
    }
    return {};
  };
  while (!body.empty()) {
    const std::string_view part = body.substr(0, piece);
    CHECK(splitter.Feed(part, visit).has_value());
    body.remove_prefix(part.size());
  }
  CHECK(splitter.End(visit).has_value());
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  CHECK(Run(body, body.size() + 1) == Run(body, 7));
  return 0;
}
