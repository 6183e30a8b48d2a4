// `valise verify`: is a bundle, or any BagIt bag, whole and as it was?

#include "bag/verify.h"

#include <fmt/format.h>

#include <memory>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"
#include "signing.h"
#include "zip/archive.h"

namespace valise::app {
namespace {

struct Options {
  std::string bag;
  std::vector<std::string> keys;
  bool require_signature = false;
  bool show_key = false;
};

constexpr size_t kShown = 20;

void AddPaths(JsonWriter& json, std::string_view name, const std::vector<bag::Finding>& findings) {
  json.Name(name).BeginArray();
  for (const bag::Finding& finding : findings) json.String(finding.path);
  json.EndArray();
}

void AddTexts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.Name(name).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

std::string ReportJson(const bag::Report& report) {
  JsonWriter json;
  json.BeginObject().Member("whole", report.ok).Member("version", report.version);
  json.Member("files", report.files_checked).Member("bytes", report.bytes);
  AddTexts(json, "algorithms", report.algorithms);
  AddPaths(json, "damaged", report.damaged);
  AddPaths(json, "missing", report.missing);
  AddPaths(json, "extra", report.extra);
  AddTexts(json, "problems", report.problems);
  AddTexts(json, "warnings", report.warnings);
  AddTexts(json, "to_fetch", report.to_fetch);
  AddTexts(json, "unlisted", report.unlisted);
  json.Name("signature").BeginObject();
  json.Member("state", bag::SignatureStateName(report.signature.state));
  if (!report.signature.key_id.empty()) json.Member("key_id", report.signature.key_id);
  json.EndObject().EndObject();
  return json.Take();
}

void SayFindings(std::string_view what, const std::vector<bag::Finding>& findings) {
  if (findings.empty()) return;
  Say(fmt::format("{} ({}):", what, HumanCount(findings.size())));
  for (size_t i = 0; i < std::min(findings.size(), kShown); ++i) {
    Say(fmt::format("  {}{}{}", findings[i].path, findings[i].why.empty() ? "" : ": ",
                    findings[i].why));
  }
  if (findings.size() > kShown) Say("  … --json lists them all");
}

std::string SignatureText(const bag::SignatureReport& signature) {
  switch (signature.state) {
    case bag::SignatureState::kAbsent:
      return "It is not signed.";
    case bag::SignatureState::kGood:
      return fmt::format("Signed by {} ({}).", signature.key_id, signature.trusted_comment);
    case bag::SignatureState::kBad:
      return "The signature does not fit: it was changed after it was signed.";
    case bag::SignatureState::kUnknownKey:
      return fmt::format("Signed by {}, a key not known here; give it with --key to check.",
                         signature.key_id);
  }
  return {};
}

void SayReport(const bag::Report& report) {
  if (report.ok) {
    Say(fmt::format("Whole: {}, all as they were. {}",
                    Plural(report.files_checked, "file", "files"),
                    SignatureText(report.signature)));
  } else {
    Say(fmt::format("NOT whole. {} checked. {}", Plural(report.files_checked, "file", "files"),
                    SignatureText(report.signature)));
  }
  SayFindings("Damaged", report.damaged);
  SayFindings("Missing", report.missing);
  SayFindings("Extra, listed nowhere", report.extra);
  for (const std::string& problem : report.problems) Say("Problem: " + problem);
  for (const std::string& warning : report.warnings) Say("Note: " + warning);
  for (const std::string& path : report.to_fetch) Say("Still to be fetched: " + path);
  if (!report.ok)
    Say("Download it again, or ask for a new one: what is kept on the server is not touched.");
}

Status Run(Context& context, const Options& options) {
  if (options.show_key) {
    ASSIGN_OR_RETURN(const bag::SigningKey key, LoadOrMakeKey(context.data, context.random));
    Say(key.public_key().Line());
    return {};
  }
  if (options.bag.empty())
    return Fail(ErrorCode::kInvalidArgument, "say which bundle: valise verify FILE.zip");
  Progress bar(context);
  bag::VerifyOptions verify;
  ASSIGN_OR_RETURN(verify.keys, TrustedKeys(context.data, options.keys));
  verify.require_signature = options.require_signature;
  verify.progress = [&](const bag::VerifyProgress& p) -> Status {
    bar.Update("Checking", Progress::Unit::kBytes, p.bytes, p.total_bytes,
               fmt::format("{} of {} files", HumanCount(p.files), HumanCount(p.total_files)));
    return {};
  };
  const fs::path parts[] = {options.bag};
  ASSIGN_OR_RETURN(const auto archive, zip::OpenArchive(parts));
  ASSIGN_OR_RETURN(const bag::Report report, bag::Verify(*archive, verify));
  bar.Clear();
  if (context.json) {
    PrintJson(ReportJson(report));
  } else {
    SayReport(report);
  }
  if (!report.ok) context.exit_code = kFailed;
  return {};
}

}  // namespace

void AddVerify(cli::Command& app, Context& context) {
  cli::Command command =
      app.AddCommand("verify", "check that a bundle, or any BagIt bag, is whole");
  command.Footer(
      "Names every damaged, missing and extra file. Exit code 1 when it is not whole.\n\n"
      "Examples:\n"
      "  valise verify me-2025-04-20.zip\n"
      "  valise verify unpacked-folder/\n"
      "  valise verify me.zip --key RWQ…            signed by this minisign key?\n"
      "  valise verify --show-key                   this server's public key, for minisign -P");
  auto options = std::make_shared<Options>();
  command.AddOption("bag", options->bag, "a ZIP file or a folder");
  command.AddOption("--key", options->keys, "a minisign public key to believe: a file or its line");
  command.AddFlag("--require-signature", options->require_signature, "unsigned is not whole");
  command.AddFlag("--show-key", options->show_key, "print this server's public key");
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
