// `valise export`: a bundle of an account, as a file.

#include <fmt/format.h>

#include <memory>

#include "base/json_writer.h"
#include "bundle/plan.h"
#include "bundle/plan_writer.h"
#include "context.h"
#include "output.h"
#include "registry.h"
#include "server_rooms.h"
#include "signing.h"

namespace valise::app {
namespace {

struct Options {
  std::string account;
  std::string output;
  std::string format = "portable";
  std::vector<std::string> kinds;
  std::string from, until;
  fs::path about;
  bool no_originals = false;
  bool overwrite = false;
};

Result<bundle::Selection> SelectionOf(const Options& options) {
  bundle::Selection selection;
  selection.originals = !options.no_originals;
  ASSIGN_OR_RETURN(selection.from, ParseDay(options.from));
  ASSIGN_OR_RETURN(selection.until, ParseDay(options.until));
  if (options.kinds.empty()) return selection;
  selection.kinds.fill(false);
  for (const std::string& name : options.kinds) {
    const auto kind = account::ParseKind(name);
    if (!kind) return Fail(ErrorCode::kInvalidArgument, fmt::format("there is no kind `{}`", name));
    selection.kinds[static_cast<size_t>(*kind)] = true;
  }
  return selection;
}

// Where the bundle goes: the name that was given, a folder, or the bundle's own name here.
fs::path PathFor(const std::string& output, std::string_view file_name) {
  if (output.empty()) return fs::path(file_name);
  std::error_code ignored;
  return fs::is_directory(output, ignored) ? fs::path(output) / file_name : fs::path(output);
}

// Writes beside the wanted name and renames, so that there is never half a bundle under it.
Status WriteBundle(const Context& context, const bundle::Plan& plan,
                   const library::Library& library, const fs::path& path) {
  const fs::path beside = path.string() + ".part";
  Progress bar(context);
  ASSIGN_OR_RETURN(const File file, File::Create(beside));
  const Status written = bundle::WritePlan(
      plan, library.blobs(), library.local_files(), file, [&](uint64_t done) -> Status {
        bar.Update("Writing", Progress::Unit::kBytes, done, plan.size());
        return {};
      });
  bar.Clear();
  std::error_code ignored;
  if (!written.has_value()) {
    fs::remove(beside, ignored);
    return written;
  }
  if (::rename(beside.c_str(), path.c_str()) != 0)
    return std::unexpected(ErrnoError("rename the bundle"));
  return {};
}

void Report(const Context& context, const bundle::Plan& plan, const bundle::PlanSummary& summary,
            const fs::path& path) {
  if (!context.json) {
    Say(fmt::format("{}: {}, {}", path.string(), HumanBytes(plan.size()),
                    Plural(plan.count(), "file", "files")));
    if (summary.missing != 0) {
      Say(fmt::format("{} could not be included: the report inside says why",
                      Plural(summary.missing, "photo or video", "photos and videos")));
    }
    return;
  }
  JsonWriter json;
  json.BeginObject().Member("bundle", path.string()).Member("size", plan.size());
  json.Member("etag", plan.etag()).Member("files", plan.count()).Member("missing", summary.missing);
  json.EndObject();
  PrintJson(json.text());
}

Status Run(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const bundle::Selection selection, SelectionOf(options));
  ASSIGN_OR_RETURN(bundle::About about, LoadAbout(options.about, context.data));
  const BundleFormats formats(std::move(about));
  const bundle::BundleFormat* format = bundle::FindFormat(formats.all(), options.format);
  if (format == nullptr) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("there is no format `{}`: choose portable or instagram", options.format));
  }
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto account, FindAccount(*desk.accounts, options.account));
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  RETURN_IF_ERROR(SealWaiting(context, desk, account.id));
  ASSIGN_OR_RETURN(const auto snapshot, library->Current());
  if (!snapshot) return Fail(ErrorCode::kNotFound, "the account is empty: import an archive first");
  ASSIGN_OR_RETURN(const bag::SigningKey key, LoadOrMakeKey(context.data, context.random));

  const fs::path plan_path =
      library->folder() / fmt::format("export-{}.plan", context.random.HexToken(4));
  ASSIGN_OR_RETURN(const auto writer, bundle::PlanWriter::Create(plan_path));
  ASSIGN_OR_RETURN(
      const bundle::PlanSummary summary,
      format->Plan({library->blobs(), snapshot->digest, snapshot->head}, selection, *writer, &key));
  const auto plan = bundle::Plan::Open(plan_path);
  std::error_code ignored;
  fs::remove(plan_path, ignored);  // the mapping keeps it alive
  if (!plan.has_value()) return std::unexpected(plan.error());

  const fs::path path = PathFor(options.output, (*plan)->file_name());
  if (!options.overwrite && fs::exists(path, ignored)) {
    return Fail(ErrorCode::kAlreadyExists,
                fmt::format("{} is there already: --overwrite replaces it", path.string()));
  }
  RETURN_IF_ERROR(WriteBundle(context, **plan, *library, path));
  Report(context, **plan, summary, path);
  return {};
}

}  // namespace

void AddExport(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand("export", "write a bundle with everything of an account");
  command.Footer(
      "Two exports of an unchanged account with the same choices are the same bytes.\n\n"
      "Examples:\n"
      "  valise export                                 into a file named after account and date\n"
      "  valise export -o me.zip\n"
      "  valise export -o me.zip --kind message --kind profile\n"
      "  valise export --format instagram               shaped as Instagram's own archives\n"
      "  valise export --from 2021-01-01 --until 2022-01-01 --account anna");
  auto options = std::make_shared<Options>();
  command.AddOption("-o,--output", options->output, "file, or folder to put it in");
  command.AddOption("--account", options->account, "id or user name, when there are several");
  command
      .AddOption("--format", options->format, "portable (to keep and read) or instagram (to move)")
      .ShowDefault();
  command.AddOption("--kind", options->kinds,
                    "only these: post, story, comment, message, profile, …");
  command.AddOption("--from", options->from, "first day, 2024-07-07").TypeName("DAY");
  command.AddOption("--until", options->until, "day before which").TypeName("DAY");
  command.AddOption("--about", options->about,
                    "the operator's text about data (default: about.toml in --data)");
  command.AddFlag("--no-originals", options->no_originals,
                  "without the files as they were received");
  command.AddFlag("--overwrite", options->overwrite, "replace a file of that name");
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
