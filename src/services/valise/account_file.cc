#include "services/valise/account_file.h"

#include <simdjson.h>

#include "account/json_members.h"

namespace valise::services::own {
namespace {

using account::JsonMembers;
using simdjson::dom::element;

constexpr std::string_view kFormat = "valise-account-1";
constexpr std::string_view kFormatFamily = "valise-account-";

}  // namespace

Result<AccountFile> ParseAccountFile(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root)) {
    return Fail(ErrorCode::kCorrupt, "data/account.json is not JSON");
  }
  JsonMembers from(root, "data/account.json");
  std::string format;
  from.Must().Take("format", format);
  if (format != kFormat && format.starts_with(kFormatFamily)) {
    return Fail(ErrorCode::kUnsupported,
                "this download was made by a newer Valise; use that version or a later one");
  }
  if (format != kFormat) from.Wrong("format", "is not that of an account");
  AccountFile file;
  from.Must().Take("service", file.service);
  from.Must().Take("username", file.username);
  from.Must().Take("as_of", file.as_of);
  from.Must().Each("imports", [&](element value) -> Status {
    ASSIGN_OR_RETURN(account::ImportInfo info, account::ParseImportInfo(simdjson::minify(value)));
    file.imports.push_back(std::move(info));
    return {};
  });
  // For readers of the bundle; an import derives them again.
  (void)from.Element("head");
  (void)from.Element("complete");
  (void)from.Element("counts");
  RETURN_IF_ERROR(from.Finish());
  return file;
}

Result<std::vector<Renamed>> ParseRenamed(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(json.data(), json.size()).get_array().get(rows)) {
    return Fail(ErrorCode::kCorrupt, "renamed.json is not a JSON array");
  }
  std::vector<Renamed> all;
  for (const element row : rows) {
    Renamed one;
    JsonMembers from(row, "renamed.json");
    from.Must().Take("path", one.path);
    from.Must().Take("place", one.place);
    RETURN_IF_ERROR(from.Finish());
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace valise::services::own
