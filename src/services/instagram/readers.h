// The readers of elements, one for each Reading of files.h.
//
// Thread safety: a reader belongs to the thread that reads the file, and to one file.
#pragma once

#include <memory>

#include "services/instagram/data_file.h"
#include "services/instagram/files.h"

namespace valise::services::instagram {

// posts.cc
std::unique_ptr<ElementReader> MakePostReader(std::string_view form, Output& output);
std::unique_ptr<ElementReader> MakeStoryReader(Output& output);
// profile.cc. `with_picture`: false when a list of all profile photos is read as well.
std::unique_ptr<ElementReader> MakeProfileReader(bool with_picture, Output& output);
std::unique_ptr<ElementReader> MakeProfilePhotoReader(Output& output);
std::unique_ptr<ElementReader> MakeSignupReader(Output& output);
// threads.cc. `folder` is the conversation's, `path` the file's.
std::unique_ptr<ElementReader> MakeThreadReader(std::string_view folder, Output& output);
std::unique_ptr<ElementReader> MakeReportedReader(Output& output);
// lists.cc
std::unique_ptr<ElementReader> MakeCommentReader(std::string_view list, Output& output);
std::unique_ptr<ElementReader> MakeLikeReader(std::string_view list, Output& output);
std::unique_ptr<ElementReader> MakeSavedReader(bool collections, Output& output);
std::unique_ptr<ElementReader> MakeConnectionReader(std::string_view relation, Output& output);

// activity.cc. `stem`: of the file's name.
std::unique_ptr<ElementReader> MakeActivityReader(std::string_view list, std::string_view stem,
                                                  Output& output);

// The files of G1, at the root of the archive: g1_media.cc, g1_messages.cc, g1_lists.cc.
std::unique_ptr<ElementReader> MakeG1MediaReader(Output& output);
std::unique_ptr<ElementReader> MakeG1ProfileReader(Output& output);
std::unique_ptr<ElementReader> MakeG1MessageReader(Output& output);
std::unique_ptr<ElementReader> MakeG1CommentReader(Output& output);
std::unique_ptr<ElementReader> MakeG1LikeReader(Output& output);
std::unique_ptr<ElementReader> MakeG1SavedReader(Output& output);
std::unique_ptr<ElementReader> MakeG1StickerReader(Output& output);
std::unique_ptr<ElementReader> MakeG1ConnectionReader(Output& output);
std::unique_ptr<ElementReader> MakeG1SearchReader(Output& output);
std::unique_ptr<ElementReader> MakeG1SettingReader(Output& output);
std::unique_ptr<ElementReader> MakeFlatReader(std::string_view list, Output& output);

}  // namespace valise::services::instagram
