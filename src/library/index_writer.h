// Puts documents into an index file and takes them out again.
//
// Thread safety: belongs to one thread; it reads and tokenizes on a second one of its own.
// Durability: the caller commits.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "library/library.h"
#include "library/sqlite_handle.h"

namespace valise::library {

// Makes the tables of docs/formats/index.md.
Status MakeIndexTables(SqliteFile& file);

class IndexWriter {
 public:
  // Both must outlive this.
  static Result<IndexWriter> Make(SqliteFile& file, const Library& library);

  // Puts all records of `documents` in. `on_records` is told how many came in. Errors: kNotFound,
  // kCorrupt (a blob), kUnavailable.
  Status Add(const std::vector<DocumentRow>& documents,
             const std::function<void(uint64_t records)>& on_records);
  // Takes a document's records out; its blob must still be there. Errors: kNotFound (it is not).
  Status Remove(const DocumentRow& document);

 private:
  struct Entry {
    int64_t id = 0;
    int64_t doc = 0;
    uint32_t at = 0;
    uint32_t length = 0;
    std::string text;
  };
  using Batch = std::vector<Entry>;

  IndexWriter(SqliteFile& file, const Library& library) : file_(&file), library_(&library) {}
  Result<int64_t> AddDocumentRow(const DocumentRow& document);
  Status ReadInto(Batch& batch, const DocumentRow& document, int64_t doc) const;
  Status Insert(Batch& batch);

  SqliteFile* file_;
  const Library* library_;
  SqliteStatement insert_doc_, insert_rec_, insert_word_, remove_word_, rec_of_doc_, remove_rec_,
      remove_doc_, find_doc_;
};

}  // namespace valise::library
