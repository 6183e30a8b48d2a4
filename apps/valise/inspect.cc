// `valise inspect`: what is in an archive, without keeping anything.

#include <memory>

#include "context.h"
#include "output.h"
#include "registry.h"
#include "report_text.h"

namespace valise::app {
namespace {

Status Run(const Context& context, const std::vector<fs::path>& parts) {
  ASSIGN_OR_RETURN(const auto opened, imports::OpenedArchive::Open(Sources(), parts));
  Progress bar(context);
  ASSIGN_OR_RETURN(const auto inspection,
                   imports::Inspect(opened, [&](const imports::Progress& p) -> Status {
                     bar.Update("Reading", Progress::Unit::kItems, p.items, p.total_items);
                     return {};
                   }));
  bar.Clear();
  if (context.json) {
    PrintJson(InspectionJson(inspection));
  } else {
    Say(InspectionText(inspection));
  }
  return {};
}

}  // namespace

void AddInspect(cli::Command& app, Context& context) {
  cli::Command command =
      app.AddCommand("inspect", "say what an archive holds, without keeping anything");
  command.Footer(
      "Examples:\n"
      "  valise inspect instagram-me-2025-04-01-abcd.zip\n"
      "  valise inspect part-1.zip part-2.zip      the parts of one archive, together\n"
      "  valise inspect unpacked-folder/ --json");
  auto parts = std::make_shared<std::vector<fs::path>>();
  command.AddOption("archive", *parts, "ZIP files (all parts of one archive) or a folder")
      .Required();
  OnRun(command, context, [&context, parts] { return Run(context, *parts); });
}

}  // namespace valise::app
