// Drives the reading of one data file: whole by simdjson, or in slices when it is large or damaged.
//
// Thread safety: everything here belongs to the thread that reads the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "account/record_sink.h"
#include "services/instagram/json.h"
#include "services/source.h"

namespace valise::services::instagram {

// What the readers of elements write to.
class Output {
 public:
  Output(account::RecordSink& sink, std::string_view path) : sink_(sink), path_(path) {}

  // Gives the record to the sink, with `index` as its place in the file. After the sink failed
  // nothing more is put.
  template <typename AnyRecord>
  void Put(AnyRecord&& record, uint32_t index) {
    if (!status_) return;
    record.provenance.resize(1);
    record.provenance[0].index = index;
    status_ = sink_.Put(account::Record(std::forward<AnyRecord>(record)));
  }
  void Report(std::string_view code, std::string message, uint64_t count = 1);

  // For an element that says nothing: what was cut out of a kept file leaves null in its place.
  void CountNull() {
    ++counts_.seen;
    ++nulls_;
  }
  // For entries that are not elements of a list: counts one and returns its place in the file.
  uint32_t CountEntry(bool understood) {
    if (understood) ++counts_.understood;
    return static_cast<uint32_t>(counts_.seen++);
  }
  account::FileCounts& counts() { return counts_; }

  // Counts a member that no reader knows; told once a name at the end of the file.
  void Unknown(std::string_view member);
  void ReportUnknown();
  // Tells of entries that no record came of, where nothing was said yet of why.
  void ReportRest();

  const Status& status() const { return status_; }
  std::string_view path() const { return path_; }

 private:
  account::RecordSink& sink_;
  std::string_view path_;
  Status status_;
  account::FileCounts counts_;
  std::map<std::string, uint64_t, std::less<>> unknown_;
  bool tells_damage_ = false;
  uint64_t nulls_ = 0;
};

// Reads the elements of one kind of file.
class ElementReader {
 public:
  virtual ~ElementReader() = default;
  // One object of the list that is the file, or of the array member `member`; `index` counts the
  // entries of the file. Sets `understood` when it has become a record (or a part of one). Puts
  // nothing before the whole element was read.
  virtual JsonError Element(std::string_view member, od::object element, uint32_t index,
                            bool& understood) = 0;
  // An element that is itself an array, of G1's lists; as Element().
  virtual JsonError Row(std::string_view, od::array, uint32_t, bool&) { return simdjson::SUCCESS; }
  // An element that is text; it is not counted.
  virtual void Text(std::string_view, std::string_view) {}
  // An element that is a number, true or false, as it is written. False: it counts as one
  // that was not understood.
  virtual bool Scalar(std::string_view, std::string_view) { return false; }
  // A member of the root object that is not an array.
  virtual JsonError Member(std::string_view, od::value) { return simdjson::SUCCESS; }
  // After the last element that could be read.
  virtual void Finish() {}
  // Whether a root object may itself be the only element ("followers_1.json" of one follower).
  virtual bool MayBeBare() const { return true; }
  // Whether the elements of the list that is the file are read member by member, as if each were a
  // root object (G1's messages.json): then they may be of any length, and EndEntry() tells where
  // one ends.
  virtual bool Deep() const { return false; }
  virtual void EndEntry() {}
  // Whether elements of this array member count as entries of the file.
  virtual bool Counts(std::string_view) const { return true; }
};

// Reads `file`. What is damaged is reported, the rest goes on. Errors: kUnavailable and kCancelled,
// of the file or the sink.
Result<account::FileCounts> ReadDataFile(DataFile& file, ElementReader& reader, Output& output);

}  // namespace valise::services::instagram
