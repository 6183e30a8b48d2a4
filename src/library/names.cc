#include "library/names.h"

namespace valise::library {
namespace {

// What is damaged or gone is passed over; the disk not answering is an error.
bool IsLost(const Error& error) {
  return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kUnsupported;
}

class Walk {
 public:
  Walk(const Library& library, const OnBlob& visit) : library_(library), visit_(visit) {}

  Status Media(const ListRow& list) {
    return Rows(list, [&](std::string_view text) -> Status {
      ASSIGN_OR_RETURN(std::vector<MediumRow> rows, ParseMediumRows(text));
      for (MediumRow& row : rows) {
        visit_(row.digest, {BlobUse::What::kMedium, std::move(row.name), {}});
      }
      return {};
    });
  }
  Status Originals(const ImportEntry& entry) {
    return Rows(entry.files, [&](std::string_view text) -> Status {
      ASSIGN_OR_RETURN(auto files, account::ParseOriginalFiles(text));
      for (account::OriginalFile& file : files) {
        if (!file.digest) continue;
        visit_(*file.digest, {BlobUse::What::kOriginal, std::move(file.path), entry.info.id});
      }
      return {};
    });
  }
  void List(const ListRow& row) { visit_(row.digest, {BlobUse::What::kList, row.name, {}}); }

  std::vector<std::string> TakeUnread() { return std::move(unread_); }

 private:
  template <typename Parse>
  Status Rows(const ListRow& list, const Parse& parse) {
    List(list);
    const Result<std::string> text = library_.ReadList(list);
    const Status done = text ? parse(*text) : std::unexpected(text.error());
    if (done || !IsLost(done.error())) return done;
    unread_.push_back(list.name);
    return {};
  }

  const Library& library_;
  const OnBlob& visit_;
  std::vector<std::string> unread_;
};

}  // namespace

std::string_view BlobUseName(BlobUse::What what) {
  switch (what) {
    case BlobUse::What::kHead:
      return "head";
    case BlobUse::What::kDocument:
      return "document";
    case BlobUse::What::kList:
      return "list";
    case BlobUse::What::kMedium:
      return "medium";
    case BlobUse::What::kOriginal:
      return "original";
    case BlobUse::What::kWaiting:
      return "waiting";
    case BlobUse::What::kPinned:
      return "pinned";
  }
  return "";
}

Result<std::vector<std::string>> ForEachName(const Library& library, const Digest& digest,
                                             const Head& head, const OnBlob& visit) {
  Walk walk(library, visit);
  visit(digest, {BlobUse::What::kHead, "head", {}});
  for (const DocumentRow& row : head.documents) {
    visit(row.digest, {BlobUse::What::kDocument, row.name, {}});
  }
  for (const ListRow& row : head.media) RETURN_IF_ERROR(walk.Media(row));
  for (const ImportEntry& entry : head.imports) RETURN_IF_ERROR(walk.Originals(entry));
  if (head.issues) walk.List(*head.issues);
  if (head.tombstones) walk.List(*head.tombstones);
  return walk.TakeUnread();
}

}  // namespace valise::library
